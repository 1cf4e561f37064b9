package dev.clusterctl.machine;

import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.SshOptions;
import dev.clusterctl.remote.SshRemote;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import java.util.Map;

/**
 * Where the machines of a cluster come from. Some make machines one by one (Docker), some all at
 * once (Vagrant), some find them there (SSH): each says with which steps.
 */
public interface MachineProvider {

  /**
   * The steps after which all machines run and can be reached over SSH. For each machine there is
   * one with the id {@link #readyStep}; later steps on that machine need it.
   */
  List<Step> creation();

  /** The id of the step after which a machine can be reached. */
  static String readyStep(NodeName machine) {
    return machine + "/machine";
  }

  /**
   * The steps after which nothing is left of the machines: none where they weren't made by
   * clusterctl.
   */
  List<Step> removal();

  /**
   * The steps after which none of the cluster's machines is left that isn't in the file; none where
   * machines aren't made by clusterctl.
   */
  default List<Step> strayRemoval() {
    return List.of();
  }

  /**
   * What is there now, for every machine of the topology; asks once for all.
   *
   * @throws MachineException if that can't be found out
   */
  Map<NodeName, State> survey() throws MachineException;

  /**
   * How to reach a machine.
   *
   * @throws MachineException if it isn't running or its host key can't be had
   */
  Endpoint endpoint(NodeName machine) throws MachineException;

  /**
   * A connection to a machine, not yet opened; asks {@link #endpoint} each time it connects. The
   * caller closes it.
   */
  default Remote remote(NodeName machine) {
    return new SshRemote(
        machine.value(),
        () -> {
          try {
            return endpoint(machine);
          } catch (MachineException e) {
            throw new RemoteException(
                RemoteException.Kind.UNREACHABLE,
                String.valueOf(e.getMessage()),
                List.of(),
                e.advice(),
                e);
          }
        },
        SshOptions.DEFAULT);
  }

  /** What a machine is doing. */
  enum State {
    ABSENT,
    STOPPED,
    RUNNING,
    /** Nobody can tell before somebody connects: a host that exists already. */
    UNKNOWN
  }
}
