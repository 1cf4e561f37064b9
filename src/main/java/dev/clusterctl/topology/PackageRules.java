package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Rules for where the packages of the server and of the proxy come from. */
final class PackageRules {
  private final Section root;
  private final Problems problems;

  PackageRules(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  /** Each package file of a {@code mysql} or {@code proxy} section has a URL and a checksum. */
  void files(Section software) {
    software
        .section("packages")
        .ifPresent(packages -> packages.sections("debs").forEach(this::file));
  }

  private void file(Section deb) {
    if (!deb.has("url") && !deb.has("urls")) {
      problems.error(deb.at(), deb.path() + " has no 'url'", "add 'url': where the file is");
    }
    if (deb.has("url") && deb.has("urls")) {
      problems.error(
          deb.keyAt("urls"),
          deb.path() + " has both 'url' and 'urls'",
          "put all of them into urls, in the order in which to try them");
    }
    if (!deb.has("sha256")) {
      problems.warning(
          deb.at(),
          deb.path() + " has no 'sha256': what is downloaded can't be verified",
          "add the sum that `sha256sum FILE` prints");
    }
  }

  /** The section's source has MySQL's server of that series for the operating system. */
  void server(Section mysql, String series) {
    offered(mysql, mysql, "MySQL", series, Catalog::serverSeries);
  }

  /** Whether that is so; no, where source or operating system are missing or wrong. */
  boolean isServerOffered(Section mysql, String series) {
    Optional<Packages.Source> source = TopologyBuilder.packages(mysql).map(Packages::source);
    return os().isPresent()
        && source.isPresent()
        && Catalog.serverSeries(source.orElseThrow(), os().orElseThrow()).contains(series);
  }

  private Optional<OperatingSystem> os() {
    return root.sectionOrEmpty("machines").text("os").flatMap(OperatingSystem::of);
  }

  /**
   * The proxy's source has MySQL Router of that series for the operating system.
   *
   * @param mysql says where packages come from if the proxy doesn't
   */
  void router(Section proxy, Section mysql, String series) {
    offered(
        proxy,
        proxy.has("packages") ? proxy : mysql,
        "MySQL Router",
        series,
        Catalog::routerSeries);
  }

  private void offered(
      Section software,
      Section saysPackages,
      String product,
      String series,
      BiFunction<Packages.Source, OperatingSystem, List<String>> catalog) {
    Optional<OperatingSystem> os = os();
    Optional<Packages.Source> source = TopologyBuilder.packages(saysPackages).map(Packages::source);
    if (os.isEmpty() || source.isEmpty()) {
      return;
    }
    List<String> there = catalog.apply(source.orElseThrow(), os.orElseThrow());
    if (there.contains(series)) {
      return;
    }
    List<String> elsewhere = new ArrayList<>();
    if (!there.isEmpty()) {
      elsewhere.add("it has " + String.join(", ", there));
    }
    String sources =
        String.join(
            ", ",
            Arrays.stream(Packages.Source.values())
                .filter(s -> catalog.apply(s, os.orElseThrow()).contains(series))
                .map(Replication::label)
                .toList());
    elsewhere.add("packages that can give %s: %s".formatted(series, sources));
    problems.error(
        software.valueAt(software.has("packages") ? "packages" : "version"),
        "packages %s has no %s %s for %s"
            .formatted(Replication.label(source.orElseThrow()), product, series, os.orElseThrow()),
        String.join("; ", elsewhere));
  }
}
