package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.PackageFiles;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.Packages.Deb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Rules for where the packages of the server and of the proxy come from. */
final class PackageRules {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~+%:=-]*\\.deb");

  private final Section root;
  private final Problems problems;

  PackageRules(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  /**
   * Each package file of a {@code mysql} or {@code proxy} section has a place and a name of its
   * own.
   */
  void files(Section software) {
    Map<String, Position> names = new HashMap<>();
    software
        .section("packages")
        .ifPresent(packages -> packages.sections("debs").forEach(deb -> file(deb, names)));
  }

  /**
   * Where a section says {@code debs} and names no files, clusterctl knows them.
   *
   * @param what the software: {@code MySQL 5.7.23}
   * @param known its files, as far as clusterctl knows them
   * @param versions which it knows
   */
  private void known(Section software, String what, List<Deb> known, String versions) {
    boolean named = software.section("packages").isPresent();
    Optional<OperatingSystem> os = os();
    if (named || !known.isEmpty() || os.isEmpty()) {
      return;
    }
    problems.error(
        software.valueAt(software.has("packages") ? "packages" : "version"),
        "clusterctl knows no package files of %s for %s".formatted(what, os.orElseThrow()),
        "name them: packages: {debs: [{url: https://…/NAME.deb}, …]}" + versions);
  }

  private void file(Section deb, Map<String, Position> names) {
    if (!deb.has("url") && !deb.has("urls")) {
      problems.error(deb.at(), deb.path() + " has no 'url'", "add 'url': where the file is");
    }
    if (deb.has("url") && deb.has("urls")) {
      problems.error(
          deb.keyAt("urls"),
          deb.path() + " has both 'url' and 'urls'",
          "put all of them into urls, in the order in which to try them");
    }
    Packages.Deb file = TopologyBuilder.deb(deb);
    if (file.urls().isEmpty()) {
      return;
    }
    Position at = deb.has("url") ? deb.valueAt("url") : deb.valueAt("urls");
    if (!FILE_NAME.matcher(file.fileName()).matches()) {
      problems.error(
          at,
          "%s doesn't end in the name of a package file"
              .formatted(Wording.quote(file.urls().get(0))),
          "put a place first that ends in NAME.deb: the file is kept under that name");
      return;
    }
    Position first = names.putIfAbsent(file.fileName(), at);
    if (first != null) {
      problems.error(
          at,
          "%s is there already in line %d".formatted(file.fileName(), first.line()),
          "put all places of one file into its urls");
    }
  }

  /** The section's source has that MySQL server for the operating system. */
  void server(Section mysql, ServerVersion version) {
    offered(mysql, mysql, "MySQL", version.series(), Catalog::serverSeries);
    if (source(mysql).equals(Optional.of(Packages.Source.DEBS))) {
      known(
          mysql,
          "MySQL " + version,
          os().map(os -> PackageFiles.server(version, os)).orElse(List.of()),
          "; known: " + PackageFiles.knownServers());
    }
  }

  /** The section's source has that ProxySQL for the operating system. */
  void proxySql(Section proxy, String version) {
    Optional<OperatingSystem> os = os();
    if (os.isPresent() && source(proxy).orElse(Packages.Source.DEBS) == Packages.Source.DEBS) {
      known(
          proxy,
          "ProxySQL " + version,
          PackageFiles.proxySql(version, os.orElseThrow()),
          PackageFiles.knownProxySqls(os.orElseThrow())
              .map(known -> "; known: " + known)
              .orElse(""));
    }
  }

  private static Optional<Packages.Source> source(Section software) {
    return TopologyBuilder.packages(software).map(Packages::source);
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
    Section says = proxy.has("packages") ? proxy : mysql;
    offered(proxy, says, "MySQL Router", series, Catalog::routerSeries);
    if (source(says).equals(Optional.of(Packages.Source.DEBS))) {
      known(proxy, "MySQL Router " + series, List.of(), "");
    }
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
