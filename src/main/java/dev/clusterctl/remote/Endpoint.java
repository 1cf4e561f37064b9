package dev.clusterctl.remote;

import java.nio.file.Path;
import java.util.List;

/**
 * How to reach a machine over SSH.
 *
 * @param machine its name, for messages
 * @param host name or address
 * @param port 1 to 65535
 * @param identity private key file
 * @param hostKeys the public host keys it may show, each as in a known_hosts line without the host
 *     ({@code ssh-ed25519 AAAA...}); empty: nobody is trusted
 */
public record Endpoint(
    String machine, String host, int port, String user, Path identity, List<String> hostKeys) {
  public Endpoint {
    hostKeys = List.copyOf(hostKeys);
  }
}
