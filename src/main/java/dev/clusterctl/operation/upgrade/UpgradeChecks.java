package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What speaks against an upgrade: all of it at once, each with what to do. */
public final class UpgradeChecks {
  private final UpgradeFacts facts;
  private final Topology topology;
  private final ServerVersion target;
  private final boolean grouped;
  private final List<String> reasons = new ArrayList<>();

  private UpgradeChecks(UpgradeFacts facts) {
    this.facts = facts;
    this.topology = facts.topology();
    this.target = facts.target();
    this.grouped = topology.replication().hasGroup();
  }

  /** A line for each reason; empty where nothing speaks against it. */
  public static List<String> reasons(UpgradeFacts facts) {
    UpgradeChecks checks = new UpgradeChecks(facts);
    checks.all();
    return List.copyOf(checks.reasons);
  }

  private void all() {
    paths();
    twoVersions();
    facts.nodes().forEach(this::node);
    if (grouped) {
      stack();
    }
    accounts();
    options("mysql.options", topology.mysql().options().keySet());
    topology.nodes().forEach(n -> options("the options of " + n.name(), n.options().keySet()));
    facts.refusedTables().forEach(reasons::add);
  }

  private void paths() {
    for (ServerVersion from : facts.others()) {
      UpgradePath path = new UpgradePath(from, target);
      path.refusal()
          .or(() -> grouped ? path.groupRefusal() : Optional.empty())
          .ifPresent(refusal -> add("%s: %s", refusal.reason(), refusal.instead()));
    }
  }

  /** Manual: replication between more than two versions isn't supported. */
  private void twoVersions() {
    List<ServerVersion> others = facts.others();
    if (others.size() > 1) {
      add(
          "the nodes run %s, and with %s there would be more than two versions: clusterctl upgrade --to %s first",
          facts.othersInWords(), target, others.get(others.size() - 1));
    }
  }

  private void node(NodeState node) {
    if (node.half(topology.mysql()) || node.done(topology.mysql())) {
      return;
    }
    node.complaint().ifPresent(complaint -> add("%s", complaint));
    if (!node.prepared().isEmpty()) {
      add(
          "%s has transactions that were prepared (XA PREPARE) and wait for their end: %s; XA COMMIT or XA ROLLBACK them",
          node.node(), String.join(", ", node.prepared()));
    }
  }

  /** Members that talk in different ways don't find each other, and don't say why. */
  private void stack() {
    CommunicationStack wanted =
        Dialect.of(target).failover(topology.replication()).communicationStack();
    facts
        .stack()
        .filter(now -> now != wanted)
        .ifPresent(
            now ->
                add(
                    "the group's members talk by the communication stack %s and would by %s with MySQL %s, which not even one member at a time can change: set replication.failover.communication-stack: %s in cluster.yaml",
                    now, wanted, target, Replication.label(now)));
  }

  private void accounts() {
    Dialect dialect = Dialect.of(target);
    boolean off =
        dialect.has(Feature.NATIVE_PASSWORD_SWITCHED_OFF) && !topology.mysql().hasNativePasswords();
    if (facts.nativeAccounts().isEmpty() || (dialect.has(Feature.NATIVE_PASSWORD) && !off)) {
      return;
    }
    add(
        "MySQL %s lets nobody log in with mysql_native_password%s, and these accounts do: %s; clusterctl up changes its own and the databases' while the file has the old version, ALTER USER … IDENTIFIED WITH caching_sha2_password BY … the others",
        target,
        off ? " unless mysql.options has mysql_native_password: ON" : "",
        String.join(", ", facts.nativeAccounts()));
  }

  /** Those that a server refuses are found out by itself otherwise, once the old one is stopped. */
  private void options(String where, Set<String> names) {
    for (String name : names) {
      if (!name.startsWith("loose_") && Dialect.of(target).lacks(name)) {
        add("MySQL %s has no option %s, which %s has: remove it there", target, name, where);
      }
    }
  }

  /** What a person should know beforehand, though nothing speaks against it; a sentence each. */
  public static List<String> advice(UpgradeFacts facts) {
    Set<String> advice = new LinkedHashSet<>();
    ServerVersion target = facts.target();
    for (ServerVersion from : facts.others()) {
      UpgradePath path = new UpgradePath(from, target);
      advice.addAll(path.advice());
      if (!path.isDowngrade() && !from.sameSeries(target)) {
        advice.add(
            "there is no way back from %s to %s but a dump: take a backup first (clusterctl backup), and let MySQL Shell's util.checkForServerUpgrade() look at the data"
                .formatted(target, from));
      }
      if (facts.topology().replication().hasGroup()
          && facts.topology().replication().mode() == Mode.MULTI_PRIMARY
          && path.newerMembersOnlyRead()) {
        advice.add(
            "until the last node has %s, those that have it only read: one node takes all writes"
                .formatted(target));
      }
    }
    if (facts.nodes().size() == 1) {
      advice.add("a single node can't hand over: nobody takes writes while it is upgraded");
    }
    return List.copyOf(advice);
  }

  private void add(String format, Object... values) {
    reasons.add(format.formatted(values));
  }
}
