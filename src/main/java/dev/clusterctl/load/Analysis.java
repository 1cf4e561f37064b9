package dev.clusterctl.load;

import dev.clusterctl.load.Finding.Severity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a dump once it has been read from end to end. */
public final class Analysis {
  private final List<Finding> findings;
  private final Totals totals;
  private final Set<String> replaced;
  private final Map<String, TableFix> fixes;

  /**
   * How much it is.
   *
   * @param bytes of the unpacked text
   * @param fileBytes of the file
   * @param statements all of them
   * @param tables that it makes
   * @param sha256 of the unpacked text, in hexadecimal
   */
  public record Totals(long bytes, long fileBytes, long statements, int tables, String sha256) {}

  Analysis(
      List<Finding> findings, Totals totals, Set<String> replaced, Map<String, TableFix> fixes) {
    this.findings = List.copyOf(findings);
    this.totals = totals;
    this.replaced = Set.copyOf(replaced);
    this.fixes = Map.copyOf(fixes);
  }

  /** All that was found, by line. */
  public List<Finding> findings() {
    return findings;
  }

  public Totals totals() {
    return totals;
  }

  /** The tables and views that are in the schema now, and which the dump removes. */
  public Set<String> replaced() {
    return replaced;
  }

  /** Whether it can be loaded: nothing that was found is an error. */
  public boolean fits() {
    return errors() == 0;
  }

  /** How many errors were found. */
  public long errors() {
    return findings.stream().filter(f -> f.severity() == Severity.ERROR).count();
  }

  /** What is to be changed about a table. */
  TableFix fix(String table) {
    return fixes.getOrDefault(table, TableFix.NONE);
  }
}
