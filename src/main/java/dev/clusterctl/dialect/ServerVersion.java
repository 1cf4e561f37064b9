package dev.clusterctl.dialect;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A MySQL version, compared as three numbers (from 2026 on {@code 26.7.0} follows 9.7). */
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})\\b.*");
  private static final Comparator<ServerVersion> ORDER =
      Comparator.comparingInt(ServerVersion::major)
          .thenComparingInt(ServerVersion::minor)
          .thenComparingInt(ServerVersion::patch);

  /**
   * Reads {@code 5.7.23}, and what a server says of itself, such as {@code 9.7.4-2} or {@code
   * 5.7.23-log}.
   */
  public static Optional<ServerVersion> parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    return m.matches()
        ? Optional.of(
            new ServerVersion(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3))))
        : Optional.empty();
  }

  /** Whether this version is the given one or a later one. */
  public boolean atLeast(int otherMajor, int otherMinor, int otherPatch) {
    return compareTo(new ServerVersion(otherMajor, otherMinor, otherPatch)) >= 0;
  }

  /** Whether this version comes before the given one. */
  public boolean before(int otherMajor, int otherMinor, int otherPatch) {
    return !atLeast(otherMajor, otherMinor, otherPatch);
  }

  /** Whether both are patch releases of one series, such as 8.4. */
  public boolean sameSeries(ServerVersion other) {
    return major == other.major && minor == other.minor;
  }

  /** The series, such as {@code 8.4}. */
  public String series() {
    return major + "." + minor;
  }

  @Override
  public int compareTo(ServerVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
