package dev.clusterctl.operation.steps;

import dev.clusterctl.machine.MachineException;
import dev.clusterctl.step.Step;
import java.util.Set;

/** A machine that is in the file no longer is removed, if it was said that it may be. */
final class StrayMachineStep implements Step {
  private final Step removal;
  private final boolean consent;
  private final Set<String> needs;

  /**
   * @param removal the provider's own step
   */
  StrayMachineStep(Step removal, boolean consent, Set<String> needs) {
    this.removal = removal;
    this.consent = consent;
    this.needs = Set.copyOf(needs);
  }

  @Override
  public String id() {
    return removal.id();
  }

  @Override
  public String title() {
    return removal.title();
  }

  @Override
  public String subject() {
    return removal.subject();
  }

  @Override
  public Set<String> needs() {
    return needs;
  }

  @Override
  public Check check() throws Exception {
    return removal.check();
  }

  @Override
  public void apply(Progress progress) throws Exception {
    if (!consent && removal.check() instanceof Check.Differs differs) {
      throw new MachineException(
          "there are machines that cluster.yaml doesn't name any more: "
              + String.join("; ", differs.changes()),
          "clusterctl up --yes removes them with all their data; put them back into the file if"
              + " they are to stay",
          null);
    }
    removal.apply(progress);
  }

  @Override
  public boolean foreseeable() {
    return true;
  }

  @Override
  public boolean verifiesItself() {
    return removal.verifiesItself();
  }
}
