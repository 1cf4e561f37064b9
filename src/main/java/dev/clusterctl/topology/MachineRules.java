package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Rules for machines: names, addresses, memory, and what goes with which provider. */
final class MachineRules {
  private static final String CONTAINERS = Replication.label(Machines.Backend.DOCKER);

  private final Section root;
  private final Problems problems;

  MachineRules(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  void check(Optional<ServerVersion> version) {
    List<Section> machines = new ArrayList<>(root.sections("nodes"));
    root.section("proxy").ifPresent(machines::add);
    root.section("proxy").ifPresent(proxy -> machines.addAll(proxy.sections("more")));
    unique(
        machines,
        "name",
        (repeated, first) ->
            problems.error(
                repeated.at(),
                "machine name '%s' is taken already in line %d"
                    .formatted(repeated.value(), first.line()),
                "give each machine a name of its own"));
    unique(
        machines,
        "address",
        (repeated, first) ->
            problems.error(
                repeated.at(),
                "address %s is taken already in line %d".formatted(repeated.value(), first.line()),
                "give each machine an address of its own"));
    for (Section machine : machines) {
      if (machine.text("name").filter("localhost"::equals).isPresent()) {
        problems.error(
            machine.valueAt("name"),
            "on each machine 'localhost' is that machine itself",
            "give it another name");
      }
    }
    Section common = root.sectionOrEmpty("machines");
    Optional<Machines.Provider> provider =
        common
            .text("provider")
            .map(word -> TopologyBuilder.constant(Machines.Provider.class, word));
    provider.ifPresent(p -> provider(p, common, machines));
    common.whole("subnet-prefix").ifPresent(bits -> subnet(machines, bits.intValue(), provider));
    version.ifPresent(v -> memory(v, common));
  }

  /** Calls back for each machine whose value of a key another machine had before. */
  private static void unique(
      List<Section> machines, String key, BiConsumer<Located<String>, Position> repeated) {
    Map<String, Position> seen = new HashMap<>();
    for (Section machine : machines) {
      machine
          .text(key)
          .ifPresent(
              value -> {
                Position at = machine.valueAt(key);
                Position first = seen.putIfAbsent(value, at);
                if (first != null) {
                  repeated.accept(new Located<>(value, at), first);
                }
              });
    }
  }

  private void provider(Machines.Provider provider, Section common, List<Section> machines) {
    onlyWith(common, "backend", provider, Machines.Provider.VAGRANT);
    boolean containers = containers(provider, common);
    if (provider == Machines.Provider.VAGRANT) {
      boxOrImage(common, containers);
    } else {
      onlyWith(common, "box", provider, Machines.Provider.VAGRANT);
      onlyWith(common, "image", provider, Machines.Provider.DOCKER);
      onlyWith(common, "mirror", provider, Machines.Provider.DOCKER);
    }
    for (Section machine : machines) {
      onlyWith(machine, "ssh", provider, Machines.Provider.SSH);
      if (provider == Machines.Provider.SSH && !machine.has("ssh")) {
        problems.error(
            machine.at(),
            machine.path() + " has no 'ssh'",
            "with provider ssh add 'ssh: {identity-file: ~/.ssh/id_ed25519}', and host, port and"
                + " user where they differ from the address, 22 and root");
      }
    }
    if (containers && !common.has("image")) {
      root.section("mysql").ifPresent(this::imageForPreinstalled);
      root.section("proxy").ifPresent(this::imageForPreinstalled);
    }
  }

  private static boolean containers(Machines.Provider provider, Section common) {
    return provider == Machines.Provider.DOCKER
        || (provider == Machines.Provider.VAGRANT
            && common.text("backend").equals(Optional.of(CONTAINERS)));
  }

  /** Vagrant makes virtual machines from boxes, and containers from images. */
  private void boxOrImage(Section common, boolean containers) {
    Optional<String> backend = common.text("backend");
    if (backend.isEmpty()) {
      return; // Reported already; what goes with it can't be told.
    }
    for (String key : containers ? List.of("box") : List.of("image", "mirror")) {
      if (common.has(key)) {
        problems.error(
            common.keyAt(key),
            "'%s' doesn't go with backend %s".formatted(key, backend.get()),
            containers
                ? "remove it: containers are made from an image, clusterctl's own or the one in"
                    + " machines.image"
                : "remove it: machines are made from machines.box; images go with backend docker");
      }
    }
    if (!containers && !common.has("box")) {
      problems.error(
          common.at(),
          "machines has no 'box', from which Vagrant would make them with " + backend.get(),
          "add one such as 'box: bento/ubuntu-24.04', or set backend to docker");
    }
  }

  private void identityFile(Section ssh) {
    ssh.text("identity-file")
        .filter(text -> !SecretText.isPath(text))
        .ifPresent(
            text ->
                problems.error(
                    ssh.valueAt("identity-file"),
                    Wording.quote(text) + " can't be a path on this host",
                    "where it has letters beyond ASCII, set a UTF-8 locale such as C.UTF-8"));
  }

  private void imageForPreinstalled(Section software) {
    if (software.text("packages").filter("preinstalled"::equals).isPresent()) {
      problems.error(
          software.valueAt("packages"),
          "in containers nothing is preinstalled but what your own image holds",
          "add 'image: NAME' to machines, or let clusterctl install: distro, apt or debs");
    }
  }

  private void onlyWith(
      Section section, String key, Machines.Provider provider, Machines.Provider wanted) {
    if (section.has(key) && provider != wanted) {
      problems.error(
          section.keyAt(key),
          "'%s' goes with provider %s only, not with %s"
              .formatted(key, Replication.label(wanted), Replication.label(provider)),
          "remove it, or set machines.provider to " + Replication.label(wanted));
    }
  }

  private void subnet(List<Section> machines, int prefix, Optional<Machines.Provider> provider) {
    Optional<IpAddress> first =
        machines.stream()
            .flatMap(machine -> machine.text("address").stream())
            .map(IpAddress::new)
            .findFirst();
    for (Section machine : machines) {
      machine
          .text("address")
          .map(IpAddress::new)
          .ifPresent(
              address ->
                  address(
                      address,
                      machine.valueAt("address"),
                      first.orElseThrow(),
                      prefix,
                      provider.orElse(Machines.Provider.SSH)));
    }
  }

  private void address(
      IpAddress address, Position at, IpAddress first, int prefix, Machines.Provider provider) {
    long number = address.toLong();
    long hosts = (1L << (32 - prefix)) - 1;
    long host = number & hosts;
    String network = address.network(prefix);
    int firstOctet = (int) (number >>> 24);
    if (firstOctet == 0 || firstOctet == 127 || firstOctet >= 224) {
      problems.error(
          at,
          address + " can't be a machine's address",
          "loopback, multicast and reserved addresses are taken; use a private one such as"
              + " 192.168.56.11");
    } else if (!address.sharesSubnet(first, prefix)) {
      problems.error(
          at,
          "%s is outside %s, where %s is".formatted(address, first.network(prefix), first),
          "all machines are in one subnet; machines.subnet-prefix says how large it is");
    } else if (host == 0 || host == hosts) {
      problems.error(
          at,
          "%s is the %s address of %s"
              .formatted(address, host == 0 ? "network" : "broadcast", network),
          "use an address in between");
    } else if (host == 1 && provider != Machines.Provider.SSH) {
      problems.error(
          at,
          "%s is the gateway of %s, this host itself".formatted(address, network),
          "use a higher address");
    }
  }

  private void memory(ServerVersion version, Section common) {
    int least = Catalog.leastMemory(version);
    for (Section node : root.sections("nodes")) {
      Section says = node.has("memory") ? node : common;
      says.whole("memory")
          .filter(memory -> memory < least)
          .ifPresent(
              memory ->
                  problems.error(
                      says.valueAt("memory"),
                      "MySQL %s needs a machine of %d MB or more, not %d"
                          .formatted(version.series(), least, memory),
                      "set memory to %d or more".formatted(least)));
    }
  }
}
