package dev.clusterctl.operation.backup;

import dev.clusterctl.dialect.ServerVersion;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a node's data is copied. */
public enum BackupMethod {
  /** The clone plugin's local copy of the data directory, from MySQL 8.0.17 on. */
  CLONE("data.tar.gz"),
  /** Percona XtraBackup, which has to be on the machine. */
  XTRABACKUP("data.xbstream.gz"),
  /** SQL, by any version. */
  MYSQLDUMP("data.sql.gz");

  private final String file;

  BackupMethod(String file) {
    this.file = file;
  }

  /** As users spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that users spell so. */
  public static Optional<BackupMethod> named(String label) {
    return Arrays.stream(values()).filter(m -> m.label().equals(label)).findFirst();
  }

  /** The name of the file with the data. */
  String file() {
    return file;
  }

  /**
   * Why a server can't take such a backup of another version; empty where it can. Files are read by
   * the server's own series only, and never by an older release; SQL by the same or a newer series.
   *
   * @param of the server that the backup is of
   * @param to the server that is to have the data
   */
  Optional<String> refusal(ServerVersion of, ServerVersion to) {
    if (to.compareTo(of) < 0 && !(this == MYSQLDUMP && to.sameSeries(of))) {
      return Optional.of("it is of MySQL %s, and a server of %s is older".formatted(of, to));
    }
    return this == MYSQLDUMP || to.sameSeries(of)
        ? Optional.empty()
        : Optional.of(
            "it holds the files of MySQL %s, which only a server of %s can use, and not one of %s"
                .formatted(of, of.series(), to));
  }
}
