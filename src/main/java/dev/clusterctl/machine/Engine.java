package dev.clusterctl.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the Docker engine's host is like, as far as containers with an init system care. */
final class Engine {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Engine() {}

  /**
   * The options that let systemd run in a container on this engine.
   *
   * @throws MachineException if no engine answers, or it can't run machines
   */
  static List<String> initOptions(DockerCli docker) throws MachineException {
    String answer =
        docker.check(
            "say what it is",
            DockerCli.SHORT,
            List.of("info", "--format", "{{.CgroupVersion}}|{{.OSType}}|{{.SecurityOptions}}"));
    String[] facts = answer.strip().split("\\|", 3);
    if (facts.length < 3 || !facts[1].equals("linux")) {
      throw new MachineException(
          "the Docker engine doesn't run Linux containers: " + answer.strip(),
          "clusterctl needs an engine on Linux.",
          null);
    }
    if (facts[2].contains("rootless")) {
      throw new MachineException(
          "the Docker engine is rootless: its containers have no addresses that can be reached",
          "Use an engine that runs as root (DOCKER_HOST=unix:///var/run/docker.sock).",
          null);
    }
    return initOptions(
        facts[0],
        facts[2].contains("name=apparmor"),
        Files.isRegularFile(CGROUPS.resolve("unified/cgroup.procs")));
  }

  /**
   * The same, from facts.
   *
   * @param cgroupVersion what the engine says: 2, or 1 also for hybrid hosts
   * @param appArmor whether containers get AppArmor's default profile, which forbids mounting
   * @param unified whether the host has version 2 beside version 1's controllers (hybrid)
   */
  static List<String> initOptions(String cgroupVersion, boolean appArmor, boolean unified)
      throws MachineException {
    String tree;
    if (cgroupVersion.equals("2")) {
      tree = "/sys/fs/cgroup";
    } else if (unified) {
      tree = "/sys/fs/cgroup/unified";
    } else {
      throw new MachineException(
          "this host has control groups of version 1 only, which current systemd doesn't run on",
          "Boot it with the kernel parameter systemd.unified_cgroup_hierarchy=1.",
          null);
    }
    // systemd must be able to write its part of the tree. In a private namespace Docker mounts the
    // tree read-only unless the container is privileged, which many hosts refuse.
    List<String> cgroups = List.of("--cgroupns=host", "--volume=" + tree + ":/sys/fs/cgroup:rw");
    return appArmor
        ? java.util.stream.Stream.concat(
                cgroups.stream(), java.util.stream.Stream.of("--security-opt=apparmor=unconfined"))
            .toList()
        : cgroups;
  }
}
