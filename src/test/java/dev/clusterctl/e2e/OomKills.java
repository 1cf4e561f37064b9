package dev.clusterctl.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How often the kernel killed something in a container because its memory was used up. */
final class OomKills {
  private static final Path TREE = Path.of("/sys/fs/cgroup");

  private OomKills() {}

  static long of(String container) throws IOException, InterruptedException {
    String pid = Host.docker("inspect", "--format={{.State.Pid}}", container);
    return Files.readAllLines(counters(Files.readAllLines(Path.of("/proc", pid, "cgroup"))))
        .stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.split(" ", 2)[1]))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the kernel doesn't count OOM kills"));
  }

  /** Version 1's controller where there is one, version 2's tree otherwise. */
  private static Path counters(List<String> groups) {
    for (String group : groups) {
      String[] parts = group.split(":", 3);
      if (parts[1].equals("memory")) {
        return Path.of(TREE + "/memory" + parts[2], "memory.oom_control");
      }
    }
    // The init system put itself into a group of its own below the container's.
    String path = groups.get(0).split(":", 3)[2].replaceFirst("/init\\.scope$", "");
    return Path.of(TREE + path, "memory.events");
  }
}
