package dev.clusterctl.topology;

import java.util.Optional;

/**
 * One machine as the topology asks for it, whatever runs on it.
 *
 * @param memory megabytes, 256 or more
 * @param ssh how to reach it; present exactly where the provider is {@code ssh}
 */
public record Machine(NodeName name, IpAddress address, int memory, Optional<SshTarget> ssh) {}
