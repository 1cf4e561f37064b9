package dev.clusterctl.dialect;

/**
 * The settings of Group Replication that decide fail-over, and the releases that brought them. Some
 * came to 5.7 and 8.0 at about the same time.
 */
public enum FailoverSetting {
  MEMBER_EXPEL_TIMEOUT("8.0.13", Integer.MAX_VALUE, 13),
  EXIT_STATE_ACTION("5.7.24 and 8.0.12", 24, 12),
  EXIT_STATE_ACTION_OFFLINE_MODE("8.0.18", Integer.MAX_VALUE, 18),
  CONSISTENCY("8.0.14", Integer.MAX_VALUE, 14),
  AUTOREJOIN_TRIES("8.0.16", Integer.MAX_VALUE, 16),
  UNREACHABLE_MAJORITY_TIMEOUT("5.7.19", 19, 2),
  COMMUNICATION_STACK_MYSQL("8.0.27", Integer.MAX_VALUE, 27);

  private final String since;
  private final int firstPatchOf57;
  private final int firstPatchOf80;

  FailoverSetting(String since, int firstPatchOf57, int firstPatchOf80) {
    this.since = since;
    this.firstPatchOf57 = firstPatchOf57;
    this.firstPatchOf80 = firstPatchOf80;
  }

  /** The releases that brought it, for messages. */
  public String since() {
    return since;
  }

  /** Whether a server of that version has it. */
  public boolean isIn(ServerVersion version) {
    return version.before(8, 0, 0)
        ? version.sameSeries(new ServerVersion(5, 7, 0)) && version.patch() >= firstPatchOf57
        : version.atLeast(8, 0, firstPatchOf80);
  }
}
