package dev.clusterctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The workflows name files that are there, and commands as this program takes them. */
class WorkflowsTest {
  private static final Path DIRECTORY = Path.of(".github/workflows");
  private static final Pattern PROGRAM = Pattern.compile("\\./clusterctl((?: [^|;&\\n]+)?)");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w/.*-])(?:scripts|examples)/(?!\\.)[\\w./-]*\\w");

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyFileThatItNamesIsThere(Path workflow) throws IOException {
    Matcher file = FILE.matcher(Files.readString(workflow));
    while (file.find()) {
      assertThat(Path.of(file.group())).as("named in " + workflow).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyCommandLineIsOneThatTheProgramTakes(Path workflow) throws IOException {
    int lines = 0;
    for (Map<?, ?> step : steps(workflow)) {
      if (step.get("run") instanceof String script) {
        Matcher call = PROGRAM.matcher(script.replace("\\\n", " "));
        while (call.find()) {
          List<String> words = new ArrayList<>();
          for (String word : call.group(1).strip().split("\\s+")) {
            words.add(word.replace("\"", "").replace("$how", "kill"));
          }
          assertThatCode(
                  () ->
                      Clusterctl.commandLine(Shell.unattended(System.out, System.err, Map.of()))
                          .parseArgs(words.toArray(String[]::new)))
              .as(workflow + ": " + call.group())
              .doesNotThrowAnyException();
          lines++;
        }
      }
    }
    assertThat(lines).as("command lines in " + workflow).isPositive();
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyJobHasATimeLimitAndEveryActionAVersion(Path workflow) throws IOException {
    for (Object job : jobs(workflow).values()) {
      assertThat(((Map<?, ?>) job).get("timeout-minutes")).isInstanceOf(Integer.class);
    }
    for (Map<?, ?> step : steps(workflow)) {
      assertThat(step.containsKey("run")).isNotEqualTo(step.containsKey("uses"));
      if (step.get("uses") instanceof String action) {
        assertThat(action).matches("[\\w-]+/[\\w-]+@v\\d+");
      }
    }
  }

  private static Map<?, ?> jobs(Path workflow) throws IOException {
    Map<?, ?> root =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(workflow));
    return (Map<?, ?>) root.get("jobs");
  }

  private static List<Map<?, ?>> steps(Path workflow) throws IOException {
    List<Map<?, ?>> steps = new ArrayList<>();
    for (Object job : jobs(workflow).values()) {
      for (Object step : (List<?>) ((Map<?, ?>) job).get("steps")) {
        steps.add((Map<?, ?>) step);
      }
    }
    assertThat(steps).isNotEmpty();
    return steps;
  }
}
