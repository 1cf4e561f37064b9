package dev.clusterctl.render;

/**
 * How much of a machine's memory the server may use for what.
 *
 * <p>The machine holds the server and little else. In a group, what costs most on a small machine
 * is not InnoDB's buffer pool but Group Replication's message cache and performance_schema: 9.7
 * with its defaults was 546 MB resident, sized as in the first row 246 MB.
 *
 * <table>
 *   <caption>By memory of the machine</caption>
 *   <tr><th>MB</th><th>buffer pool</th><th>connections</th><th>open tables</th><th>message cache</th><th>performance_schema</th></tr>
 *   <tr><td>to 1023</td><td>1/16</td><td>60</td><td>200</td><td>128 MB</td><td>least</td></tr>
 *   <tr><td>1024 to 2047</td><td>1/4</td><td>150</td><td>800</td><td>128 MB</td><td>least</td></tr>
 *   <tr><td>2048 to 4095</td><td>1/2</td><td>200</td><td>2000</td><td>256 MB</td><td>the server's own</td></tr>
 *   <tr><td>4096 and more</td><td>6/10</td><td>500</td><td>4000</td><td>1 GB, at most 1/10</td><td>the server's own</td></tr>
 * </table>
 *
 * @param bufferPool MB, a multiple of 8; from 1024 on, of 1024, see {@link #wholeChunks}
 * @param redoLog MB
 * @param maxConnections sessions
 * @param tableOpenCache tables
 * @param tableDefinitionCache tables
 * @param messageCache MB
 * @param parallelWorkers threads that apply what the group sends
 * @param temporaryTable MB that one temporary table may take in memory
 * @param leastPerformanceSchema whether performance_schema is cut down to what clusterctl reads
 */
record Sizing(
    int bufferPool,
    int redoLog,
    int maxConnections,
    int tableOpenCache,
    int tableDefinitionCache,
    int messageCache,
    int parallelWorkers,
    int temporaryTable,
    boolean leastPerformanceSchema) {

  /**
   * @param memory of the machine, MB
   */
  static Sizing of(int memory) {
    if (memory < 1024) {
      return new Sizing(Math.max(16, eights(memory / 16)), 64, 60, 200, 400, 128, 2, 8, true);
    }
    if (memory < 2048) {
      return new Sizing(wholeChunks(memory / 4), 128, 150, 800, 1000, 128, 4, 16, true);
    }
    if (memory < 4096) {
      return new Sizing(wholeChunks(memory / 2), 256, 200, 2000, 2000, 256, 4, 16, false);
    }
    int messageCache = Math.min(1024, eights(memory / 10));
    return new Sizing(
        wholeChunks(memory / 10 * 6), 1024, 500, 4000, 4000, messageCache, 4, 64, false);
  }

  /**
   * From 1 GB on InnoDB has eight pools of chunks of 128 MB, and makes of a size between whole ones
   * the next larger: 2448 MB asked for were 3072 MB taken, on a machine of 4096 (seen with 8.0.12).
   */
  private static int wholeChunks(int megabytes) {
    return megabytes < 1024 ? eights(megabytes) : megabytes / 1024 * 1024;
  }

  private static int eights(int megabytes) {
    return megabytes / 8 * 8;
  }
}
