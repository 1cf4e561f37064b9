package dev.clusterctl.operation.steps;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A file on a machine says what it should, down to the last byte. */
class FileStep extends ClusterStep {
  private final Remote remote;
  private final Content content;

  /** Made when first needed: some files' places are only known once the machine was looked at. */
  @FunctionalInterface
  interface Content {
    RemoteFile get() throws IOException;
  }

  FileStep(Remote remote, String name, String title, Content content, Set<String> needs) {
    this(remote, name, title, content, needs, Set.of());
  }

  FileStep(
      Remote remote,
      String name,
      String title,
      Content content,
      Set<String> needs,
      Set<String> after) {
    super(remote.machine(), name, title, needs, after);
    this.remote = remote;
    this.content = content;
  }

  @Override
  public Check check() throws IOException {
    RemoteFile wanted = content.get();
    String path = Command.quote(wanted.path());
    String found =
        remote.check(
            Command.shell(
                "read " + wanted.path(),
                "if [ -e %s ]; then echo found; cat %s; else echo absent; fi"
                    .formatted(path, path)));
    if (found.startsWith("absent")) {
      return Check.differs("make " + wanted.path());
    }
    String is = found.substring(found.indexOf('\n') + 1);
    String shouldBe = new String(wanted.content(), StandardCharsets.UTF_8);
    if (is.equals(shouldBe)) {
      return Check.satisfied();
    }
    List<String> before = is.lines().toList();
    return new Check.Differs(
        List.of("change " + wanted.path()),
        UnifiedDiffUtils.generateUnifiedDiff(
            wanted.path() + " (now)",
            wanted.path(),
            before,
            DiffUtils.diff(before, shouldBe.lines().toList()),
            2));
  }

  @Override
  public void apply(Progress progress) throws IOException {
    RemoteFile file = content.get();
    before(remote, file);
    remote.put(file);
    after(remote, file);
  }

  /** What has to be done before the file is in place; may refuse by throwing. */
  void before(Remote machine, RemoteFile file) throws IOException {}

  /** What has to be done once it is. */
  void after(Remote machine, RemoteFile file) throws IOException {}

  /** For subclasses that need more than the file. */
  final Remote remote() {
    return remote;
  }
}
