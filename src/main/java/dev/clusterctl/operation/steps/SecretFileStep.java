package dev.clusterctl.operation.steps;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A file that holds a secret: what differs in it is never shown. */
final class SecretFileStep extends ClusterStep {
  private final Remote remote;
  private final FileStep.Content content;

  SecretFileStep(
      Remote remote, String name, String title, FileStep.Content content, Set<String> needs) {
    super(remote.machine(), name, title, needs, Set.of());
    this.remote = remote;
    this.content = content;
  }

  @Override
  public Check check() throws IOException {
    RemoteFile wanted = content.get();
    boolean same =
        remote
            .run(
                Command.shell(
                        "compare " + wanted.path(),
                        "[ \"$(stat -c %%a %1$s 2>/dev/null)\" = %2$s ] && cmp -s - %1$s"
                            .formatted(
                                Command.quote(wanted.path()), wanted.mode().replaceFirst("^0", "")))
                    .withStdin(new String(wanted.content(), StandardCharsets.UTF_8)))
            .ok();
    return same ? Check.satisfied() : Check.differs("write " + wanted.path());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    remote.put(content.get());
  }
}
