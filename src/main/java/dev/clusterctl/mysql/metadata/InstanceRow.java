package dev.clusterctl.mysql.metadata;

import java.util.Optional;

/**
 * A member as the metadata has it; what a row lacks is empty.
 *
 * @param label its name there
 */
public record InstanceRow(
    long id,
    String clusterId,
    String label,
    String uuid,
    String address,
    String endpoint,
    String xEndpoint,
    String groupEndpoint,
    Optional<Long> serverId,
    String recoveryUser,
    String recoveryHost) {}
