-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- How clusterctl begins a group, for those who would do it by hand: on one node, once, and only where
-- no node is in a group yet. The other nodes get sql/other-nodes.sql. sql/accounts.sql comes before.
-- The option file has loaded the plugin (plugin_load_add = group_replication.so).

-- With this account a member fetches from another what it missed. Replace each <...>.
CHANGE REPLICATION SOURCE TO SOURCE_USER='clusterctl_repl', SOURCE_PASSWORD='<password of clusterctl_repl>' FOR CHANNEL 'group_replication_recovery';

-- On for this one START: with it in an option file, a restart would make a second group.
SET GLOBAL group_replication_bootstrap_group = ON;
START GROUP_REPLICATION;
SET GLOBAL group_replication_bootstrap_group = OFF;

-- The others get these through the group.
CREATE DATABASE IF NOT EXISTS `shop`;

-- Once it is ONLINE it may join by itself whenever it starts; before there is a group, it would wait
-- for one in vain. In /etc/mysql/clusterctl.d/member.cnf:
--   [mysqld]
--   loose_group_replication_start_on_boot = ON
