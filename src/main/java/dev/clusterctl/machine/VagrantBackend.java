package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.util.List;
import java.util.OptionalInt;

/** What Vagrant makes machines with, as far as Vagrant itself can't be asked or told. */
interface VagrantBackend {

  /**
   * Finds out whether machines can be made at all, before anything is started.
   *
   * @throws MachineException if something is missing, or the topology asks for what it refuses
   */
  void verify() throws MachineException;

  /** Steps that come between {@link VagrantReadyStep} and the machines. */
  default List<Step> prerequisites() {
    return List.of();
  }

  /** The image that containers are made from; means nothing where it makes virtual machines. */
  default String image() throws MachineException {
    return "";
  }

  /** Called right before Vagrant makes or starts machines. */
  default void beforeStart() throws MachineException {}

  /**
   * The memory that a machine was given.
   *
   * @param id the backend's own
   * @return megabytes; empty if that can't be found out
   */
  OptionalInt memory(String id) throws MachineException;

  /**
   * Changes the memory of a machine that runs.
   *
   * @param megabytes 256 or more
   * @return whether that could be done; otherwise the machine must be started anew
   */
  default boolean changeMemory(String id, int megabytes) throws MachineException {
    return false;
  }

  /** Whether this backend can find machines that Vagrant knows nothing of. */
  default boolean findsLost() {
    return false;
  }

  /**
   * This cluster's machines that are there, whether Vagrant knows them or not; names for people.
   */
  default List<String> lost() throws MachineException {
    return List.of();
  }

  /** Removes them, and what only they used. */
  default void removeLost() throws MachineException {}
}
