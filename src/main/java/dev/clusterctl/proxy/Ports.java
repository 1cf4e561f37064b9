package dev.clusterctl.proxy;

/** TCP port numbers. */
final class Ports {

  private Ports() {}

  /**
   * @throws IllegalArgumentException if it isn't 1 to 65535
   */
  static int check(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(port + " is not a port: 1 to 65535");
    }
    return port;
  }
}
