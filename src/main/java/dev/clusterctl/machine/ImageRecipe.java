package dev.clusterctl.machine;

import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a machine's image is made of: Debian packages, and a few changes that turn them into a
 * machine that starts fast and has no identity yet. Its name contains a hash of all that, so that
 * an image is made once and made anew exactly when something of it changes.
 *
 * @param os what the machines run
 * @param packages Debian packages, beside the essential ones
 * @param mirror where to have them from; empty: decided by the builder
 */
record ImageRecipe(OperatingSystem os, List<String> packages, Optional<String> mirror) {

  /** What every machine has. */
  private static final List<String> BASE =
      List.of(
          "systemd-sysv",
          "dbus",
          "openssh-server",
          "sudo",
          "iproute2",
          "iptables",
          "ca-certificates",
          "procps");

  /** Nobody reads these on such a machine; without them the image is made faster and is smaller. */
  private static final List<String> DPKG_OPTIONS =
      List.of(
          "path-exclude=/usr/share/man/*",
          "path-exclude=/usr/share/doc/*",
          "path-include=/usr/share/doc/*/copyright",
          "path-exclude=/usr/share/info/*",
          "path-exclude=/usr/share/locale/*",
          // Servers and containers alike: durable is what MySQL writes, not the installation.
          "force-unsafe-io");

  /**
   * A mirror may lag behind, or be a snapshot of the past; its signatures are checked all the same.
   */
  private static final List<String> APT_OPTIONS =
      List.of("Acquire::Check-Valid-Until \"false\"", "Acquire::Languages \"none\"");

  /** Run by mmdebstrap with the new root directory as its argument, at the end. */
  private static final String CUSTOMIZE =
      """
      set -eu
      root=$1
      # No identity: each machine gets its own.
      rm -f "$root"/etc/ssh/ssh_host_*
      : >"$root/etc/machine-id"
      rm -f "$root/var/lib/dbus/machine-id"
      # No server starts, and no data directory is there, before its option file is.
      for unit in mysql mysqlrouter; do
        if [ -e "$root/usr/lib/systemd/system/$unit.service" ] \\
            || [ -e "$root/lib/systemd/system/$unit.service" ]; then
          chroot "$root" systemctl --quiet disable "$unit.service"
        fi
      done
      if [ -d "$root/var/lib/mysql" ]; then
        find "$root/var/lib/mysql" -mindepth 1 -delete
      fi
      # What a container has no use for costs time at each start; apt's timers would also hold the
      # lock that provisioning waits for.
      for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \\
          e2scrub_all.timer fstrim.timer man-db.timer getty@tty1.service console-getty.service \\
          systemd-udevd.service systemd-udev-trigger.service systemd-networkd.service \\
          systemd-resolved.service systemd-timesyncd.service systemd-logind.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
      done
      mkdir -p "$root/etc/ssh/sshd_config.d"
      printf '%s\\n' 'PasswordAuthentication no' 'PermitRootLogin prohibit-password' \\
        'UseDNS no' >"$root/etc/ssh/sshd_config.d/10-clusterctl.conf"
      """;

  ImageRecipe {
    packages = List.copyOf(packages);
  }

  /**
   * The recipe for a topology's machines.
   *
   * @throws MachineException if images of that operating system can't be made
   */
  static ImageRecipe of(Topology topology) throws MachineException {
    OperatingSystem os = topology.machines().os();
    if (!os.family().equals("debian")) {
      throw new MachineException(
          "clusterctl makes images of Debian only, not of " + os,
          "Name an image of your own in machines.image (with systemd and openssh-server), or use"
              + " machines.os: debian-sid.",
          null);
    }
    List<String> packages = new ArrayList<>(BASE);
    if (topology.mysql().packages().source() == Packages.Source.DISTRO) {
      packages.addAll(List.of("mysql-server", "mysql-client"));
    }
    Optional<Proxy> proxy = topology.proxy();
    if (proxy.isPresent()
        && proxy.get() instanceof Proxy.Router router
        && router.packages().source() == Packages.Source.DISTRO) {
      packages.add("mysql-router");
    }
    return new ImageRecipe(os, packages, topology.machines().mirror());
  }

  /** The image's name: {@code clusterctl/debian-sid:0123456789ab}. */
  String name() {
    return "clusterctl/" + os.label() + ":" + hash();
  }

  /** Twelve hexadecimal digits that stand for all that the image is made of. */
  String hash() {
    List<String> parts = new ArrayList<>(List.of(os.codename(), CUSTOMIZE));
    parts.addAll(packages);
    parts.addAll(DPKG_OPTIONS);
    parts.addAll(APT_OPTIONS);
    parts.add(mirror.orElse(""));
    try {
      byte[] all = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(all))
          .substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The command that writes the image's files to standard output as a tar archive.
   *
   * @param hostsMirror the mirror to use where the recipe names none
   * @param hostsAptOptions further options for apt, such as the host's proxy: a file's path or an
   *     option
   */
  List<String> command(Optional<String> hostsMirror, List<String> hostsAptOptions) {
    List<String> words =
        new ArrayList<>(
            List.of(
                // When it fails or is told to end, mmdebstrap sends SIGHUP to its process group,
                // which
                // would be ours.
                "setsid", "mmdebstrap", "--variant=minbase", "--format=tar"));
    APT_OPTIONS.forEach(option -> words.add("--aptopt=" + option));
    hostsAptOptions.forEach(option -> words.add("--aptopt=" + option));
    DPKG_OPTIONS.forEach(option -> words.add("--dpkgopt=" + option));
    words.add("--include=" + String.join(",", packages));
    words.add("--customize-hook=" + CUSTOMIZE);
    words.add(os.codename());
    words.add("-");
    mirror.or(() -> hostsMirror).ifPresent(words::add);
    return words;
  }
}
