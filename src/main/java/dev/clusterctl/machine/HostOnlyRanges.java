package dev.clusterctl.machine;

import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The networks in which VirtualBox gives its host addresses, from 6.1.28 on: 192.168.56.0/21, or
 * those in {@code /etc/vbox/networks.conf} instead where that file is there. VirtualBox's manual,
 * "Host-Only Networking"; Vagrant reads the file in the same way.
 *
 * @param ranges those of IPv4; the file may name some of IPv6, too
 */
record HostOnlyRanges(List<Subnet> ranges) {
  static final Path FILE = Path.of("/etc/vbox/networks.conf");

  private static final Subnet STANDARD = Subnet.parse("192.168.56.0/21");
  private static final Pattern IPV4 =
      Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|3[0-2])");
  private static final int WHOLE = 32;

  HostOnlyRanges {
    ranges = List.copyOf(ranges);
  }

  /** Those of this host, whether VirtualBox is on it or not. */
  static HostOnlyRanges ofThisHost() throws MachineException {
    return of(FILE);
  }

  /**
   * Those that a file allows; the standard one where there is no such file.
   *
   * @throws MachineException if it is there and can't be read
   */
  static HostOnlyRanges of(Path file) throws MachineException {
    try {
      return new HostOnlyRanges(
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> line.startsWith("*"))
              .flatMap(line -> Arrays.stream(line.substring(1).strip().split("\\s+")))
              .filter(range -> IPV4.matcher(range).matches())
              .map(Subnet::parse)
              .toList());
    } catch (NoSuchFileException e) {
      return new HostOnlyRanges(List.of(STANDARD));
    } catch (IOException | IllegalArgumentException e) {
      throw new MachineException(
          "VirtualBox's %s can't be read: %s".formatted(file, e.getMessage()),
          "Its lines look like this: * 192.168.56.0/21",
          e);
    }
  }

  boolean allow(IpAddress address) {
    Subnet one = Subnet.parse(address + "/" + WHOLE);
    return ranges.stream().anyMatch(range -> range.overlaps(one));
  }

  /** What is wrong with a topology's addresses, and the line to add; empty if nothing. */
  Optional<MachineException> objection(Topology topology) {
    List<String> outside =
        topology.allMachines().stream()
            .map(machine -> machine.address())
            .filter(address -> !allow(address))
            .map(IpAddress::toString)
            .toList();
    if (outside.isEmpty()) {
      return Optional.empty();
    }
    String network = topology.nodes().get(0).address().network(topology.machines().subnetPrefix());
    String allowed =
        ranges.isEmpty()
            ? "none"
            : ranges.stream().map(Subnet::toString).collect(Collectors.joining(", "));
    // The file's ranges count instead of the standard one, which others may rely on.
    boolean hasFile = !ranges.equals(List.of(STANDARD));
    String line = hasFile ? "* " + network : "* %s %s".formatted(STANDARD, network);
    return Optional.of(
        new MachineException(
            "VirtualBox from 6.1.28 on refuses %s: outside the networks that it allows (%s)"
                .formatted(String.join(", ", outside), allowed),
            "%s needs this line: %s (or choose addresses in 192.168.56.0/21)".formatted(FILE, line),
            null));
  }
}
