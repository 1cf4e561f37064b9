package dev.clusterctl.mysql.metadata;

import java.util.Optional;

/**
 * A MySQL Router as the metadata has it.
 *
 * @param clusterId the cluster that it routes to; empty where none is noted
 * @param user the account that it asks with; empty where it hasn't said yet
 * @param attributes what it says of itself, JSON
 */
public record RouterRow(
    long id,
    String name,
    String address,
    Optional<String> version,
    String clusterId,
    String user,
    String attributes) {}
