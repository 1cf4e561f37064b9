package dev.clusterctl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that works on the cluster of a valid cluster.yaml. */
@Command
abstract class ClusterCommand implements Callable<Integer> {

  /** What a command does to the cluster. */
  enum Access {
    /** Only looks: several may run at the same time, also beside one that changes something. */
    READS,
    /** Changes something: only one at a time. */
    CHANGES
  }

  private final Access access;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  ClusterCommand(Access access) {
    this.access = access;
  }

  @Override
  public final Integer call() throws Exception {
    try (Session session = Session.open(root, spec.name(), access)) {
      ExitCode code;
      try {
        code = run(session);
      } catch (Exception e) {
        return session.failed(e).code();
      }
      return session.ended(code).code();
    }
  }

  /**
   * Does it.
   *
   * @throws Exception for any failure: {@link Failures} tells of it
   */
  abstract ExitCode run(Session session) throws Exception;
}
