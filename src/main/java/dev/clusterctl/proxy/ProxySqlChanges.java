package dev.clusterctl.proxy;

import java.util.List;

/**
 * What must be done for ProxySQL to be as it should.
 *
 * @param edits of tables in memory
 * @param activations the loads to run time and saves to disk that follow
 * @param restart whether ProxySQL must be started again after that for all of it to take effect
 */
public record ProxySqlChanges(
    List<AdminStatement> edits, List<AdminStatement> activations, boolean restart) {
  public ProxySqlChanges {
    edits = List.copyOf(edits);
    activations = List.copyOf(activations);
  }

  public boolean isEmpty() {
    return edits.isEmpty() && activations.isEmpty() && !restart;
  }

  /** For people, a line each: the edits, or where there are none what is loaded or saved. */
  public List<String> describe() {
    List<AdminStatement> shown = edits.isEmpty() ? activations : edits;
    List<String> lines = new java.util.ArrayList<>();
    shown.forEach(s -> lines.add(s.title()));
    if (restart) {
      lines.add("restart ProxySQL");
    }
    return List.copyOf(lines);
  }
}
