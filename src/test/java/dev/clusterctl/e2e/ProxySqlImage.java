package dev.clusterctl.e2e;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.machine.Providers;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image with MySQL and ProxySQL installed, as a user's own would be. */
final class ProxySqlImage {
  private static final String NAME = "clusterctl-test/proxysql:latest";
  private static final Pattern VERSION = Pattern.compile("version v?(\\d+\\.\\d+\\.\\d+)");

  private ProxySqlImage() {}

  static String version(Path binary) throws Exception {
    Matcher version =
        VERSION.matcher(Story.run(List.of(binary.toString(), "--version")).succeeded().text());
    if (!version.find()) {
      throw new IllegalStateException(binary + " doesn't tell its version");
    }
    return version.group(1);
  }

  /** The image's name; the engine keeps what it made before and is the same. */
  static String make(Path binary, Path directory) throws Exception {
    Path context = Files.createDirectory(directory.resolve("image"));
    Files.copy(binary, context.resolve("proxysql"));
    // As the packages have them, but for the fork: Restart is what 1.4 needs at times.
    Files.writeString(
        context.resolve("proxysql.service"),
        """
        [Unit]
        Description=ProxySQL
        After=network.target
        [Service]
        ExecStart=/usr/bin/proxysql -f --no-version-check -c /etc/proxysql.cnf -D /var/lib/proxysql
        Restart=always
        RestartSec=100ms
        [Install]
        WantedBy=multi-user.target
        """);
    Files.writeString(
        context.resolve("proxysql.cnf"),
        """
        datadir="/var/lib/proxysql"
        admin_variables={ admin_credentials="admin:admin" mysql_ifaces="0.0.0.0:6032" }
        mysql_variables={ threads=2 interfaces="0.0.0.0:6033" }
        """);
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM %s
        RUN apt-get update -qq \\
            && apt-get install -y -qq --no-install-recommends libgnutls30t64 libuuid1 libstdc++6 \\
            && rm -rf /var/lib/apt/lists/* && mkdir /var/lib/proxysql
        COPY proxysql /usr/bin/proxysql
        COPY proxysql.service /etc/systemd/system/
        COPY proxysql.cnf /etc/
        """
            .formatted(withMySql(directory)));
    Story.docker("build", "-q", "-t", NAME, context.toString()).succeeded();
    return NAME;
  }

  /** clusterctl's own image with MySQL. */
  private static String withMySql(Path directory) throws Exception {
    MachineProvider provider =
        Providers.of(
            TopologyReader.readText(
                    """
                    name: proxysql-image
                    machines: {provider: docker, os: debian-sid}
                    mysql: {version: 9.7, packages: distro}
                    replication: {type: group, mode: multi-primary}
                    nodes: [{name: db1, address: 10.99.43.11}]
                    databases: [{name: app, user: app}]
                    """,
                    directory.resolve("image.yaml"))
                .topology()
                .orElseThrow(),
            directory);
    String made = "";
    for (Step step : provider.creation()) {
      if (step.id().endsWith("/engine") || step.id().endsWith("/image")) {
        if (step.check() instanceof Step.Check.Differs) {
          step.apply(detail -> {});
        }
      }
    }
    for (String image :
        Story.docker("images", "-q", "--filter", "label=dev.clusterctl.recipe")
            .succeeded()
            .text()
            .lines()
            .toList()) {
      boolean hasMySql =
          Story.docker("run", "--rm", image, "test", "-x", "/usr/sbin/mysqld").status() == 0;
      boolean hasProxy =
          Story.docker("run", "--rm", image, "test", "-x", "/usr/bin/proxysql").status() == 0;
      if (made.isEmpty() && hasMySql && !hasProxy) {
        made = image;
      }
    }
    if (made.isEmpty()) {
      throw new IllegalStateException("the image with MySQL that was just made isn't there");
    }
    return made;
  }
}
