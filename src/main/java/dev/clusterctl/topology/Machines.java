package dev.clusterctl.topology;

import java.util.Optional;

/**
 * Where the machines come from.
 *
 * @param os what the packages are for and what the machines run
 * @param box Vagrant's box; only with {@link Provider#VAGRANT}
 * @param image a container image of the user's own; only with {@link Provider#DOCKER}. Empty:
 *     clusterctl makes one from the distribution's packages
 * @param memory megabytes of memory of each machine, 256 or more; a limit where the provider can
 *     set one
 * @param subnetPrefix length in bits of the network all addresses lie in, 8 to 30
 * @param mirror a Debian or Ubuntu mirror to build images from; empty: the machine's own apt
 *     configuration decides
 */
public record Machines(
    Provider provider,
    OperatingSystem os,
    Optional<String> box,
    Optional<String> image,
    int memory,
    int subnetPrefix,
    Optional<String> mirror) {

  /** Who makes the machines. */
  public enum Provider {
    /** VMs through Vagrant. */
    VAGRANT,
    /** Containers with an init system, made through the Docker engine. */
    DOCKER,
    /** Hosts that exist already. */
    SSH
  }
}
