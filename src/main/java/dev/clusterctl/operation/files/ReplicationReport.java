package dev.clusterctl.operation.files;

import dev.clusterctl.operation.JUnitXml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a test with files found.
 *
 * @param clients where they were uploaded
 * @param files how many
 * @param bytes of all together
 * @param upload how long uploading them took, to the last acknowledgement
 * @param deleted how many were deleted afterwards
 * @param nodes one for each node
 */
public record ReplicationReport(
    String clients, int files, long bytes, Duration upload, int deleted, List<OnNode> nodes) {
  private static final double MEGABYTE = 1e6;

  public ReplicationReport {
    nodes = List.copyOf(nodes);
  }

  /**
   * What was found on a node.
   *
   * @param lag the longest time from a file's acknowledgement until it was seen here
   * @param read how long reading all files back took
   * @param differences files that aren't what was uploaded
   * @param leftOver why what is left after deleting isn't what should be; empty: it is
   */
  public record OnNode(
      String node, Duration lag, Duration read, List<String> differences, List<String> leftOver) {
    public OnNode {
      differences = List.copyOf(differences);
      leftOver = List.copyOf(leftOver);
    }
  }

  /** Whether every node had every byte, and only what wasn't deleted is left. */
  public boolean passed() {
    return checks().stream().allMatch(JUnitXml.Case::passed);
  }

  private List<JUnitXml.Case> checks() {
    List<JUnitXml.Case> checks = new ArrayList<>();
    for (OnNode node : nodes) {
      checks.add(
          new JUnitXml.Case(
              "%s has all %d files, byte for byte".formatted(node.node(), files),
              node.differences().isEmpty(),
              String.join("; ", node.differences()),
              List.of()));
      checks.add(
          new JUnitXml.Case(
              "%s has the %d files that are left, and nothing else"
                  .formatted(node.node(), files - deleted),
              node.leftOver().isEmpty(),
              String.join("; ", node.leftOver()),
              List.of()));
    }
    return checks;
  }

  /** For people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d files, %.1f MB, uploaded at %s in %.1f s: %.1f MB/s"
            .formatted(files, bytes / MEGABYTE, clients, seconds(upload), rate(upload)));
    for (OnNode node : nodes) {
      lines.add(
          "%s: the last byte of a file arrived within %.2f s; read back at %.1f MB/s"
              .formatted(node.node(), seconds(node.lag()), rate(node.read())));
    }
    for (JUnitXml.Case check : checks()) {
      lines.add(
          check.passed()
              ? "✓ " + check.name()
              : "✗ %s: %s".formatted(check.name(), check.detail()));
    }
    lines.add(passed() ? "passed" : "not passed");
    return lines;
  }

  private static double seconds(Duration d) {
    return d.toMillis() / 1000.0;
  }

  private double rate(Duration d) {
    return bytes / MEGABYTE / Math.max(0.001, seconds(d));
  }

  /** For programs. */
  public Map<String, Object> data() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("passed", passed());
    json.put("clients", clients);
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("deleted", deleted);
    json.put("uploadMillis", upload.toMillis());
    json.put("uploadMegabytesPerSecond", rounded(rate(upload)));
    json.put("nodes", nodes.stream().map(this::json).toList());
    return json;
  }

  private Map<String, Object> json(OnNode node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node.node());
    json.put("lagMillis", node.lag().toMillis());
    json.put("readMillis", node.read().toMillis());
    json.put("readMegabytesPerSecond", rounded(rate(node.read())));
    json.put("differences", node.differences());
    json.put("leftOver", node.leftOver());
    return json;
  }

  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.1f", value));
  }

  /** For CI servers: a test suite of which each check is a test case. */
  public String junitXml() {
    return JUnitXml.of("replication-test", upload, checks(), String.join("\n", lines()));
  }
}
