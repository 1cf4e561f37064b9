package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach a machine that exists already.
 *
 * @param host name or address to connect to
 * @param port 1 to 65535
 * @param user the account; root, or one that may use sudo without a password
 * @param identityFile the private key
 * @param hostKey the machine's public host key as in a known_hosts line ({@code ssh-ed25519
 *     AAAA...}); empty: looked up in the user's own known_hosts file, never trusted blindly
 */
public record SshTarget(
    String host, int port, String user, Path identityFile, Optional<String> hostKey) {}
