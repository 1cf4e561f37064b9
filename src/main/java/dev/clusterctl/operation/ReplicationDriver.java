package dev.clusterctl.operation;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What every kind of replication can be asked and told, whoever takes the writes and why. */
public interface ReplicationDriver {

  /** The node that takes writes: a primary, or the source. Empty where there is none now. */
  Optional<Node> writer();

  /**
   * Like {@link #writer}, for those who can't go on without.
   *
   * @throws MySqlException if no node takes writes
   */
  default Node requireWriter() throws MySqlException {
    return writer()
        .orElseThrow(
            () ->
                new MySqlException(
                    "no node takes writes", 0, "clusterctl status shows what the nodes do", null));
  }

  /**
   * Whether a node takes part in replication now, so that it can't be restarted without thinking of
   * the others.
   *
   * @throws IOException if its machine can't be asked; a server that doesn't answer takes no part
   */
  boolean inService(Node node) throws IOException;

  /**
   * Makes sure that the others can do without a node for a while.
   *
   * @throws MySqlException if they can't: says why, and what to do first
   */
  void requireDispensable(Node node) throws IOException;

  /**
   * Has another node take the writes, where this one alone does and another can be told to: the
   * shortest time without a writer.
   *
   * @return who takes them now in its place; empty where nothing had to be or could be changed
   * @throws IOException if it failed, or no other node can take them: this one still does
   */
  Optional<Node> handOver(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException;

  /**
   * Has a node that has handed over, and is back, take the writes again where cluster.yaml says
   * that they are its own.
   */
  void handBack(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException;

  /** Takes a node out of replication in an orderly way, before its server is restarted. */
  void beforeRestart(Node node) throws IOException;

  /**
   * The servers that take part though cluster.yaml doesn't name them any more.
   *
   * @throws IOException if no node can be asked
   */
  List<Leaver> leavers() throws IOException;

  /**
   * Takes one of {@link #leavers} out for good: it won't come back by itself.
   *
   * @throws MySqlException if the others can't do without it: says why, and what to do first
   */
  void dismiss(Leaver leaver, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException;

  /** Brings a node back into replication after its server was restarted, and waits until it is. */
  void afterRestart(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException;
}
