package dev.clusterctl.render;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.FailoverSettings;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Packages;
import dev.clusterctl.topology.Packages.Deb;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The scripts that put programs on machines. Each is given to {@code bash -s -- check} or {@code
 * bash -s -- apply} on standard input, as root:
 *
 * <ul>
 *   <li>{@code check} changes nothing, prints what is missing, a line each, and exits with 0 if
 *       nothing is, {@value #SOMETHING_MISSING} if something is;
 *   <li>{@code files} changes nothing and prints the names of the package files, a line each, that
 *       {@code apply} would download: none that are in {@value #PACKAGES} already, verified;
 *   <li>{@code apply} does what is missing, and may run any number of times;
 *   <li>{@code outdated} changes nothing and prints the version that is installed, where it is not
 *       the one that is asked for;
 *   <li>{@code fetch} gets packages ready that put the version that is asked for in the place of
 *       another one; {@code upgrade} installs them, of a server that was stopped before;
 *   <li>any other exit status is an error, which standard error explains.
 * </ul>
 *
 * No service is started: its configuration comes first.
 */
public final class ProvisionScript {
  /** Where on a machine the script looks for package files before it downloads them. */
  public static final String PACKAGES = "/var/cache/clusterctl";

  /** Exit status of {@code check} where {@code apply} would do something. */
  public static final int SOMETHING_MISSING = 10;

  // MySQL's own package repository. Its key is taken only with this fingerprint, which the MySQL
  // manual names (2.1.4.2, "Signature Checking Using GnuPG", of 8.0, 8.4 and 9.x: A8D3785C). The
  // file
  // of 2025 is the key of 2023 with a later end, October 2027; that of 2023 ended in October 2025.
  private static final String APT_URL = "https://repo.mysql.com/apt/";
  private static final String APT_KEY_URL = "https://repo.mysql.com/RPM-GPG-KEY-mysql-2025";
  private static final String APT_KEY_FINGERPRINT = "BCA43417C3B485DD128EC6D4B7B3B788A8D3785C";

  private static final String ANYONE = "any";

  private ProvisionScript() {}

  /**
   * For the machines with a MySQL server: one script for all of them.
   *
   * @param lock has the sums of package files for which cluster.yaml gives none
   */
  public static String mysql(Topology topology, PackageLock lock) {
    Dialect dialect = Dialect.of(topology.mysql().version());
    FailoverSettings failover = dialect.failover(topology.replication());
    OperatingSystem os = topology.machines().os();
    List<String> rules = new ArrayList<>();
    if (topology.proxy().isPresent()) {
      topology.allMachines().forEach(m -> rules.add(m.address() + " " + MyCnf.PORT));
    } else {
      // Clients connect to the servers themselves, from where their accounts may.
      Machine first = topology.allMachines().get(0);
      rules.add(first.address().network(topology.machines().subnetPrefix()) + " " + MyCnf.PORT);
    }
    if (failover.communicationStack() == CommunicationStack.XCOM) {
      topology.nodes().forEach(n -> rules.add(n.address() + " " + MyCnf.XCOM_PORT));
    }
    String wanted =
        topology.mysql().series()
            ? topology.mysql().version().series()
            : topology.mysql().version().toString();
    return script(
        "provision-mysql.sh",
        List.of(
            variable("wanted_version", wanted),
            variable("os", os.label()),
            variable("packages", label(topology.mysql().packages())),
            debs(topology.mysql().packages(), lock),
            list("rules", rules)),
        repository(topology.mysql().packages(), os, dialect.aptComponent()));
  }

  /**
   * For the machine with the proxy.
   *
   * @param lock has the sums of package files for which cluster.yaml gives none
   * @throws IllegalArgumentException if the topology has none
   */
  public static String proxy(Topology topology, PackageLock lock) {
    Proxy proxy =
        topology
            .proxy()
            .orElseThrow(() -> new IllegalArgumentException(topology.name() + " has no proxy"));
    List<String> rules =
        Stream.concat(
                Stream.of(proxy.writePort(), proxy.readPort()),
                proxy instanceof Proxy.Router router
                    ? router.following().flatMap(Proxy.Following::splitPort).stream()
                    : Stream.empty())
            .distinct()
            .map(port -> ANYONE + " " + port)
            .toList();
    OperatingSystem os = topology.machines().os();
    List<String> variables =
        List.of(
            variable("wanted_version", proxy.version()),
            variable("os", os.label()),
            variable("packages", label(proxy.packages())),
            debs(proxy.packages(), lock),
            list("rules", rules));
    if (proxy instanceof Proxy.ProxySql) {
      return script("provision-proxysql.sh", variables, "");
    }
    return script(
        "provision-router.sh",
        variables,
        repository(proxy.packages(), os, routerComponents(proxy.version())));
  }

  /** The Router is beside the servers or among the tools, depending on the series. */
  private static String routerComponents(String version) {
    return Catalog.resolve(version)
            .version()
            .map(v -> Dialect.of(v).aptComponent() + " ")
            .orElse("")
        + "mysql-tools";
  }

  /** What is needed of MySQL's own repository; nothing, where packages don't come from there. */
  private static String repository(Packages packages, OperatingSystem os, String components) {
    return packages.source() == Packages.Source.APT
        ? "\n# ---- MySQL's own package repository ------------------------------------------------------------\n\n"
            + variable("apt_url", APT_URL + os.family())
            + variable("apt_suite", os.codename())
            + variable("apt_components", components)
            + variable("apt_key_url", APT_KEY_URL)
            + variable("apt_key_fingerprint", APT_KEY_FINGERPRINT)
            + resource("provision-apt.sh")
        : "";
  }

  private static String script(String body, List<String> variables, String repository) {
    return "#!/usr/bin/env bash\n"
        + Header.comment("#")
        + """
        #
        # bash -s -- check < THIS    prints what is missing; exit status 0: nothing, 10: something, else: error
        # bash -s -- files < THIS    prints which package files it would download
        # bash -s -- apply < THIS    does it
        # outdated, fetch and upgrade are for another version in the place of one: clusterctl upgrade
        set -euo pipefail

        # ---- What is asked for -------------------------------------------------------------------------

        """
        + String.join("", variables)
        + repository
        + resource(body)
        + resource("provision-common.sh");
  }

  private static String label(Packages packages) {
    return packages.source().name().toLowerCase(Locale.ROOT);
  }

  private static String debs(Packages packages, PackageLock lock) {
    return (packages.debs().isEmpty()
            ? ""
            : "# Package files in the order in which they need each other: name, SHA-256 sum (-: unknown yet),\n"
                + "# places to have it from.\n")
        + list("debs", packages.debs().stream().map(deb -> deb(deb, lock)).toList());
  }

  private static String deb(Deb deb, PackageLock lock) {
    return deb.fileName() + " " + lock.sha256(deb).orElse("-") + " " + String.join(" ", deb.urls());
  }

  private static String variable(String name, String value) {
    return name + "=" + quote(value) + "\n";
  }

  private static String list(String name, List<String> values) {
    StringBuilder text = new StringBuilder(name).append("=(");
    values.forEach(value -> text.append("\n  ").append(quote(value)));
    return text.append(values.isEmpty() ? ")\n" : "\n)\n").toString();
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static String resource(String name) {
    try (InputStream stream = ProvisionScript.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("this build of clusterctl lacks its file " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
