package dev.clusterctl.mysql.metadata;

import java.util.Optional;

/**
 * What the metadata should say of a member, from the member itself.
 *
 * @param name what it is called where it isn't known yet
 * @param endpoint {@code HOST:PORT} at which clients and MySQL Router reach it
 * @param xEndpoint the same for the X protocol; empty where the server doesn't speak it
 * @param groupEndpoint {@code HOST:PORT} at which the other members reach it
 * @param recoveryUser the account with which it reads from the others
 * @param recoveryHost where that account may come from
 */
public record InstanceFacts(
    String name,
    String uuid,
    String endpoint,
    Optional<String> xEndpoint,
    String groupEndpoint,
    long serverId,
    String recoveryUser,
    String recoveryHost) {}
