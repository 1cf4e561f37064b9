package dev.clusterctl.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From which version a server's data directory can be taken over by which other version. From
 * MySQL's reference manuals: "Upgrade Paths" (8.4 and 9.5, table 3.1), "Downgrading MySQL" (8.2 and
 * 9.0, table 4.1), "Upgrading Group Replication" and "Combining Different Member Versions in a
 * Group" (8.0 and 8.4), "Replication Compatibility Between MySQL Versions" (8.4), and 5.7 to 8.0
 * from "Upgrade Paths" of 8.0.
 *
 * <p>Every series belongs to a line that ends with a series with long-term support: 8.1 to 8.3 to
 * that of 8.4, 9.0 to 9.6 to that of 9.7, 26.7 and later to that of 28.4. Within a line the way
 * goes forward as far as one likes; into the next line it leads only from the end of a line.
 */
public final class UpgradePath {

  /** The lines, the oldest first, by the series with which each of them ends. */
  private static final List<ServerVersion> ENDS =
      List.of(end(5, 7), end(8, 0), end(8, 4), end(9, 7), end(28, 4));

  /** The first release of 5.7 that was no preview; 8.0 takes over no earlier one. */
  private static final ServerVersion FIRST_5_7 = new ServerVersion(5, 7, 9);

  /** From this release on, those of 8.0 can be exchanged for earlier ones, up to this one. */
  private static final ServerVersion FIRST_DOWNGRADABLE_8_0 = new ServerVersion(8, 0, 35);

  /** Since then the server upgrades its own system tables when it starts. */
  private static final ServerVersion UPGRADES_ITSELF = new ServerVersion(8, 0, 16);

  /** From then on a group also looks at the last of a version's three numbers. */
  private static final ServerVersion GROUPS_COUNT_PATCHES = new ServerVersion(8, 0, 17);

  /** Since then a member of a lower patch release may join a group of the same series. */
  private static final ServerVersion GROUPS_TAKE_OLDER = new ServerVersion(8, 4, 0);

  /**
   * The protocols that a group can speak, by the releases that brought them, the newest first. A
   * group keeps the one that it began with until it is told otherwise, from the oldest of these on.
   * Manual: setting a group's communication protocol version.
   */
  private static final List<ServerVersion> GROUP_PROTOCOLS =
      List.of(new ServerVersion(8, 0, 27), new ServerVersion(8, 0, 16));

  private final ServerVersion from;
  private final ServerVersion to;

