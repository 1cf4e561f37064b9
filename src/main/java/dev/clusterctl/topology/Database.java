package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A schema and the application's account for it.
 *
 * @param name schema name: letters, digits, underscores, hyphens; at most 64
 * @param user the account that has all privileges on the schema and nothing else; at most 32
 *     characters (16 would do for MySQL 5.6 and older only)
 * @param characterSet empty: the server's default
 * @param load a dump that is loaded into it once, absolute or from the current directory; it
 *     needn't exist any more
 */
public record Database(
    String name,
    String user,
    SecretRef password,
    Optional<String> characterSet,
    Optional<Path> load) {}
