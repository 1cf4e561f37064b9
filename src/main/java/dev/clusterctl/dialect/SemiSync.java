package dev.clusterctl.dialect;

/**
 * The names of semi-synchronous replication's two plugins and their variables. Those with "source"
 * and "replica" came with 8.0.26 (manual: semisynchronous replication); a server may have either
 * generation loaded, never both.
 *
 * @param source {@code source} or {@code master}
 * @param replica {@code replica} or {@code slave}
 */
public record SemiSync(String source, String replica) {

  /** The plugin of the server that commits. */
  public String sourceLibrary() {
    return "semisync_" + source + ".so";
  }

  /** The plugin of the server that acknowledges. */
  public String replicaLibrary() {
    return "semisync_" + replica + ".so";
  }

  /** A variable of the plugin of the server that commits: {@code rpl_semi_sync_source_enabled}. */
  public String sourceVariable(String name) {
    return "rpl_semi_sync_" + source + "_" + name;
  }

  /** A variable of the plugin of the server that acknowledges. */
  public String replicaVariable(String name) {
    return "rpl_semi_sync_" + replica + "_" + name;
  }
}
