package dev.clusterctl.machine;

import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where Vagrant runs: {@code .clusterctl/NAME/vagrant}, mode 0700 for the sake of the keys that
 * Vagrant keeps there. In it are the Vagrantfile, Vagrant's own {@code .vagrant}, and the host keys
 * of the machines.
 */
final class VagrantDirectory {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  static final String VAGRANTFILE = "Vagrantfile";

  private final Path root;
  private final String backend;

  /**
   * @param backend Vagrant's name for what it makes machines with
   */
  VagrantDirectory(Path root, String backend) {
    this.root = root;
    this.backend = backend;
  }

  Path root() {
    return root;
  }

  boolean exists() {
    return Files.exists(root, LinkOption.NOFOLLOW_LINKS);
  }

  boolean hasVagrantfile() {
    return Files.isRegularFile(root.resolve(VAGRANTFILE));
  }

  /** The text of a file in it; empty where there is none. */
  Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(root.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Writes a file, whole or not at all. */
  void write(String name, String text) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.resolveSibling("."), OWNER_ONLY);
    Path temporary = path.resolveSibling(path.getFileName() + ".new");
    Files.writeString(temporary, text, StandardCharsets.UTF_8);
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The machines that Vagrant made here and didn't remove, by name, with its backend's ids; also of
   * other backends than the one the topology names.
   */
  SortedMap<String, String> made() throws IOException {
    SortedMap<String, String> ids = new TreeMap<>();
    for (Path machine : children(machines())) {
      for (Path madeBy : children(machine)) {
        Path id = madeBy.resolve("id");
        if (Files.isRegularFile(id)) {
          ids.put(machine.getFileName().toString(), Files.readString(id).strip());
        }
      }
    }
    return ids;
  }

  /** Which backend Vagrant made a machine with. */
  Optional<String> madeBy(String machine) throws IOException {
    return children(machines().resolve(machine)).stream()
        .filter(madeBy -> Files.isRegularFile(madeBy.resolve("id")))
        .map(madeBy -> madeBy.getFileName().toString())
        .findFirst();
  }

  /** The backend's id of a machine that Vagrant made; empty where it made none. */
  Optional<String> id(NodeName machine) throws IOException {
    return Optional.ofNullable(made().get(machine.value())).filter(id -> !id.isEmpty());
  }

  /** Tells Vagrant that a machine of the topology is the one with that id. */
  void adopt(NodeName machine, String id) throws IOException {
    write(".vagrant/machines/%s/%s/id".formatted(machine, backend), id);
  }

  /**
   * The host keys that a machine may show.
   *
   * @param id the machine's: keys of an earlier machine of the same name don't count
   */
  List<String> hostKeys(NodeName machine, String id) throws IOException {
    List<String> lines = read(hostKeysName(machine)).map(t -> t.lines().toList()).orElse(List.of());
    return lines.size() > 1 && lines.get(0).equals(id) ? lines.subList(1, lines.size()) : List.of();
  }

  /** From now on, only these keys are accepted from that machine. */
  void pin(NodeName machine, String id, List<String> keys) throws IOException {
    write(hostKeysName(machine), id + "\n" + String.join("\n", keys) + "\n");
  }

  /** Removes it with all that is in it. */
  void remove() throws IOException {
    if (!exists()) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  private Path machines() {
    return root.resolve(".vagrant").resolve("machines");
  }

  private static String hostKeysName(NodeName machine) {
    return "host-keys/" + machine;
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }
}
