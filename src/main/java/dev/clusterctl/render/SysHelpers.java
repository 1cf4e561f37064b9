package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions and a view in the schema {@code sys}, through which ProxySQL sees whether a server may
 * be routed to. The server doesn't bring them along.
 *
 * <p>They are made anew each time, and run with the rights of the account that makes them: the
 * monitoring account needs nothing but SELECT on {@code sys.*}.
 */
public final class SysHelpers {
  private static final String IFZERO =
      """
      CREATE FUNCTION sys.IFZERO(a BIGINT, b BIGINT)
      RETURNS BIGINT
      DETERMINISTIC
      NO SQL
      COMMENT 'b where a is 0, else a'
      RETURN IF(a = 0, b, a)""";

  private static final String LOCATE2 =
      """
      CREATE FUNCTION sys.LOCATE2(needle TEXT, haystack TEXT, start INT)
      RETURNS INT
      DETERMINISTIC
      NO SQL
      COMMENT 'LOCATE, but one past the end where nothing is found'
      RETURN sys.IFZERO(LOCATE(needle, haystack, start), LENGTH(haystack) + 1)""";

  private static final String GTID_NORMALIZE =
      """
      CREATE FUNCTION sys.GTID_NORMALIZE(g TEXT)
      RETURNS TEXT
      DETERMINISTIC
      NO SQL
      COMMENT 'a GTID set as the server writes it: sorted, joined, no blanks'
      RETURN GTID_SUBTRACT(g, '')""";

  /**
   * Between two colons or commas stands a UUID, a tag (which begins with a letter or an underscore;
   * a UUID has hyphens) or an interval: only intervals count.
   */
  private static final String GTID_COUNT =
      """
      CREATE FUNCTION sys.GTID_COUNT(gtid_set TEXT)
      RETURNS BIGINT
      DETERMINISTIC
      NO SQL
      COMMENT 'how many transactions a GTID set holds'
      BEGIN
        DECLARE total BIGINT DEFAULT 0;
        DECLARE position INT DEFAULT 1;
        DECLARE colon INT;
        DECLARE comma INT;
        DECLARE part TEXT;
        DECLARE rest TEXT;
        SET rest = REPLACE(REPLACE(sys.GTID_NORMALIZE(gtid_set), CHAR(10 USING ascii), ''), ' ', '');
        WHILE position <= LENGTH(rest) DO
          SET colon = sys.LOCATE2(':', rest, position);
          SET comma = sys.LOCATE2(',', rest, position);
          SET part = SUBSTRING(rest, position, LEAST(colon, comma) - position);
          IF part REGEXP '^[0-9]+-[0-9]+$' THEN
            SET total = total
              + CAST(SUBSTRING_INDEX(part, '-', -1) AS UNSIGNED)
              - CAST(SUBSTRING_INDEX(part, '-', 1) AS UNSIGNED) + 1;
          ELSEIF part REGEXP '^[0-9]+$' THEN
            SET total = total + 1;
          END IF;
          SET position = LEAST(colon, comma) + 1;
        END WHILE;
        RETURN total;
      END""";

  private static final String QUEUE =
      """
      CREATE FUNCTION sys.gr_applier_queue_length()
      RETURNS BIGINT
      NOT DETERMINISTIC
      READS SQL DATA
      COMMENT 'transactions that this member has received from its group and not applied'
      RETURN (
        SELECT sys.GTID_COUNT(GTID_SUBTRACT(received_transaction_set, @@GLOBAL.gtid_executed))
        FROM performance_schema.replication_connection_status
        WHERE channel_name = 'group_replication_applier')""";

  /** Where a server is alone in ERROR or OFFLINE the table shows its own row only. */
  private static final String PRIMARY_PARTITION =
      """
      CREATE FUNCTION sys.gr_member_in_primary_partition()
      RETURNS VARCHAR(3) CHARSET utf8mb4
      NOT DETERMINISTIC
      READS SQL DATA
      COMMENT 'YES where this member is ONLINE, and fewer than half of the members are not'
      RETURN IF(
        EXISTS (
          SELECT * FROM performance_schema.replication_group_members
          WHERE member_id = @@GLOBAL.server_uuid AND member_state = 'ONLINE')
        AND (SELECT SUM(member_state NOT IN ('ONLINE', 'RECOVERING')) * 2 < COUNT(*)
          FROM performance_schema.replication_group_members),
        'YES', 'NO')""";

  /** A view may hold no variable, hence the function. */
  private static final String TO_CERTIFY =
      """
      CREATE FUNCTION sys.gr_transactions_to_cert()
      RETURNS BIGINT
      NOT DETERMINISTIC
      READS SQL DATA
      COMMENT 'transactions that wait for this member to certify them'
      RETURN (
        SELECT count_transactions_in_queue
        FROM performance_schema.replication_group_member_stats
        %s)""";

  /** The table had one row, the server's own, before it had one for every member. */
  private static final String OWN_ROW = "WHERE member_id = @@GLOBAL.server_uuid";

  private static final String VIEW =
      """
      CREATE VIEW sys.gr_member_routing_candidate_status AS
      SELECT
        sys.gr_member_in_primary_partition() AS viable_candidate,
        IF((SELECT GROUP_CONCAT(variable_value ORDER BY variable_name)
            FROM performance_schema.global_variables
            WHERE variable_name IN ('read_only', 'super_read_only')) = 'OFF,OFF',
          'NO', 'YES') AS read_only,
        sys.gr_applier_queue_length() AS transactions_behind,
        sys.gr_transactions_to_cert() AS transactions_to_cert""";

  private SysHelpers() {}

  /** The statements, in order, for a session that sends one at a time. */
  public static List<String> sql(ServerVersion version) {
    List<String> statements = new ArrayList<>();
    statements.add("DROP VIEW IF EXISTS sys.gr_member_routing_candidate_status");
    for (String function : functions(version)) {
      String name = function.substring("CREATE FUNCTION ".length(), function.indexOf('('));
      statements.add("DROP FUNCTION IF EXISTS " + name);
      statements.add(function);
    }
    statements.add(VIEW);
    return List.copyOf(statements);
  }

  /** The same as a file for the mysql client. */
  public static String script(ServerVersion version) {
    StringBuilder text = new StringBuilder(Header.comment("--"));
    text.append(
        """
        -- Functions and a view that tell a proxy whether this server may be routed to.
        -- On every member, or on one that takes writes: the others get them through the group.

        DELIMITER $$
        """);
    for (String statement : sql(version)) {
      text.append('\n').append(statement).append("$$\n");
    }
    return text.append("\nDELIMITER ;\n").toString();
  }

  private static List<String> functions(ServerVersion version) {
    boolean everyMember = Dialect.of(version).has(Feature.STATS_OF_EVERY_MEMBER);
    String own = everyMember ? OWN_ROW : "LIMIT 1";
    return List.of(
        IFZERO,
        LOCATE2,
        GTID_NORMALIZE,
        GTID_COUNT,
        everyMember ? QUEUE_FROM_STATS : QUEUE,
        PRIMARY_PARTITION,
        TO_CERTIFY.formatted(own));
  }

  private static final String QUEUE_FROM_STATS =
      """
      CREATE FUNCTION sys.gr_applier_queue_length()
      RETURNS BIGINT
      NOT DETERMINISTIC
      READS SQL DATA
      COMMENT 'transactions that this member has received from its group and not applied'
      RETURN (
        SELECT count_transactions_remote_in_applier_queue
        FROM performance_schema.replication_group_member_stats
        WHERE member_id = @@GLOBAL.server_uuid)""";
}
