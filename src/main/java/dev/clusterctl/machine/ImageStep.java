package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machines' image is there: made from packages, or the user's own. */
final class ImageStep extends BasicStep {
  static final String ID = "cluster/image";
  private static final Duration PULL = Duration.ofMinutes(15);

  private final DockerCli docker;
  private final Optional<String> own;
  private final Recipe recipe;

  /** Made when first needed: there isn't one for every operating system. */
  @FunctionalInterface
  interface Recipe {
    ImageRecipe get() throws MachineException;
  }

  /**
   * @param own the name of the user's own image; empty: the recipe's
   * @param needs the steps after which the engine answers
   */
  ImageStep(DockerCli docker, Optional<String> own, Recipe recipe, Set<String> needs) {
    super(ID, "machine image", Step.CLUSTER, needs);
    this.docker = docker;
    this.own = own;
    this.recipe = recipe;
  }

  @Override
  public Check check() throws MachineException {
    String name = own.isPresent() ? own.get() : recipe.get().name();
    if (ImageBuilder.exists(docker, name)) {
      return Check.satisfied();
    }
    return Check.differs((own.isPresent() ? "pull the image " : "make the image ") + name);
  }

  @Override
  public void apply(Progress progress) throws MachineException, InterruptedException {
    if (own.isEmpty()) {
      new ImageBuilder(docker, recipe.get()).build(progress);
      return;
    }
    String name = own.get();
    progress.report("pulling " + name);
    DockerCli.Outcome outcome = docker.run(PULL, List.of("pull", name));
    if (!outcome.ok()) {
      throw new MachineException(
          "the image %s is not on this host and can't be pulled: %s"
              .formatted(name, outcome.lastLines()),
          "Check machines.image, or make the image on this host.",
          null);
    }
  }
}
