package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a dump is changed on its way.
 *
 * @param addPrimaryKeys a table without a key that identifies its rows gets one
 * @param dropForeignKeys foreign keys are left out
 * @param stripDefiners views, triggers and routines belong to the application's account instead of
 *     the one that they name
 * @param convertEngines tables of other engines become InnoDB tables
 */
public record LoadOptions(
    boolean addPrimaryKeys,
    boolean dropForeignKeys,
    boolean stripDefiners,
    boolean convertEngines) {

  /** A dump as it is. */
  public static final LoadOptions NONE = new LoadOptions(false, false, false, false);

  /** As the command line spells them. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    word(addPrimaryKeys, "--add-primary-keys").ifPresent(words::add);
    word(dropForeignKeys, "--drop-foreign-keys").ifPresent(words::add);
    word(stripDefiners, "--strip-definers").ifPresent(words::add);
    word(convertEngines, "--convert-engines").ifPresent(words::add);
    return String.join(" ", words);
  }

  private static Optional<String> word(boolean on, String word) {
    return on ? Optional.of(word) : Optional.empty();
  }
}
