package dev.clusterctl.mysql.metadata;

import java.util.Optional;

/**
 * A cluster as the metadata has it.
 *
 * @param id a UUID
 * @param groupName {@code group_replication_group_name}; empty where none is noted
 * @param multiPrimary whether every member takes writes
 * @param transactionSizeLimit bytes; empty where none is noted
 * @param allowedHost where recovery accounts may come from; empty where none is noted
 */
public record ClusterRow(
    String id,
    String name,
    String groupName,
    boolean multiPrimary,
    Optional<Long> transactionSizeLimit,
    String allowedHost) {}
