package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What clients that write, or clients that read, felt from the moment the load was flowing to its
 * end.
 *
 * @param successes acknowledged writes or answered reads, those of the warm-up included
 * @param longestGap the longest time in which no client at all succeeded
 * @param perConnection each client's own longest time without a success
 * @param reconnects how often a client connected again
 * @param failedConnects how often nobody took a client's connection
 * @param perSecond successes a second in each phase
 * @param nodes which node answered how often in each phase
 */
public record Traffic(
    long successes,
    Span longestGap,
    List<Span> perConnection,
    int reconnects,
    int failedConnects,
    Map<Phase, Double> perSecond,
    Map<Phase, Map<String, Long>> nodes) {
  public Traffic {
    perConnection = List.copyOf(perConnection);
    perSecond = Map.copyOf(perSecond);
    nodes = Map.copyOf(nodes);
  }

  /** A stretch of time, both ends counted from the beginning of the load. */
  public record Span(Duration from, Duration to) {
    public Duration length() {
      return to.minus(from);
    }
  }

  /** The number of the client with the longest gap; 0 where there is no client. */
  public int worstConnection() {
    int worst = 0;
    for (int i = 1; i < perConnection.size(); i++) {
      if (perConnection.get(i).length().compareTo(perConnection.get(worst).length()) > 0) {
        worst = i;
      }
    }
    return worst;
  }

  /** The longest gap of any one client; zero where there is no client. */
  public Duration worstConnectionGap() {
    return perConnection.isEmpty() ? Duration.ZERO : perConnection.get(worstConnection()).length();
  }
}
