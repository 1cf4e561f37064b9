package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.ServerVersion;
import java.util.List;
import java.util.Optional;

/**
 * What must hold between the values of a file, once each has the right shape. A rule whose values
 * are missing or wrong stays silent: that was reported where they were read.
 */
final class Rules {
  private final Section root;
  private final Problems problems;

  Rules(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  void check() {
    Optional<ServerVersion> version = version();
    new MachineRules(root, problems).check(version);
    new ServerRules(root, problems).check(version);
    root.section("proxy").ifPresent(proxy -> new ProxyRules(root, proxy, problems).check(version));
    new DatabaseRules(root.sections("databases"), problems).check();
  }

  private Optional<ServerVersion> version() {
    Optional<Section> mysql = root.section("mysql");
    Optional<Catalog.Resolution> resolution =
        mysql.flatMap(section -> section.text("version")).map(Catalog::resolve);
    resolution
        .filter(r -> r.version().isEmpty())
        .ifPresent(
            r ->
                problems.error(
                    mysql.orElseThrow().valueAt("version"), r.complaint(), "known: " + known()));
    return resolution.flatMap(Catalog.Resolution::version);
  }

  private static String known() {
    List<String> names = Catalog.series().stream().map(Catalog.Series::name).toList();
    return String.join(", ", names);
  }
}
