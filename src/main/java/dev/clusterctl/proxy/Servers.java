package dev.clusterctl.proxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The servers that {@code mysql_servers} should have. ProxySQL itself moves them from hostgroup to
 * hostgroup, so it's right as long as each is in any of ours, and among the readers where the
 * placement says so.
 *
 * @param addresses of the servers: {@code host} and {@code port}
 * @param hostgroups the numbers that belong to the cluster
 * @param placement what of that the monitor doesn't see to by itself
 * @param useSsl whether ProxySQL talks TLS to them
 */
record Servers(
    List<Address> addresses, Set<Integer> hostgroups, Placement placement, boolean useSsl) {
  private static final String TABLE = "mysql_servers";

  /**
   * @throws IllegalArgumentException if a port isn't 1 to 65535: ProxySQL 1.4 accepts larger ones,
   *     and crashes
   */
  Servers {
    addresses = List.copyOf(addresses);
    hostgroups = Set.copyOf(hostgroups);
    addresses.forEach(a -> Ports.check(a.port()));
  }

  /** Where a server belongs. */
  sealed interface Placement {
    /** Where a server goes that ProxySQL doesn't know yet. */
    int initial();

    /** The hostgroups' definition says everything, and the monitor follows it. */
    record LeftToMonitor(int initial) implements Placement {}

    /**
     * Watched by {@code read_only}: the monitor makes a server that takes writes a writer, but
     * leaves one that is a writer already as it is, so that writers alone would leave the readers'
     * hostgroup empty. A server that ProxySQL doesn't know is a reader until the monitor has seen
     * that it takes writes: no write is ever sent to one that refuses it.
     *
     * @param writersToo whether a writer stays among the readers
     */
    record ByReadOnly(int writer, int reader, boolean writersToo) implements Placement {
      @Override
      public int initial() {
        return reader;
      }

      boolean isMetBy(Set<Integer> places) {
        return writersToo ? places.contains(reader) : !places.containsAll(Set.of(writer, reader));
      }

      Set<Integer> corrected(Set<Integer> places) {
        Set<Integer> corrected = new LinkedHashSet<>(places);
        if (writersToo) {
          corrected.add(reader);
        } else if (places.contains(writer)) {
          corrected.remove(reader);
        }
        return corrected;
      }
    }
  }

  /** Where a server listens. One that was found in a table may have an impossible port. */
  record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  boolean isMet(Layer layer, List<Map<String, String>> actual) {
    Set<Address> found = new LinkedHashSet<>();
    for (Map<String, String> row : actual) {
      if (isOurs(row)) {
        boolean going = layer == Layer.RUNTIME && "OFFLINE_HARD".equals(row.get("status"));
        boolean wanted = isWanted(row);
        if (!wanted && !going) {
          return false;
        }
        if (wanted && !attributes().equals(chosen(row))) {
          return false;
        }
        found.add(address(row));
      }
    }
    return found.containsAll(addresses)
        && (!(placement instanceof Placement.ByReadOnly byReadOnly)
            || addresses.stream().allMatch(a -> byReadOnly.isMetBy(placesOf(a, actual))));
  }

  /**
   * What must be edited in memory before it's loaded: rows of servers that are no longer wanted go,
   * and each server is put where it is at run time, as loading an older arrangement would make
   * writer again what no longer is one.
   */
  List<AdminStatement> edits(List<Map<String, String>> memory, List<Map<String, String>> runtime) {
    List<AdminStatement> edits = new ArrayList<>();
    Set<Map<String, String>> wanted = new LinkedHashSet<>();
    for (Address address : addresses) {
      Set<Integer> known = placesOf(address, runtime);
      Set<Integer> places = known.isEmpty() ? Set.of(placement.initial()) : known;
      if (placement instanceof Placement.ByReadOnly byReadOnly) {
        places = byReadOnly.corrected(places);
      }
      for (int place : places) {
        wanted.add(key(place, address));
      }
    }
    Set<Map<String, String>> found = new LinkedHashSet<>();
    for (Map<String, String> row : memory) {
      if (isOurs(row)) {
        Map<String, String> key = key(hostgroup(row), address(row));
        if (!wanted.contains(key)) {
          edits.add(
              new AdminStatement(
                  "mysql_servers: remove %s from hostgroup %d"
                      .formatted(address(row), hostgroup(row)),
                  Sqlite.delete(TABLE, key)));
        } else {
          found.add(key);
          if (!attributes().equals(chosen(row))) {
            edits.add(
                new AdminStatement(
                    "mysql_servers: %s: set %s".formatted(address(row), attributes()),
                    Sqlite.update(TABLE, attributes(), key)));
          }
        }
      }
    }
    for (Map<String, String> key : wanted) {
      if (!found.contains(key)) {
        Map<String, String> row = new LinkedHashMap<>(key);
        row.putAll(attributes());
        edits.add(
            new AdminStatement(
                "mysql_servers: add %s:%s to hostgroup %s"
                    .formatted(key.get("hostname"), key.get("port"), key.get("hostgroup_id")),
                Sqlite.insert(TABLE, row)));
      }
    }
    return edits;
  }

  private Set<Integer> placesOf(Address address, List<Map<String, String>> runtime) {
    Set<Integer> places = new LinkedHashSet<>();
    for (Map<String, String> row : runtime) {
      if (hostgroups.contains(hostgroup(row))
          && address(row).equals(address)
          && !"OFFLINE_HARD".equals(row.get("status"))) {
        places.add(hostgroup(row));
      }
    }
    return places;
  }

  private boolean isOurs(Map<String, String> row) {
    return hostgroups.contains(hostgroup(row)) || ProxySqlDesired.MARK.equals(row.get("comment"));
  }

  private boolean isWanted(Map<String, String> row) {
    return hostgroups.contains(hostgroup(row)) && addresses.contains(address(row));
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("use_ssl", useSsl ? "1" : "0");
    attributes.put("comment", ProxySqlDesired.MARK);
    return attributes;
  }

  private Map<String, String> chosen(Map<String, String> row) {
    Map<String, String> chosen = new LinkedHashMap<>(row);
    chosen.keySet().retainAll(attributes().keySet());
    return chosen;
  }

  private static Map<String, String> key(int hostgroup, Address address) {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("hostgroup_id", Integer.toString(hostgroup));
    key.put("hostname", address.host());
    key.put("port", Integer.toString(address.port()));
    return key;
  }

  private static int hostgroup(Map<String, String> row) {
    return Integer.parseInt(row.getOrDefault("hostgroup_id", "-1"));
  }

  private static Address address(Map<String, String> row) {
    return new Address(
        row.getOrDefault("hostname", ""), Integer.parseInt(row.getOrDefault("port", "0")));
  }
}
