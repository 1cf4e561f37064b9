package dev.clusterctl.topology;

import java.util.Arrays;
import java.util.Optional;

/** The operating systems whose packages clusterctl knows, named as in cluster.yaml. */
public enum OperatingSystem {
  UBUNTU_16_04("ubuntu-16.04", "ubuntu", "xenial"),
  UBUNTU_18_04("ubuntu-18.04", "ubuntu", "bionic"),
  UBUNTU_20_04("ubuntu-20.04", "ubuntu", "focal"),
  UBUNTU_22_04("ubuntu-22.04", "ubuntu", "jammy"),
  UBUNTU_24_04("ubuntu-24.04", "ubuntu", "noble"),
  DEBIAN_11("debian-11", "debian", "bullseye"),
  DEBIAN_12("debian-12", "debian", "bookworm"),
  DEBIAN_13("debian-13", "debian", "trixie"),
  DEBIAN_SID("debian-sid", "debian", "sid");

  private final String label;
  private final String family;
  private final String codename;

  OperatingSystem(String label, String family, String codename) {
    this.label = label;
    this.family = family;
    this.codename = codename;
  }

  /** The name in cluster.yaml. */
  public String label() {
    return label;
  }

  /** {@code ubuntu} or {@code debian}: the ID in /etc/os-release. */
  public String family() {
    return family;
  }

  /** The release's code name, as its package archive calls it. */
  public String codename() {
    return codename;
  }

  /** The operating system of that name in cluster.yaml. */
  public static Optional<OperatingSystem> of(String label) {
    return Arrays.stream(values()).filter(os -> os.label.equals(label)).findFirst();
  }

  @Override
  public String toString() {
    return label;
  }
}
