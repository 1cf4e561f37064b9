package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;

/**
 * Says on a node's machine that its server is being given another version, and which one it had.
 * Written before the old server is stopped, taken away once the new one does its part: whoever
 * finds it knows that its predecessor was killed in between.
 */
public final class UpgradeMark {
  /** Where it is. Holds a version and the end of a line. */
  public static final String PATH = "/var/lib/clusterctl/upgrading";

  private final Remote remote;

  public UpgradeMark(Remote remote) {
    this.remote = remote;
  }

  /** Notes that the upgrade begins. */
  public void put(ServerVersion from) throws RemoteException {
    remote.put(RemoteFile.of(PATH, from + "\n"));
  }

  /** Notes that it is finished. */
  public void remove() throws RemoteException {
    remote.check(Command.words("note that the upgrade is finished", "rm", "-f", PATH));
  }
}
