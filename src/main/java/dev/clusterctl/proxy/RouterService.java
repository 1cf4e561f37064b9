package dev.clusterctl.proxy;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How MySQL Router does on its machine.
 *
 * @param version as {@code mysqlrouter --version} says it ({@code 9.7.4}); empty where it isn't
 *     installed
 * @param service what {@code systemctl is-active} says: {@code active}, {@code failed}, …
 * @param silentPorts those of the ports asked for at which nobody listens
 */
public record RouterService(Optional<String> version, String service, Set<Integer> silentPorts) {
  private static final Pattern VERSION = Pattern.compile("\\bVer\\s+(\\d+\\.\\d+\\.\\d+)");
  private static final String SEPARATOR = "---";

  public RouterService {
    silentPorts = Set.copyOf(silentPorts);
  }

  /** Whether it runs and listens everywhere. */
  public boolean isHealthy() {
    return version.isPresent() && service.equals("active") && silentPorts.isEmpty();
  }

  /**
   * Looks, in one round trip.
   *
   * @param unit the service's name, {@code mysqlrouter} or {@code mysqlrouter.service}
   * @param ports where clients connect
   * @throws RemoteException if the machine can't be asked, or what it says can't be read
   */
  public static RouterService read(Remote remote, String unit, Set<Integer> ports)
      throws RemoteException {
    // is-active's own exit status says the same as its word, and isn't a failure of ours.
    String out =
        remote.check(
            Command.shell(
                "look at MySQL Router",
                """
                if command -v mysqlrouter >/dev/null; then mysqlrouter --version; fi
                echo %1$s
                systemctl is-active %2$s || true
                echo %1$s
                ss -Hltn
                """
                    .formatted(SEPARATOR, Command.quote(unit))));
    return parse(remote.machine(), out, ports);
  }

  static RouterService parse(String machine, String out, Set<Integer> ports)
      throws RemoteException {
    String[] parts = out.split("(?m)^" + SEPARATOR + "$", -1);
    Matcher version = VERSION.matcher(parts[0]);
    boolean known = version.find();
    if (parts.length != 3 || (!parts[0].isBlank() && !known)) {
      throw new RemoteException(
          RemoteException.Kind.COMMAND,
          machine + ": can't read what it says about MySQL Router",
          out.lines().toList(),
          "",
          null);
    }
    Set<Integer> silent = new TreeSet<>(ports);
    for (String line : parts[2].lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      if (words.size() >= 4) {
        String local = words.get(3);
        silent.removeIf(port -> local.endsWith(":" + port));
      }
    }
    return new RouterService(
        known ? Optional.of(version.group(1)) : Optional.empty(), parts[1].strip(), silent);
  }
}
