package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;

/**
 * What a server is told before it stops, so that nobody misses it: a primary hands over first.
 *
 * <p>One that just leaves lets the others elect a primary, while its own clients hang on a server
 * that is ending; one that hands over finishes what is under way and turns read-only at once.
 */
public final class LeaveGroup {
  /** Where the statements are; {@link ServiceDropIn} has them run. */
  public static final String PATH = "/etc/clusterctl/leave-group.sql";

  /** Seconds that transactions under way have until they are rolled back. */
  private static final int PATIENCE = 5;

  private LeaveGroup() {}

  /** Whether there is one primary, and a function to hand over with. */
  public static boolean handsOver(Topology topology) {
    return topology.replication().hasGroup()
        && topology.replication().mode() == Mode.SINGLE_PRIMARY
        && Dialect.of(topology.mysql().version()).has(Feature.SET_AS_PRIMARY);
  }

  /** The statements. Each is run though the one before failed. */
  public static String sql(Topology topology) {
    boolean limited =
        Dialect.of(topology.mysql().version()).has(Feature.SET_AS_PRIMARY_WITH_TIMEOUT);
    return Header.comment("--")
        + """
        -- Run on a server's own machine, as its root, before the server stops.

        -- Its heir, if it is the primary and somebody else is ONLINE.
        SET @heir = (
          SELECT MAX(other.MEMBER_ID)
          FROM performance_schema.replication_group_members self
          JOIN performance_schema.replication_group_members other
            ON other.MEMBER_STATE = 'ONLINE' AND other.MEMBER_ROLE = 'SECONDARY'
          WHERE self.MEMBER_ID = @@server_uuid AND self.MEMBER_STATE = 'ONLINE' AND self.MEMBER_ROLE = 'PRIMARY');

        -- A function of the group takes no part in a condition: it would be asked for every row.
        SET @hand_over = IF(@heir IS NULL, 'DO 0', CONCAT('SELECT group_replication_set_as_primary(', QUOTE(@heir), '%s)'));
        PREPARE hand_over FROM @hand_over;
        EXECUTE hand_over;

        STOP GROUP_REPLICATION;
        """
            .formatted(limited ? ", " + PATIENCE : "");
  }
}
