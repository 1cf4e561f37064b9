/** One MySQL server and groups of them: sessions, GTID sets, group replication, accounts. */
@NullMarked
package dev.clusterctl.mysql;

import org.jspecify.annotations.NullMarked;
