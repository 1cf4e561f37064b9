package dev.clusterctl.operation.seeding;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.topology.Node;

/**
 * Says on a node's machine that its data is being replaced. Whoever finds it knows that its
 * predecessor was killed, and that what the server has is worth nothing, whatever its GTIDs say.
 */
public final class SeedingMark {
  private static final String PATH = "/var/lib/clusterctl/seeding";

  private final Remote remote;

  public SeedingMark(Cluster cluster, Node node) {
    this.remote = cluster.remote(node.name());
  }

  /** Whether the node's data was being replaced, and nobody came to the end of it. */
  public boolean isThere() throws RemoteException {
    return !remote
        .check(
            Command.shell(
                "look for an interrupted copy",
                "if [ -e %1$s ]; then cat %1$s; fi".formatted(PATH)))
        .isBlank();
  }

  void put(String method) throws RemoteException {
    remote.put(RemoteFile.of(PATH, method + "\n"));
  }

  void remove() throws RemoteException {
    remote.check(Command.words("note that the copy is complete", "rm", "-f", PATH));
  }
}
