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

  private final DockerProvider provider;

  ImageStep(DockerProvider provider) {
    super(ID, "machine image", Step.CLUSTER, Set.of(EngineStep.ID));
    this.provider = provider;
  }

  @Override
  public Check check() throws MachineException {
    String name = provider.image();
    if (ImageBuilder.exists(provider.docker(), name)) {
      return Check.satisfied();
    }
    return Check.differs((own().isPresent() ? "pull the image " : "make the image ") + name);
  }

  @Override
  public void apply(Progress progress) throws MachineException, InterruptedException {
    if (own().isEmpty()) {
      new ImageBuilder(provider.docker(), ImageRecipe.of(provider.topology())).build(progress);
      return;
    }
    String name = own().get();
    progress.report("pulling " + name);
    DockerCli.Outcome outcome = provider.docker().run(PULL, List.of("pull", name));
    if (!outcome.ok()) {
      throw new MachineException(
          "the image %s is not on this host and can't be pulled: %s"
              .formatted(name, outcome.lastLines()),
          "Check machines.image, or make the image on this host.",
          null);
    }
  }

  private Optional<String> own() {
    return provider.topology().machines().image();
  }
}
