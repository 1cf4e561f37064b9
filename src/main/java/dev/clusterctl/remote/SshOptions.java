package dev.clusterctl.remote;

import java.time.Duration;

/**
 * How patient a connection is.
 *
 * @param connectTimeout longest wait for the TCP connection, and for each answer while logging in
 * @param keepAliveInterval how long a session may be silent before it is asked for a sign of life
 * @param keepAliveCount so many unanswered questions, and the session counts as broken; 1 or more
 */
public record SshOptions(Duration connectTimeout, Duration keepAliveInterval, int keepAliveCount) {

  /** Ten seconds to connect; broken after about 15 s of silence. */
  public static final SshOptions DEFAULT =
      new SshOptions(Duration.ofSeconds(10), Duration.ofSeconds(5), 3);

  public SshOptions withConnectTimeout(Duration limit) {
    return new SshOptions(limit, keepAliveInterval, keepAliveCount);
  }
}
