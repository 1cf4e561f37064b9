package dev.clusterctl.render;

/** What stands at the top of every rendered file. */
final class Header {
  private static final String TEXT =
      "rendered by clusterctl from cluster.yaml: edit that and run clusterctl render";

  private Header() {}

  /** The header as a comment. */
  static String comment(String mark) {
    return mark + " " + TEXT + "\n";
  }
}
