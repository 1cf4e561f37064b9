package dev.clusterctl.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** VMs of KVM through libvirt. Whether the plugin is there, Vagrant itself says soonest. */
final class LibvirtBackend implements VagrantBackend {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern MEMORY = Pattern.compile("Max memory:\\s+([0-9]{1,12}) KiB");
  private static final int KIBIBYTES = 1024;

  @Override
  public void verify() {
    // Nothing that Vagrant's own call, right after this, wouldn't tell better.
  }

  @Override
  public OptionalInt memory(String id) {
    ProcessBuilder builder =
        new ProcessBuilder("virsh", "--connect", "qemu:///system", "dominfo", id);
    builder.environment().put("LC_ALL", "C");
    try {
      return memoryIn(HostProcess.run(builder, LIMIT, line -> {}).lines());
    } catch (IOException | TimeoutException e) {
      // Vagrant's plugin needs no virsh, so it may well not be there.
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /** The same, from what virsh prints. */
  static OptionalInt memoryIn(List<String> lines) {
    return lines.stream()
        .map(line -> MEMORY.matcher(line.strip()))
        .filter(Matcher::matches)
        .mapToInt(m -> Math.toIntExact(Long.parseLong(m.group(1)) / KIBIBYTES))
        .findFirst();
  }
}
