package dev.clusterctl.topology;

import java.util.regex.Pattern;

/**
 * The name of a machine: its host name, its VM or container name, its name in messages.
 *
 * <p>A lower-case letter followed by up to 62 lower-case letters, digits and hyphens, not ending in
 * a hyphen (RFC 1123's host label, without a leading digit), so that it is safe in a shell, in SQL,
 * in YAML and in a file name.
 */
public record NodeName(String value) implements Comparable<NodeName> {
  private static final Pattern VALID = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * @throws IllegalArgumentException if the text is not a valid name
   */
  public NodeName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "'%s' is not a machine name: lower-case letters, digits and hyphens, a letter first"
              .formatted(value));
    }
  }

  /** Whether the text could be a machine's name. */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
