-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- How ProxySQL is told about the servers, for those who would do it by hand, on its own machine and
-- once it listens (its first password is admin). Replace each <...>:
--   mysql --host=127.0.0.1 --port=6032 --user=admin --password < sql/proxysql.sql
-- `clusterctl up` does it, and sets time-outs that make fail-over fast.

-- Administration: accepted as admin from this machine only
UPDATE global_variables SET variable_value = 'admin:<password of admin>' WHERE variable_name = 'admin-admin_credentials';
LOAD ADMIN VARIABLES TO RUNTIME;
SAVE ADMIN VARIABLES TO DISK;

-- Clients, and the account that looks at the servers: without its password it sees nothing
UPDATE global_variables SET variable_value = '0.0.0.0:6033' WHERE variable_name = 'mysql-interfaces';
UPDATE global_variables SET variable_value = '5.7.23' WHERE variable_name = 'mysql-server_version';
UPDATE global_variables SET variable_value = 'clusterctl_monitor' WHERE variable_name = 'mysql-monitor_username';
UPDATE global_variables SET variable_value = '<password of clusterctl_monitor>' WHERE variable_name = 'mysql-monitor_password';
LOAD MYSQL VARIABLES TO RUNTIME;
SAVE MYSQL VARIABLES TO DISK;
-- Ports are opened when it starts: PROXYSQL RESTART, where that of clients was another.

-- Who takes writes, who only reads, who nothing
REPLACE INTO mysql_group_replication_hostgroups (writer_hostgroup, backup_writer_hostgroup, reader_hostgroup, offline_hostgroup, active, max_writers, writer_is_also_reader, max_transactions_behind)
  VALUES (2, 4, 3, 1, 1, 3, 1, 100);
REPLACE INTO mysql_servers (hostgroup_id, hostname, port, use_ssl)
  VALUES (2, '192.168.16.13', 3306, 0);
REPLACE INTO mysql_servers (hostgroup_id, hostname, port, use_ssl)
  VALUES (2, '192.168.16.14', 3306, 0);
REPLACE INTO mysql_servers (hostgroup_id, hostname, port, use_ssl)
  VALUES (2, '192.168.16.15', 3306, 0);
LOAD MYSQL SERVERS TO RUNTIME;
SAVE MYSQL SERVERS TO DISK;

-- The applications' accounts, as on the servers
REPLACE INTO mysql_users (username, password, default_hostgroup, active, transaction_persistent)
  VALUES ('proxuser', '<password of proxuser>', 2, 1, 1);
LOAD MYSQL USERS TO RUNTIME;
SAVE MYSQL USERS TO DISK;
