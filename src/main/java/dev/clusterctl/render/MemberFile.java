package dev.clusterctl.render;

/**
 * The file that makes a server join its group whenever it starts. It is written once the node is a
 * member: a server that finds no group to join comes up late and read-only.
 */
public final class MemberFile {
  /** Included by the option file; must exist when the server starts. */
  public static final String DIRECTORY = "/etc/mysql/clusterctl.d";

  /** Where the file is. */
  public static final String PATH = DIRECTORY + "/member.cnf";

  private MemberFile() {}

  /** The file's text. */
  public static String content() {
    return """
    # Written by clusterctl when this node had become a member of its group.
    [mysqld]
    loose_group_replication_start_on_boot = ON
    """;
  }
}