  /**
   * @param from what runs now
   * @param to what is to run
   */
  public UpgradePath(ServerVersion from, ServerVersion to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Why it can't be done in one step, or at all.
   *
   * @param instead what to do
   */
  public record Refusal(String reason, String instead) {}

  /** Why the data of the one can't be taken over by the other; empty where they can. */
  public Optional<Refusal> refusal() {
    if (from.compareTo(to) > 0) {
      return downgradeRefusal();
    }
    if (from.series().equals("5.7") && from.compareTo(FIRST_5_7) < 0 && !from.sameSeries(to)) {
      return Optional.of(
          new Refusal(
              "MySQL %s takes over %s and later of 5.7, not %s".formatted(to, FIRST_5_7, from),
              "upgrade to the newest 5.7 first"));
    }
    if (from.sameSeries(to) || line(to) == line(from)) {
      return Optional.empty();
    }
    if (!endsLine(from)) {
      return Optional.of(
          new Refusal(
              "MySQL %s is an innovation release, from which the way leads to %s first"
                  .formatted(from, ENDS.get(line(from)).series()),
              "clusterctl upgrade --to " + newestOf(line(from))));
    }
    int next = line(from) + 1;
    return line(to) == next
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "MySQL %s can't be upgraded to %s at once: %s lies between them, and a series with long-term support can't be skipped"
                    .formatted(from, to, ENDS.get(next).series()),
                "clusterctl upgrade --to %s, then on from there".formatted(newestOf(next))));
  }

  private Optional<Refusal> downgradeRefusal() {
    boolean inPlace =
        from.sameSeries(to)
            && endsLine(from)
            && (line(from) > line(end(8, 0))
                || (from.series().equals("8.0") && to.compareTo(FIRST_DOWNGRADABLE_8_0) >= 0));
    return inPlace
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "MySQL %s can't take over the data of %s, which is newer; within a series with long-term support, from 8.4 on (and of 8.0 down to %s), it could"
                    .formatted(to, from, FIRST_DOWNGRADABLE_8_0),
                "take a dump (clusterctl backup) and load it into a cluster of its own that runs "
                    + to));
  }

  /** What speaks for another way though this one is possible; a sentence each. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    Optional<ServerVersion> newest = Catalog.series(from.series()).map(Catalog.Series::newest);
    if (!from.sameSeries(to)
        && from.before(8, 1, 0)
        && newest.filter(n -> n.compareTo(from) > 0).isPresent()) {
      advice.add(
          "MySQL advises to be on the newest release of a series before leaving it: %s, and this is %s"
              .formatted(newest.orElseThrow(), from));
    }
    if (Catalog.series(to.series())
            .filter(s -> s.status() == Catalog.Status.END_OF_LIFE)
            .isPresent()
        && !from.sameSeries(to)) {
      advice.add("MySQL %s gets no more fixes".formatted(to.series()));
    }
    return advice;
  }

  /** Whether it leads back to an older release. */
  public boolean isDowngrade() {
    return from.compareTo(to) > 0;
  }

  /**
   * Why servers of both can't be in one group while it is upgraded member by member; empty where
   * they can. Only for what {@link #refusal} doesn't refuse.
   */
  public Optional<Refusal> groupRefusal() {
    return isDowngrade() && from.compareTo(GROUPS_TAKE_OLDER) < 0
        ? Optional.of(
            new Refusal(
                "a group of MySQL %s lets no older member join: that is possible from %s on"
                    .formatted(from, GROUPS_TAKE_OLDER),
                "stay with %s, or take a dump (clusterctl backup) and load it into a cluster of its own"
                    .formatted(from)))
        : Optional.empty();
  }

  /**
   * Whether in a multi-primary group of both versions the members of the newer one may only read;
   * where both are of a series with long-term support, that isn't written down.
   */
  public boolean newerMembersOnlyRead() {
    return !from.sameSeries(to)
        || (!from.equals(to) && !newMembersCanLead() && to.compareTo(GROUPS_TAKE_OLDER) < 0);
  }

  /**
   * Whether a member that has the new version already can be made the primary while others have the
   * old one. A group only takes a member of its lowest version, and from 8.0.17 on looks at all
   * three numbers: seen on 9.7, which refused it within the series (error 3910).
   */
  public boolean newMembersCanLead() {
    return isDowngrade()
        || from.equals(to)
        || (from.sameSeries(to) && from.compareTo(GROUPS_COUNT_PATCHES) < 0);
  }

  /**
   * Whether the data directory must have been closed completely ({@code innodb_fast_shutdown=0}),
   * with nothing left to be undone or merged: the other one may read its logs in another way.
   */
  public boolean needsSlowShutdown() {
    return !from.sameSeries(to);
  }

  /** Whether the data dictionary, which came with 8.0, is made out of the files of 5.7. */
  public boolean makesDataDictionary() {
    return from.before(8, 0, 0) && !to.before(8, 0, 0);
  }

  /**
   * Whether the members of a multi-primary group take writes by themselves again, once the last of
   * the older version is gone; otherwise they have to be told.
   */
  public boolean membersWakeUp() {
    return to.compareTo(GROUPS_COUNT_PATCHES) >= 0;
  }

  /** Whether the program {@code mysql_upgrade} must be run once the new server has started. */
  public boolean needsUpgradeProgram() {
    return !from.equals(to) && to.compareTo(UPGRADES_ITSELF) < 0;
  }

  /**
   * The newest protocol that a group can speak all of whose members have that version; empty where
   * a group can't be told which to speak.
   */
  public static Optional<ServerVersion> groupProtocol(ServerVersion version) {
    return GROUP_PROTOCOLS.stream().filter(p -> version.compareTo(p) >= 0).findFirst();
  }

  private static boolean endsLine(ServerVersion version) {
    return ENDS.stream().anyMatch(version::sameSeries);
  }

  /** The place in {@link #ENDS} of the line that a version belongs to; their number: none known. */
  private static int line(ServerVersion version) {
    for (int i = 0; i < ENDS.size(); i++) {
      if (version.sameSeries(ENDS.get(i)) || version.compareTo(ENDS.get(i)) < 0) {
        return i;
      }
    }
    return ENDS.size();
  }

  private static String newestOf(int line) {
    return Catalog.series(ENDS.get(line).series())
        .map(s -> s.newest().toString())
        .orElse(ENDS.get(line).series());
  }

  private static ServerVersion end(int major, int minor) {
    return new ServerVersion(major, minor, 0);
  }
}
