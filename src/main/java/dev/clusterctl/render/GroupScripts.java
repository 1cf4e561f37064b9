package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Topology;

/**
 * How a group begins and grows, as files for people: what clusterctl does itself, after it has
 * asked every node what it knows of a group.
 */
final class GroupScripts {
  private static final String RECOVERY = "clusterctl_repl";

  private final Topology topology;

  GroupScripts(Topology topology) {
    this.topology = topology;
  }

  /** For the node with which the group begins. */
  String firstNode() {
    StringBuilder text = new StringBuilder(Header.comment("--"));
    text.append(
        """
        -- How clusterctl begins a group, for those who would do it by hand: on one node, once, and only where
        -- no node is in a group yet. The other nodes get sql/other-nodes.sql. sql/accounts.sql comes before.
        -- The option file has loaded the plugin (plugin_load_add = group_replication.so).

        """);
    recovery(text);
    text.append(
        """

        -- On for this one START: with it in an option file, a restart would make a second group.
        SET GLOBAL group_replication_bootstrap_group = ON;
        START GROUP_REPLICATION;
        SET GLOBAL group_replication_bootstrap_group = OFF;

        -- The others get these through the group.
        """);
    for (Database database : topology.databases()) {
      text.append(
          "CREATE DATABASE IF NOT EXISTS `%s`%s;\n"
              .formatted(
                  database.name().replace("`", "``"),
                  database.characterSet().map(set -> " CHARACTER SET " + set).orElse("")));
    }
    memberFile(text);
    return text.toString();
  }

  /** For every other node. */
  String otherNodes() {
    StringBuilder text = new StringBuilder(Header.comment("--"));
    text.append(
        """
        -- How clusterctl has a node join its group, for those who would do it by hand: on every node but the
        -- first, once the first is ONLINE. sql/accounts.sql comes before.

        """);
    recovery(text);
    text.append("\nSTART GROUP_REPLICATION;\n");
    memberFile(text);
    return text.toString();
  }

  private void recovery(StringBuilder text) {
    text.append(
            "-- With this account a member fetches from another what it missed. Replace each <...>.\n")
        .append(
            Dialect.of(topology.mysql().version())
                .changeRecoverySource(RECOVERY, "<password of " + RECOVERY + ">"))
        .append(";\n");
  }

  private static void memberFile(StringBuilder text) {
    text.append(
        """

        -- Once it is ONLINE it may join by itself whenever it starts; before there is a group, it would wait
        -- for one in vain. In %s:
        """
            .formatted(MemberFile.PATH));
    MemberFile.content()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> text.append("--   ").append(line).append('\n'));
  }
}
