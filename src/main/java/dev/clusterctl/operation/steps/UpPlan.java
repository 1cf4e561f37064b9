package dev.clusterctl.operation.steps;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.LeaveGroup;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.ProvisionScript;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All steps from nothing to a cluster that a client gets through to. */
public final class UpPlan {
  private final Cluster cluster;
  private final Topology topology;
  private final List<Step> steps = new ArrayList<>();

  /** The step after which a machine knows the others by name, where there is one. */
  private final Map<NodeName, String> named = new HashMap<>();

  /** The steps after which the proxies so far run. */
  private final Set<String> proxiesRunning = new LinkedHashSet<>();

  private UpPlan(Cluster cluster) {
    this.cluster = cluster;
    this.topology = cluster.topology();
  }

  /**
   * The plan for a cluster.
   *
   * @param removal whether servers and machines that the file names no longer may be removed
   */
  public static Plan of(Cluster cluster, boolean removal) throws IOException {
    UpPlan plan = new UpPlan(cluster);
    Set<String> ready = plan.servers();
    boolean grouped = plan.topology.replication().hasGroup();
    Step writer =
        plan.add(
            grouped
                ? new GroupStep(cluster, removal, ready)
                : new SourceStep(cluster, removal, ready));
    Optional<Step> settings =
        grouped ? Optional.empty() : Optional.of(plan.add(new SettingsStep(cluster, ready)));
    Set<String> members = new LinkedHashSet<>();
    for (Node node : plan.topology.nodes()) {
      members.add(grouped ? plan.member(node, writer) : plan.replica(node, writer, settings));
    }
    // A replica that is empty beside a source that is, too, needs no copy of it: none is to get its
    // first data while that is being found out.
    Set<String> databasesNeed = new LinkedHashSet<>(Set.of(writer.id()));
    Set<String> clientNeeds = new LinkedHashSet<>();
    if (plan.topology.replication().isInnodbCluster()) {
      // MySQL Router's account is allowed single tables of it.
      Step schema = plan.add(new MetadataSchemaStep(cluster, Set.of(writer.id()), members));
      databasesNeed.add(schema.id());
      clientNeeds.add(plan.add(new MetadataStep(cluster, Set.of(schema.id()), members)).id());
    }
    Step databases =
        plan.add(new DatabasesStep(cluster, databasesNeed, grouped ? Set.of() : members));
    if (!grouped) {
      Set<String> proven = new LinkedHashSet<>(members);
      proven.add(databases.id());
      plan.add(new ProofStep(cluster, proven));
    }
    clientNeeds.add(databases.id());
    Set<String> logins = new LinkedHashSet<>(Set.of(databases.id()));
    plan.topology.proxies().forEach(p -> logins.add(MachineProvider.readyStep(p.name())));
    clientNeeds.add(plan.add(new PasswordsStep(cluster, logins)).id());
    if (grouped) {
      clientNeeds.add(plan.add(new SysHelpersStep(cluster, Set.of(databases.id()))).id());
    }
    Set<String> known = new LinkedHashSet<>(clientNeeds);
    Set<String> beforeLeaving = new LinkedHashSet<>(members);
    for (Proxy proxy : plan.topology.proxies()) {
      String served = plan.proxy(proxy, writer, databases, known, members);
      plan.proxiesRunning.add(served);
      clientNeeds.add(served);
      beforeLeaving.add(served);
    }
    for (Database database : plan.topology.databases()) {
      database
          .load()
          .ifPresent(
              file -> plan.add(new LoadStep(cluster, database, file, Set.of(databases.id()))));
    }
    Step client = plan.add(new ClientStep(cluster, clientNeeds, members));
    if (plan.topology.replication().isInnodbCluster() && plan.topology.proxy().isPresent()) {
      plan.add(new RouterProofStep(cluster, Set.of(client.id()), members));
    }
    Step leavers = plan.add(new LeaversStep(cluster, removal, Set.of(writer.id()), beforeLeaving));
    // Only then: what a node took over from one that left would be there twice until it has.
    plan.add(new OptionsStep(cluster, members, Set.of(leavers.id())));
    for (Step stray : cluster.provider().strayRemoval()) {
      plan.add(new StrayMachineStep(stray, removal, Set.of(leavers.id())));
    }
    return Plan.of(plan.steps, UpPlan::phase);
  }

  /** The part of the plan that ends with running servers, which nobody has given a role yet. */
  public static Plan servers(Cluster cluster) throws IOException {
    UpPlan plan = new UpPlan(cluster);
    plan.servers();
    return Plan.of(plan.steps, UpPlan::phase);
  }

  /**
   * What makes a running server with accounts out of a node's machine, in its order.
   *
   * @param start how long the server's start may take
   */
  static List<Step> serverOf(Cluster cluster, Node node, Duration start) {
    UpPlan plan = new UpPlan(cluster);
    plan.server(node, start);
    return List.copyOf(plan.steps);
  }

  /** All machines, and a server on each node; the ids of the last steps. */
  private Set<String> servers() throws IOException {
    steps.addAll(cluster.provider().creation());
    if (topology.replication().isInnodbCluster()) {
      for (Machine machine : topology.allMachines()) {
        named.put(
            machine.name(),
            HostNamesSteps.add(
                this::add, cluster, machine, MachineProvider.readyStep(machine.name())));
      }
    }
    Set<String> ready = new LinkedHashSet<>();
    for (Node node : topology.nodes()) {
      ready.add(server(node, ServerStep.START));
    }
    return ready;
  }

