package dev.clusterctl.machine;

import dev.clusterctl.machine.Topologies.Wish;
import dev.clusterctl.step.Step;
import java.nio.file.Path;
import java.util.List;

/** This room's door for tests of other packages: what their own containers are made of. */
public final class TestMachines {
  private TestMachines() {}

  /**
   * The name of the image of Debian sid with MySQL and MySQL Router; it is made if it isn't there.
   *
   * @param directory an empty one
   */
  public static String image(Path directory) throws Exception {
    DockerProvider provider =
        new DockerProvider(Wish.docker(directory, "image", "10.99.28").topology(), directory);
    List<Step> steps =
        provider.creation().stream()
            .filter(step -> step instanceof EngineStep || step instanceof ImageStep)
            .toList();
    StepRunner.run(steps);
    return provider.image();
  }

  /** The options of {@code docker create} that let systemd run, such as {@code --cgroupns=host}. */
  public static List<String> initOptions() throws Exception {
    return Engine.initOptions(new DockerCli());
  }
}
