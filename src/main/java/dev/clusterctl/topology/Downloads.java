package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How package files come to the host that clusterctl runs on.
 *
 * @param directory where they are already, absolute; then nothing is downloaded
 * @param caFile certificates in PEM form, absolute, that are trusted besides Java's own
 */
public record Downloads(Optional<Path> directory, Optional<Path> caFile) {
  /** From the web, with the certificates that Java trusts. */
  public static final Downloads USUAL = new Downloads(Optional.empty(), Optional.empty());
}
