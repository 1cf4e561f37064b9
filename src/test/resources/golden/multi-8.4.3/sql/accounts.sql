-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- The accounts that clusterctl makes, for those who would make them by hand. Replace each <...>.
-- Run it on every node before it joins its group: nothing of it is written to the binary log.

SET SESSION sql_log_bin = 0;
SET GLOBAL super_read_only = OFF;

-- Members of the group read from each other as
CREATE USER 'clusterctl_repl'@'10.99.2.11' IDENTIFIED WITH caching_sha2_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'clusterctl_repl'@'10.99.2.11';
CREATE USER 'clusterctl_repl'@'10.99.2.12' IDENTIFIED WITH caching_sha2_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'clusterctl_repl'@'10.99.2.12';
CREATE USER 'clusterctl_repl'@'10.99.2.13' IDENTIFIED WITH caching_sha2_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN, BACKUP_ADMIN ON *.* TO 'clusterctl_repl'@'10.99.2.13';

-- The application comes through the proxy as
CREATE USER 'shop'@'10.99.2.10' IDENTIFIED WITH caching_sha2_password BY '<password of shop>';
GRANT ALL PRIVILEGES ON `shop`.* TO 'shop'@'10.99.2.10';

SET GLOBAL super_read_only = ON;
