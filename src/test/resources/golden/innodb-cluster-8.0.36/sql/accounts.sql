-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- The accounts that clusterctl makes, for those who would make them by hand. Replace each <...>.
-- Run it on every node before it joins its group: nothing of it is written to the binary log.

SET SESSION sql_log_bin = 0;
SET GLOBAL super_read_only = OFF;

-- Members of the group read from each other as
CREATE USER 'mysql_innodb_cluster_1'@'10.99.2.0/255.255.255.0' IDENTIFIED WITH caching_sha2_password BY '<password of mysql_innodb_cluster_1>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'mysql_innodb_cluster_1'@'10.99.2.0/255.255.255.0';
CREATE USER 'mysql_innodb_cluster_2'@'10.99.2.0/255.255.255.0' IDENTIFIED WITH caching_sha2_password BY '<password of mysql_innodb_cluster_2>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'mysql_innodb_cluster_2'@'10.99.2.0/255.255.255.0';
CREATE USER 'mysql_innodb_cluster_3'@'10.99.2.0/255.255.255.0' IDENTIFIED WITH caching_sha2_password BY '<password of mysql_innodb_cluster_3>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'mysql_innodb_cluster_3'@'10.99.2.0/255.255.255.0';

-- The application comes through the proxy as
CREATE USER 'shop'@'10.99.2.10' IDENTIFIED WITH caching_sha2_password BY '<password of shop>';
GRANT ALL PRIVILEGES ON `shop`.* TO 'shop'@'10.99.2.10';

-- The application comes through the proxy as
CREATE USER 'shop'@'10.99.2.9' IDENTIFIED WITH caching_sha2_password BY '<password of shop>';
GRANT ALL PRIVILEGES ON `shop`.* TO 'shop'@'10.99.2.9';

SET GLOBAL super_read_only = ON;
