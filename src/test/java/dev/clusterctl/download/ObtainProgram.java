package dev.clusterctl.download;

import dev.clusterctl.topology.Downloads;
import dev.clusterctl.topology.Packages.Deb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Downloads one file in a process of its own, which a test can kill. */
final class ObtainProgram {
  private ObtainProgram() {}

  public static void main(String[] args) throws Exception {
    Downloads downloads = new Downloads(Optional.empty(), Optional.of(Path.of(args[2])));
    new PackageStore(downloads, Path.of(args[1]), System.getenv())
        .obtain(new Deb(List.of(args[0]), Optional.empty()), System.out::println);
  }

  static Process start(String url, Path lockFile, Path caFile, Path cache) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ObtainProgram.class.getName(),
            url,
            lockFile.toString(),
            caFile.toString());
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    return builder.inheritIO().start();
  }
}
