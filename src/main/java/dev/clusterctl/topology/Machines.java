package dev.clusterctl.topology;

import java.util.Optional;

/**
 * Where the machines come from.
 *
 * @param backend what Vagrant makes machines with; means nothing to the other providers
 * @param os what the packages are for and what the machines run
 * @param box Vagrant's box; present where Vagrant makes virtual machines, and only there
 * @param image a container image of the user's own; only where {@link #containers} are made. Empty:
 *     clusterctl makes one from the distribution's packages
 * @param memory megabytes of memory of each machine, 256 or more; a limit where the provider can
 *     set one
 * @param subnetPrefix length in bits of the network all addresses lie in, 8 to 30
 * @param mirror a Debian or Ubuntu mirror to build images from; empty: the machine's own apt
 *     configuration decides
 */
public record Machines(
    Provider provider,
    Backend backend,
    OperatingSystem os,
    Optional<String> box,
    Optional<String> image,
    int memory,
    int subnetPrefix,
    Optional<String> mirror) {

  /** Who makes the machines. */
  public enum Provider {
    /** Machines through Vagrant. */
    VAGRANT,
    /** Containers with an init system, made through the Docker engine. */
    DOCKER,
    /** Hosts that exist already. */
    SSH
  }

  /** What Vagrant makes machines with; Vagrant itself calls it a provider. */
  public enum Backend {
    /** VMs of VirtualBox, one after the other: it can't make several at a time. */
    VIRTUALBOX,
    /** VMs of KVM through libvirt, with the plugin vagrant-libvirt. */
    LIBVIRT,
    /** Containers with an init system. */
    DOCKER
  }

  /** Whether the machines are containers, made from an image. */
  public boolean containers() {
    return provider == Provider.DOCKER
        || (provider == Provider.VAGRANT && backend == Backend.DOCKER);
  }
}
