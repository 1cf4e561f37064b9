package dev.clusterctl.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What Vagrant's failures mean, and what to do about them. */
final class VagrantFailure {
  private static final String INSTALL =
      "Install it: apt-get install --no-install-recommends vagrant (Debian), or from"
          + " https://developer.hashicorp.com/vagrant/install; or set machines.provider to docker.";

  private static final int SHOWN_LINES = 12;

  /**
   * A failure that is known.
   *
   * @param signs what Vagrant or its backend says then; one of them is enough
   * @param advice what to do, a format with the cluster.yaml as its first argument and Vagrant's
   *     directory as the second
   */
  private record Known(List<String> signs, String advice) {
    boolean meant(String said) {
      return signs.stream().anyMatch(said::contains);
    }
  }

  /** The first that fits counts: what is more special comes first. */
  private static final List<Known> KNOWN =
      List.of(
          new Known(
              List.of(
                  "could not be found or could not be accessed in the remote catalog",
                  "An error occurred while downloading the remote file",
                  "does not support the provider you requested",
                  "box you're attempting to add doesn't support the provider"),
              "The box can't be had from here. Check machines.box in %1$s; where this host has no"
                  + " network, bring the box as a file: vagrant box add --name NAME FILE"),
          new Known(
              List.of("The provider 'libvirt' could not be found"),
              "Install the plugin: apt-get install --no-install-recommends vagrant-libvirt"
                  + " libvirt-daemon-system qemu-system-x86, or vagrant plugin install"
                  + " vagrant-libvirt; or choose another machines.backend in %1$s."),
          new Known(
              List.of("Error while connecting to Libvirt", "Call to virConnectOpen failed"),
              "Start libvirt (sudo systemctl start libvirtd), and join its group: sudo usermod -aG"
                  + " libvirt $USER, then log in again."),
          new Known(
              List.of(
                  "isn't usable on this system",
                  "could not detect VirtualBox",
                  "VBoxManage\" command"),
              "Install what machines.backend in %1$s asks for, or choose another: virtualbox,"
                  + " libvirt or docker."),
          new Known(
              List.of("VT-x is not available", "AMD-V is not available", "VERR_VMX", "VERR_SVM"),
              "The processor's virtualisation is switched off, or taken by another hypervisor:"
                  + " switch it on in the firmware, or set machines.backend to docker in %1$s."),
          new Known(
              List.of("not within the allowed ranges"),
              "Allow the network in /etc/vbox/networks.conf, or choose addresses in 192.168.56.0/21"
                  + " in %1$s (docs/vagrant.md)."),
          new Known(
              List.of("Timed out while waiting for the machine to boot"),
              "The machine was started but doesn't answer over SSH. Look at its console (vb.gui ="
                  + " true in %2$s/Vagrantfile, or virsh console); more memory or a less busy host"
                  + " may help. Then clusterctl up again: it goes on with the same machine."),
          new Known(
              List.of("An active machine was found with a different provider"),
              "These machines were made with another machines.backend: put it back in %1$s, or"
                  + " clusterctl down before it is changed."),
          new Known(
              List.of("already exists. Please use another name", "domain is already taken"),
              "A machine of that name exists that isn't this cluster's: rename or remove it, or"
                  + " choose other names in %1$s."),
          new Known(
              List.of(
                  "Address already in use",
                  "collides with",
                  "Pool overlaps with other one",
                  "is already in use by another"),
              "Something else has one of the machines' addresses, or the network: take that away,"
                  + " or choose other addresses in %1$s."),
          new Known(
              List.of("pull access denied", "Unable to find image", "manifest unknown"),
              "The image is not on this host: clusterctl up makes clusterctl's own; yours is"
                  + " machines.image in %1$s."),
          new Known(
              List.of("No space left on device"), "The disk is full: df -h; vagrant box prune"));

  private VagrantFailure() {}

  /**
   * Vagrant ran and failed.
   *
   * @param what it was to do: "make the machines"
   */
  static MachineException of(String what, VagrantCli.Outcome outcome, Path file, Path directory) {
    String said = outcome.why();
    String oneLine = said.replaceAll("\\s+", " ");
    String advice =
        KNOWN.stream()
            .filter(known -> known.meant(oneLine))
            .findFirst()
            .map(known -> known.advice().formatted(file, directory))
            .orElse("Try it by hand: cd %s && vagrant status".formatted(directory));
    return new MachineException(
        "Vagrant can't %s (exit status %d): %s".formatted(what, outcome.status(), readable(said)),
        advice,
        null);
  }

  static MachineException absent(IOException cause) {
    return new MachineException(
        "the vagrant command can't be run: " + cause.getMessage(), INSTALL, cause);
  }

  static MachineException broken(HostProcess.Ended ended) {
    return new MachineException(
        "Vagrant doesn't work: vagrant --version ended with exit status %d:\n%s"
            .formatted(ended.status(), ended.last(8)),
        "Mend or replace it: apt-get install --reinstall vagrant. Plugins of another Vagrant are"
            + " often the cause: vagrant plugin expunge",
        null);
  }

  static MachineException tooOld(String version, String least) {
    return new MachineException(
        "this Vagrant is %s; clusterctl needs %s or newer".formatted(version, least),
        INSTALL,
        null);
  }

  /** Without the command lines that Vagrant repeats, which are longer than all the rest. */
  private static String readable(String said) {
    List<String> lines =
        said.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("Command: "))
            .toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - SHOWN_LINES))
        .collect(Collectors.joining("\n"));
  }
}
