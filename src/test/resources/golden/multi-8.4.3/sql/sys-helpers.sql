-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- Functions and a view that tell a proxy whether this server may be routed to.
-- On every member, or on one that takes writes: the others get them through the group.

DELIMITER $$

DROP VIEW IF EXISTS sys.gr_member_routing_candidate_status$$

DROP FUNCTION IF EXISTS sys.IFZERO$$

CREATE FUNCTION sys.IFZERO(a BIGINT, b BIGINT)
RETURNS BIGINT
DETERMINISTIC
NO SQL
COMMENT 'b where a is 0, else a'
RETURN IF(a = 0, b, a)$$

DROP FUNCTION IF EXISTS sys.LOCATE2$$

CREATE FUNCTION sys.LOCATE2(needle TEXT, haystack TEXT, start INT)
RETURNS INT
DETERMINISTIC
NO SQL
COMMENT 'LOCATE, but one past the end where nothing is found'
RETURN sys.IFZERO(LOCATE(needle, haystack, start), LENGTH(haystack) + 1)$$

DROP FUNCTION IF EXISTS sys.GTID_NORMALIZE$$

CREATE FUNCTION sys.GTID_NORMALIZE(g TEXT)
RETURNS TEXT
DETERMINISTIC
NO SQL
COMMENT 'a GTID set as the server writes it: sorted, joined, no blanks'
RETURN GTID_SUBTRACT(g, '')$$

DROP FUNCTION IF EXISTS sys.GTID_COUNT$$

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
END$$

DROP FUNCTION IF EXISTS sys.gr_applier_queue_length$$

CREATE FUNCTION sys.gr_applier_queue_length()
RETURNS BIGINT
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'transactions that this member has received from its group and not applied'
RETURN (
  SELECT count_transactions_remote_in_applier_queue
  FROM performance_schema.replication_group_member_stats
  WHERE member_id = @@GLOBAL.server_uuid)$$

DROP FUNCTION IF EXISTS sys.gr_member_in_primary_partition$$

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
  'YES', 'NO')$$

DROP FUNCTION IF EXISTS sys.gr_transactions_to_cert$$

CREATE FUNCTION sys.gr_transactions_to_cert()
RETURNS BIGINT
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'transactions that wait for this member to certify them'
RETURN (
  SELECT count_transactions_in_queue
  FROM performance_schema.replication_group_member_stats
  WHERE member_id = @@GLOBAL.server_uuid)$$

CREATE VIEW sys.gr_member_routing_candidate_status AS
SELECT
  sys.gr_member_in_primary_partition() AS viable_candidate,
  IF((SELECT GROUP_CONCAT(variable_value ORDER BY variable_name)
      FROM performance_schema.global_variables
      WHERE variable_name IN ('read_only', 'super_read_only')) = 'OFF,OFF',
    'NO', 'YES') AS read_only,
  sys.gr_applier_queue_length() AS transactions_behind,
  sys.gr_transactions_to_cert() AS transactions_to_cert$$

DELIMITER ;
