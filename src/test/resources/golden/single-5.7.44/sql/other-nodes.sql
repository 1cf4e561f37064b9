-- rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
-- How clusterctl has a node join its group, for those who would do it by hand: on every node but the
-- first, once the first is ONLINE. sql/accounts.sql comes before.

-- With this account a member fetches from another what it missed. Replace each <...>.
CHANGE MASTER TO MASTER_USER='clusterctl_repl', MASTER_PASSWORD='<password of clusterctl_repl>' FOR CHANNEL 'group_replication_recovery';

START GROUP_REPLICATION;

-- Once it is ONLINE it may join by itself whenever it starts; before there is a group, it would wait
-- for one in vain. In /etc/mysql/clusterctl.d/member.cnf:
--   [mysqld]
--   loose_group_replication_start_on_boot = ON
