package dev.clusterctl.proxy;

/** ProxySQL keeps its configuration three times over. */
enum Layer {
  /** The tables that are edited; nothing in them counts before it is loaded. */
  MEMORY(""),
  /** What is in effect. */
  RUNTIME("runtime_"),
  /** What it starts with next time. */
  DISK("disk.");

  private final String prefix;

  Layer(String prefix) {
    this.prefix = prefix;
  }

  /** The table's name in this layer. */
  String table(String name) {
    return prefix + name;
  }
}
