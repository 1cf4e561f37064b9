package dev.clusterctl.machine;

import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** VMs of VirtualBox. */
final class VirtualBoxBackend implements VagrantBackend {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+).*");
  private static final Pattern MEMORY = Pattern.compile("memory=([0-9]{1,9})");
  private static final List<Integer> FIRST_WITH_RANGES = List.of(6, 1, 28);

  private final Topology topology;

  VirtualBoxBackend(Topology topology) {
    this.topology = topology;
  }

  @Override
  public void verify() throws MachineException {
    HostProcess.Ended ended;
    try {
      ended = manage("--version");
    } catch (IOException e) {
      throw new MachineException(
          "VirtualBox isn't on this host: " + e.getMessage(),
          "Install it (https://www.virtualbox.org), or choose another machines.backend in %s:"
                  .formatted(topology.file())
              + " libvirt, or docker.",
          e);
    }
    String said = ended.last(8);
    if (!ended.ok() || said.contains("vboxdrv")) {
      throw new MachineException(
          "VirtualBox can't run machines here: " + said,
          "Its kernel module isn't loaded: sudo /sbin/vboxconfig, or sudo modprobe vboxdrv",
          null);
    }
    if (restricted(ended.lines())) {
      Optional<MachineException> objection = HostOnlyRanges.ofThisHost().objection(topology);
      if (objection.isPresent()) {
        throw objection.get();
      }
    }
  }

  /** Whether this VirtualBox refuses addresses; one that can't tell its version is taken to. */
  static boolean restricted(List<String> version) {
    for (String line : version) {
      Matcher m = VERSION.matcher(line.strip());
      if (m.matches()) {
        for (int i = 0; i < FIRST_WITH_RANGES.size(); i++) {
          int difference =
              Integer.compare(Integer.parseInt(m.group(i + 1)), FIRST_WITH_RANGES.get(i));
          if (difference != 0) {
            return difference > 0;
          }
        }
        return true;
      }
    }
    return true;
  }

  @Override
  public OptionalInt memory(String id) throws MachineException {
    try {
      return memoryIn(manage("showvminfo", id, "--machinereadable").lines());
    } catch (IOException e) {
      throw new MachineException("VirtualBox can't be asked: " + e.getMessage(), "", e);
    }
  }

  /** The same, from what VBoxManage prints. */
  static OptionalInt memoryIn(List<String> lines) {
    return lines.stream()
        .map(MEMORY::matcher)
        .filter(Matcher::matches)
        .mapToInt(m -> Integer.parseInt(m.group(1)))
        .findFirst();
  }

  private static HostProcess.Ended manage(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("VBoxManage");
    builder.command().addAll(List.of(arguments));
    try {
      return HostProcess.run(builder, LIMIT, line -> {});
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("VBoxManage was interrupted", e);
    }
  }
}
