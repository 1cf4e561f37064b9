package dev.clusterctl.operation;

import dev.clusterctl.topology.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The cluster's passwords: those clusterctl made, kept in one file with mode 0600, and those that
 * the cluster.yaml takes from elsewhere. A password is made when it is first asked for, and is on
 * disk before anybody gets to see it.
 */
public final class Secrets {
  // MySQL cuts the password of a replication channel off at 32 characters.
  private static final int LENGTH = 24;
  private static final String ALPHABET =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

  private final Path file;
  private final Map<String, String> environment;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> generated;

  /**
   * @param file where generated passwords are kept; needn't exist yet
   * @throws IOException if it exists and can't be read
   */
  public Secrets(Path file, Map<String, String> environment) throws IOException {
    this.file = file;
    this.environment = environment;
    this.generated = read(file);
  }

  /** The password of that name, made now if there is none yet: 24 letters and digits. */
  public synchronized String generated(String name) throws IOException {
    String known = generated.get(name);
    if (known != null) {
      return known;
    }
    String password = random();
    generated.put(name, password);
    write();
    return password;
  }

  /** A password that is kept nowhere: 24 letters and digits. */
  public String random() {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  /**
   * The password that a reference stands for.
   *
   * @param name under which a generated one is kept
   * @throws IOException if the variable isn't set or the file can't be read
   */
  public String resolve(String name, SecretRef reference) throws IOException {
    if (reference instanceof SecretRef.FromEnvironment fromEnvironment) {
      String value = environment.get(fromEnvironment.variable());
      if (value == null || value.isEmpty()) {
        throw new IOException(
            "the password of %s comes from the environment variable %s, which isn't set"
                .formatted(name, fromEnvironment.variable()));
      }
      return value;
    }
    if (reference instanceof SecretRef.FromFile fromFile) {
      String value;
      try {
        value = Files.readString(fromFile.path()).lines().findFirst().orElse("");
      } catch (IOException e) {
        throw new IOException(
            "the password of %s comes from the file %s, which can't be read: %s"
                .formatted(name, fromFile.path(), e.getMessage()),
            e);
      }
      if (value.isEmpty()) {
        throw new IOException(
            "the password of %s comes from the file %s, whose first line is empty"
                .formatted(name, fromFile.path()));
      }
      return value;
    }
    return reference instanceof SecretRef.Literal literal ? literal.value() : generated(name);
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> result = new TreeMap<>();
    if (!Files.exists(file)) {
      return result;
    }
    try {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      if (root instanceof Map<?, ?> map) {
        map.forEach((k, v) -> result.put(String.valueOf(k), String.valueOf(v)));
      }
    } catch (YAMLException e) {
      // Not as the cause: its message quotes the line.
      throw new IOException(
          file + " isn't readable as YAML any more; restore it from a backup of yours");
    }
    return result;
  }

  private void write() throws IOException {
    StringBuilder text =
        new StringBuilder("# Passwords that clusterctl made for this cluster. Keep them secret.\n");
    generated.forEach(
        (k, v) -> text.append('"').append(k).append("\": \"").append(v).append("\"\n"));
    Path parent = file.toAbsolutePath().getParent();
    Path temporary =
        Files.createTempFile(
            parent,
            "secrets",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
