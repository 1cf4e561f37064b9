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
 * @param login how the machines are logged in to at first
 */
record ImageRecipe(
    OperatingSystem os, List<String> packages, Optional<String> mirror, Login login) {

  /** Who may log in to a machine that was just made. */
  enum Login {
    /** Nobody before a key was put in from outside, for root. */
    NOBODY,
    /**
     * The account {@code vagrant}, root by sudo, with the key that is public and the same in every
     * Vagrant box: Vagrant puts one of its own in its place at its first login.
     */
    VAGRANT
  }

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

  /** For every machine: a part of {@link #customize}. */
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

  /** Vagrant copies its own key in by scp. */
  private static final List<String> FOR_VAGRANT = List.of("openssh-client");

  /**
   * What Vagrant expects of every box. Its key, which everybody has, is what it logs in with at
   * first. Docker hands us no machine before its first start, so it makes its host keys by itself.
   */
  private static final String CUSTOMIZE_FOR_VAGRANT =
      """
      chroot "$root" useradd --create-home --shell /bin/bash vagrant
      printf '%s\\n' 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/vagrant"
      chmod 0440 "$root/etc/sudoers.d/vagrant"
      mkdir -m 0700 "$root/home/vagrant/.ssh"
      printf '%s\\n' 'ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key' \\
        >"$root/home/vagrant/.ssh/authorized_keys"
      chmod 0600 "$root/home/vagrant/.ssh/authorized_keys"
      chroot "$root" chown -R vagrant:vagrant /home/vagrant/.ssh
      mkdir -p "$root/etc/systemd/system/ssh.service.d"
      printf '%s\\n' '[Service]' 'ExecStartPre=' 'ExecStartPre=/usr/bin/ssh-keygen -A' \\
        'ExecStartPre=/usr/sbin/sshd -t' >"$root/etc/systemd/system/ssh.service.d/host-keys.conf"
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
    return of(topology, Login.NOBODY);
  }

  /** The same, for machines that Vagrant logs in to. */
  static ImageRecipe forVagrant(Topology topology) throws MachineException {
    return of(topology, Login.VAGRANT);
  }

  private static ImageRecipe of(Topology topology, Login login) throws MachineException {
    OperatingSystem os = topology.machines().os();
    if (!os.family().equals("debian")) {
      throw new MachineException(
          "clusterctl makes images of Debian only, not of " + os,
          "Name an image of your own in machines.image (with systemd and openssh-server), or use"
              + " machines.os: debian-sid.",
          null);
    }
    List<String> packages = new ArrayList<>(BASE);
    if (login == Login.VAGRANT) {
      packages.addAll(FOR_VAGRANT);
    }
    if (topology.mysql().packages().source() == Packages.Source.DISTRO) {
      packages.addAll(List.of("mysql-server", "mysql-client"));
    }
    Optional<Proxy> proxy = topology.proxy();
    if (proxy.isPresent()
        && proxy.get() instanceof Proxy.Router router
        && router.packages().source() == Packages.Source.DISTRO) {
      packages.add("mysql-router");
    }
    return new ImageRecipe(os, packages, topology.machines().mirror(), login);
  }

  /**
   * The image's name: {@code clusterctl/debian-sid:0123456789ab}, or {@code
   * clusterctl/debian-sid-vagrant:0123456789ab}.
   */
  String name() {
    return "clusterctl/" + os.label() + (login == Login.VAGRANT ? "-vagrant:" : ":") + hash();
  }

  /** Run by mmdebstrap with the new root directory as its argument, at the end. */
  private String customize() {
    return login == Login.VAGRANT ? CUSTOMIZE + CUSTOMIZE_FOR_VAGRANT : CUSTOMIZE;
  }

  /** Twelve hexadecimal digits that stand for all that the image is made of. */
  String hash() {
    List<String> parts = new ArrayList<>(List.of(os.codename(), customize()));
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
    words.add("--customize-hook=" + customize());
    words.add(os.codename());
    words.add("-");
    mirror.or(() -> hostsMirror).ifPresent(words::add);
    return words;
  }
}
