package dev.clusterctl.load;

import java.time.Duration;

/**
 * How a load went.
 *
 * @param statements that were run; those that are skipped don't count
 * @param rows that they changed
 * @param bytes of the unpacked text that were done now, without those that an interrupted load had
 *     done before
 * @param reconnects how often a session was lost and another one went on
 */
public record LoadResult(long statements, long rows, long bytes, int reconnects, Duration took) {}
