package dev.clusterctl.machine;

import java.util.Map;

/**
 * A container as the engine describes it.
 *
 * @param status {@code created}, {@code running}, {@code paused}, {@code exited}, …
 * @param image the image's name as it was given when the container was made
 * @param memory limit in bytes; 0: none
 * @param address the fixed address that was asked for in the cluster's network; empty: none
 */
record Container(
    String id,
    String name,
    String status,
    String image,
    Map<String, String> labels,
    long memory,
    String address) {

  static Container of(Json inspected, String network) {
    return new Container(
        inspected.at("Id").text(),
        inspected.at("Name").text().replaceFirst("^/", ""),
        inspected.at("State", "Status").text(),
        inspected.at("Config", "Image").text(),
        inspected.at("Config", "Labels").members(),
        inspected.at("HostConfig", "Memory").number(),
        inspected.at("NetworkSettings", "Networks", network, "IPAMConfig", "IPv4Address").text());
  }

  boolean running() {
    return status.equals("running");
  }

  String label(String key) {
    return labels.getOrDefault(key, "");
  }
}
