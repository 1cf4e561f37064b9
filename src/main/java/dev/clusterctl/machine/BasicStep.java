package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.util.Set;

/** What every step has; the room's steps add what they do. */
abstract class BasicStep implements Step {
  private final String id;
  private final String title;
  private final String subject;
  private final Set<String> needs;

  BasicStep(String id, String title, String subject, Set<String> needs) {
    this.id = id;
    this.title = title;
    this.subject = subject;
    this.needs = Set.copyOf(needs);
  }

  @Override
  public final String id() {
    return id;
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
  public String toString() {
    return id;
  }
}