  /** The part of the whole that a step belongs to, for the summary. */
  private static String phase(Step step) {
    String name = step.id().substring(step.id().indexOf('/') + 1);
    return switch (name) {
      case "engine",
          "image",
          "network",
          "vagrant",
          "vagrantfile",
          "machines",
          "machine",
          "strays-removed" ->
          "machines";
      case "group",
          "member",
          "member-file",
          "options",
          "settings",
          "source",
          "seed",
          "replica",
          "proof",
          "leavers" ->
          "replication";
      case "metadata-schema", "metadata" -> "metadata";
      case "databases", "passwords", "sys-helpers" -> "databases";
      case "client", "router-proof" -> "client";
      default -> name.startsWith("proxy") ? "proxy" : name.startsWith("load-") ? "data" : "servers";
    };
  }

  static PackagesStep serverPackages(Cluster cluster, NodeName node) {
    return new PackagesStep(
        cluster.remote(node),
        cluster.packageStore(),
        cluster.topology().mysql().packages().debs(),
        lock -> ProvisionScript.mysql(cluster.topology(), lock),
        Set.of(MachineProvider.readyStep(node)));
  }

  static PackagesStep proxyPackages(Cluster cluster, Proxy proxy) {
    return new PackagesStep(
        cluster.remote(proxy.name()),
        cluster.packageStore(),
        proxy.packages().debs(),
        lock -> ProvisionScript.proxy(cluster.topology(), lock),
        Set.of(MachineProvider.readyStep(proxy.name())));
  }

  /** From a machine to a running server with accounts; the id of the last step. */
  private String server(Node node, Duration start) {
    Remote remote = cluster.remote(node.name());
    Step packages = add(serverPackages(cluster, node.name()));
    Step options = add(new OptionFileStep(cluster, node, Set.of(packages.id())));
    Set<String> beforeSettings = new LinkedHashSet<>(Set.of(packages.id()));
    if (!topology.replication().hasGroup()) {
      beforeSettings.addAll(guard(node, packages));
    }
    Optional.ofNullable(named.get(node.name())).ifPresent(beforeSettings::add);
    if (LeaveGroup.handsOver(topology)) {
      beforeSettings.add(
          add(new FileStep(
                  remote,
                  "leave-group",
                  "hands over before it stops",
                  () -> RemoteFile.of(LeaveGroup.PATH, LeaveGroup.sql(topology)),
                  Set.of(packages.id())))
              .id());
    }
    Step settings = add(new ServiceDropInStep(cluster, node, beforeSettings));
    Step data = add(new DataDirectoryStep(cluster, node, Set.of(options.id())));
    Step identity = add(new IdentityStep(cluster, node, Set.of(data.id())));
    Step server = add(new ServerStep(cluster, node, start, Set.of(identity.id(), settings.id())));
    return add(new LocalAccountsStep(cluster, node, Set.of(server.id()))).id();
  }

  /** The script that decides whether a source may take writes, and what it asks the others with. */
  private Set<String> guard(Node node, Step packages) {
    Remote remote = cluster.remote(node.name());
    Step script =
        add(
            new FileStep(
                remote,
                "role-guard",
                "role guard in place",
                () ->
                    RemoteFile.of(RoleGuard.PATH, RoleGuard.script(topology, node))
                        .withMode("0755"),
                Set.of(packages.id())));
    Step options =
        add(
            new SecretFileStep(
                remote,
                "role-guard-account",
                "role guard's account in place",
                () ->
                    RemoteFile.of(
                            RoleGuard.PEER_OPTIONS,
                            RoleGuard.peerOptions(
                                cluster.recovery().user(), cluster.recovery().password()))
                        .withMode("0600"),
                Set.of(packages.id())));
    return Set.of(script.id(), options.id());
  }

  private String replica(Node node, Step source, Optional<Step> settings) {
    Set<String> needs = new LinkedHashSet<>(Set.of(source.id(), node.name() + "/accounts"));
    settings.ifPresent(step -> needs.add(step.id()));
    Step seed = add(new SeedStep(cluster, node, needs));
    return add(new ReplicaStep(cluster, node, Set.of(seed.id()))).id();
  }

  private String member(Node node, Step group) {
    Step member = add(new MemberStep(cluster, node, Set.of(group.id(), node.name() + "/accounts")));
    return add(memberFile(cluster, node, Set.of(member.id()))).id();
  }

  static Step memberFile(Cluster cluster, Node node, Set<String> needs) {
    return new FileStep(
        cluster.remote(node.name()),
        "member-file",
        "rejoins at boot",
        () -> RemoteFile.of(MemberFile.PATH, MemberFile.content()),
        needs);
  }

  /** Clients are sent to a new node once it is a member, and to one that leaves no more. */
  private String proxy(
      Proxy proxy, Step writer, Step databases, Set<String> known, Set<String> members) {
    Step packages = add(proxyPackages(cluster, proxy));
    if (proxy instanceof Proxy.Router router && router.following().isPresent()) {
      return RouterSteps.addFollowing(
          this::add, cluster, router, packages, known, Set.copyOf(proxiesRunning));
    }
    if (proxy instanceof Proxy.Router router) {
      return RouterSteps.add(this::add, cluster, router, packages, writer, members);
    }
    return add(new ProxySqlStep(
            cluster, (Proxy.ProxySql) proxy, Set.of(packages.id(), databases.id()), members))
        .id();
  }

  private <S extends Step> S add(S step) {
    steps.add(step);
    return step;
  }
}
