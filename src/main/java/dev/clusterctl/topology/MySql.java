package dev.clusterctl.topology;

import dev.clusterctl.dialect.ServerVersion;
import java.util.Map;

/**
 * The MySQL server that runs on every node.
 *
 * @param version the version asked for; where the file names a series only ({@code 9.7}), the
 *     newest patch release of it that clusterctl knows
 * @param series whether the file named a series ({@code 9.7}) and any of its patch releases will do
 * @param packages where the server comes from
 * @param options additional lines for {@code [mysqld]}, in the file's order; keys as MySQL spells
 *     them, with underscores
 */
public record MySql(
    ServerVersion version, boolean series, Packages packages, Map<String, String> options) {}
