package dev.clusterctl.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Percona XtraBackup can copy which server, and how it is asked to. From its manual; it was
 * never run here.
 *
 * @param version its own: 2.4 copies MySQL 5.7, a later one the server of its own series up to its
 *     own version
 */
public record XtraBackup(ServerVersion version) {
  /** The last line on standard error of each run that went well. */
  public static final String SUCCESS = "completed OK!";

  /** In a copy: file, position and GTIDs of the moment that the copy is of, separated by tabs. */
  public static final String POSITION_FILE = "xtrabackup_binlog_info";

  private static final Pattern SAID =
      Pattern.compile("xtrabackup version (\\d+\\.\\d+\\.\\d+)", Pattern.CASE_INSENSITIVE);

  /**
   * Reads what {@code xtrabackup --version} prints, such as {@code xtrabackup version 8.0.35-30
   * based on MySQL server 8.0.35 Linux (x86_64)}.
   */
  public static Optional<XtraBackup> parse(String printed) {
    Matcher matcher = SAID.matcher(printed);
    return matcher.find()
        ? ServerVersion.parse(matcher.group(1)).map(XtraBackup::new)
        : Optional.empty();
  }

  /** Why it can't copy a server of that version; empty where it can. */
  public Optional<String> refusal(ServerVersion server) {
    if (server.series().equals("5.7")) {
      return version.series().equals("2.4")
          ? Optional.empty()
          : Optional.of("MySQL 5.7 needs XtraBackup 2.4, and this is " + version);
    }
    return version.sameSeries(server) && version.compareTo(server) >= 0
        ? Optional.empty()
        : Optional.of(
            "MySQL %s needs XtraBackup %s, of version %s or later, and this is %s"
                .formatted(server, server.series(), server, version));
  }

  /**
   * The words that write a copy of the running server on this machine to standard output, as its
   * root through the socket.
   *
   * @param optionFile the server's
   * @param scratch a directory for the little that isn't streamed
   */
  public static List<String> backup(String optionFile, String scratch) {
    return List.of(
        "xtrabackup",
        "--defaults-file=" + optionFile,
        "--backup",
        "--stream=xbstream",
        "--user=root",
        "--target-dir=" + scratch);
  }

  /** The words that unpack such a stream from standard input. */
  public static List<String> extract(String directory) {
    return List.of("xbstream", "-x", "-C", directory);
  }

  /** The words that make an unpacked copy one that a server can start with. */
  public static List<String> prepare(String directory) {
    return List.of("xtrabackup", "--prepare", "--target-dir=" + directory);
  }

  /**
   * The GTIDs of a copy.
   *
   * @param text of its {@link #POSITION_FILE}; the set may go over several lines
   * @return empty where the server had no GTIDs
   * @throws IllegalArgumentException if it isn't such a file
   */
  public static String gtids(String text) {
    String[] parts = text.strip().split("\t", 3);
    if (parts.length < 2) {
      throw new IllegalArgumentException("not what XtraBackup writes: '%s'".formatted(text));
    }
    return parts.length == 3 ? parts[2].replaceAll("\\s", "") : "";
  }
}
