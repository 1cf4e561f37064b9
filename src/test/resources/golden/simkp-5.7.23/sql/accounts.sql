-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- The accounts that clusterctl makes, for those who would make them by hand. Replace each <...>.
-- Run it on every node before it joins its group: nothing of it is written to the binary log.

SET SESSION sql_log_bin = 0;
SET GLOBAL super_read_only = OFF;

-- Members of the group read from each other as
CREATE USER 'clusterctl_repl'@'192.168.16.130' IDENTIFIED WITH mysql_native_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO 'clusterctl_repl'@'192.168.16.130';
CREATE USER 'clusterctl_repl'@'192.168.16.131' IDENTIFIED WITH mysql_native_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO 'clusterctl_repl'@'192.168.16.131';
CREATE USER 'clusterctl_repl'@'192.168.16.132' IDENTIFIED WITH mysql_native_password BY '<password of clusterctl_repl>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO 'clusterctl_repl'@'192.168.16.132';

-- ProxySQL looks at the servers as
CREATE USER 'clusterctl_monitor'@'192.168.16.129' IDENTIFIED WITH mysql_native_password BY '<password of clusterctl_monitor>';
GRANT REPLICATION CLIENT ON *.* TO 'clusterctl_monitor'@'192.168.16.129';
GRANT SELECT ON `performance_schema`.`replication_group_member_stats` TO 'clusterctl_monitor'@'192.168.16.129';
GRANT SELECT ON `performance_schema`.`replication_group_members` TO 'clusterctl_monitor'@'192.168.16.129';
GRANT SELECT ON `sys`.* TO 'clusterctl_monitor'@'192.168.16.129';

-- The application comes through the proxy as
CREATE USER 'simkpuser'@'192.168.16.129' IDENTIFIED WITH mysql_native_password BY '<password of simkpuser>';
GRANT ALL PRIVILEGES ON `simkp`.* TO 'simkpuser'@'192.168.16.129';

SET GLOBAL super_read_only = ON;
