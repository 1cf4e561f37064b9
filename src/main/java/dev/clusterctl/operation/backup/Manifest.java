package dev.clusterctl.operation.backup;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.GtidSet;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backup is of, and what belongs to it.
 *
 * @param cluster the cluster's name
 * @param node the node's name
 * @param version of the server
 * @param atLeast transactions that the copy has for certain
 * @param atMost transactions that it may have; the same where its position is known exactly
 * @param schemas the databases in it, without the system's own
 * @param ended when it was whole
 * @param files all but the manifest itself
 */
public record Manifest(
    String cluster,
    String node,
    BackupMethod method,
    ServerVersion version,
    GtidSet atLeast,
    GtidSet atMost,
    List<String> schemas,
    Instant begun,
    Instant ended,
    List<File> files) {
  /** Its name in the backup's folder. */
  static final String NAME = "manifest.json";

  private static final int FORMAT = 1;

  public Manifest {
    schemas = List.copyOf(schemas);
    files = List.copyOf(files);
  }

  /**
   * A file of the backup.
   *
   * @param size in bytes
   * @param sha256 64 hexadecimal digits
   */
  public record File(String name, long size, String sha256) {}

  /** How many bytes the files have in all. */
  public long size() {
    return files.stream().mapToLong(File::size).sum();
  }

  String json() throws IOException {
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(data()) + "\n";
  }

  /** As maps and lists. */
  public Map<String, Object> data() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("cluster", cluster);
    json.put("node", node);
    json.put("method", method.label());
    json.put("mysqlVersion", version.toString());
    json.put("gtidAtLeast", atLeast.toString());
    json.put("gtidAtMost", atMost.toString());
    json.put("databases", schemas);
    json.put("begun", begun.toString());
    json.put("ended", ended.toString());
    json.put(
        "files",
        files.stream()
            .map(
                f -> {
                  Map<String, Object> file = new LinkedHashMap<>();
                  file.put("name", f.name());
                  file.put("size", f.size());
                  file.put("sha256", f.sha256());
                  return file;
                })
            .toList());
    return json;
  }

  /**
   * @throws IOException if the text isn't a manifest, or one of a later clusterctl; says which
   */
  static Manifest parse(String text) throws IOException {
    Map<String, Object> json = JSON.std.mapFrom(text);
    if (!Integer.valueOf(FORMAT).equals(json.get("format"))) {
      throw new IOException(
          "its format is %s, and this clusterctl knows format %d"
              .formatted(json.get("format"), FORMAT));
    }
    try {
      return new Manifest(
          text(json, "cluster"),
          text(json, "node"),
          BackupMethod.named(text(json, "method"))
              .orElseThrow(() -> new IOException("its method is none that is known")),
          ServerVersion.parse(text(json, "mysqlVersion"))
              .orElseThrow(() -> new IOException("its mysqlVersion is no version")),
          GtidSet.parse(text(json, "gtidAtLeast")),
          GtidSet.parse(text(json, "gtidAtMost")),
          list(json, "databases").stream().map(String::valueOf).toList(),
          Instant.parse(text(json, "begun")),
          Instant.parse(text(json, "ended")),
          list(json, "files").stream().map(Manifest::file).toList());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static File file(Object entry) {
    if (entry instanceof Map<?, ?> map
        && map.get("name") instanceof String name
        && map.get("size") instanceof Number size
        && map.get("sha256") instanceof String sha256
        && name.matches("[a-z0-9.-]+")) {
      return new File(name, size.longValue(), sha256);
    }
    throw new IllegalArgumentException("an entry of its files lacks name, size or sha256");
  }

  private static String text(Map<String, Object> json, String key) throws IOException {
    if (json.get(key) instanceof String text) {
      return text;
    }
    throw new IOException("it lacks " + key);
  }

  private static List<?> list(Map<String, Object> json, String key) throws IOException {
    if (json.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IOException("it lacks " + key);
  }
}
