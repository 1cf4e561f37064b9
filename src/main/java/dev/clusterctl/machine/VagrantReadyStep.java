package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Vagrant and its backend are there and can make these machines. Nothing is changed: installing
 * them is the user's.
 */
final class VagrantReadyStep extends BasicStep {
  static final String ID = "cluster/vagrant";

  /** The first with networks of its own for Docker. */
  private static final String LEAST = "2.2.0";

  private final VagrantCli vagrant;
  private final VagrantBackend backend;

  VagrantReadyStep(VagrantCli vagrant, VagrantBackend backend) {
    super(ID, "Vagrant ready", Step.CLUSTER, Set.of());
    this.vagrant = vagrant;
    this.backend = backend;
  }

  @Override
  public Check check() throws MachineException {
    String version = vagrant.version();
    if (!isEnough(version)) {
      throw VagrantFailure.tooOld(version, LEAST);
    }
    backend.verify();
    return Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    check();
  }

  /** Versions look like 2.3.4 or 2.4.0.dev. */
  static boolean isEnough(String version) {
    List<Integer> is = numbers(version);
    List<Integer> least = numbers(LEAST);
    for (int i = 0; i < least.size(); i++) {
      int difference = Integer.compare(i < is.size() ? is.get(i) : 0, least.get(i));
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  private static List<Integer> numbers(String version) {
    return Arrays.stream(version.split("[.-]"))
        .takeWhile(part -> part.matches("[0-9]{1,6}"))
        .map(Integer::valueOf)
        .toList();
  }
}
