package dev.clusterctl.operation.steps;

import dev.clusterctl.step.Step;
import java.util.Set;

/** What all steps of `up` share: their names and their place in the order. */
abstract class ClusterStep implements Step {
  private final String subject;
  private final String name;
  private final String title;
  private final Set<String> needs;
  private final Set<String> after;

  /**
   * @param subject the machine's name or {@link Step#CLUSTER}
   * @param name the rest of the id: {@code option-file}
   */
  ClusterStep(String subject, String name, String title, Set<String> needs, Set<String> after) {
    this.subject = subject;
    this.name = name;
    this.title = title;
    this.needs = Set.copyOf(needs);
    this.after = Set.copyOf(after);
  }

  @Override
  public final String id() {
    return subject + "/" + name;
  }

  @Override
  public final String title() {
    return title;
  }

  @Override
  public final String subject() {
    return subject;
  }

  @Override
  public final Set<String> needs() {
    return needs;
  }

  @Override
  public final Set<String> after() {
    return after;
  }
}
