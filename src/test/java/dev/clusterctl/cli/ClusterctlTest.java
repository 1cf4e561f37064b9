package dev.clusterctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ClusterctlTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpListsEveryCommandAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    for (String command : commands().toList()) {
      assertThat(out()).contains("  " + command + " ");
    }
    assertThat(out()).contains("Exit codes:").contains("130  interrupted");
  }

  static Stream<String> commands() {
    Shell shell = Shell.unattended(System.out, System.err, Map.of());
    return Clusterctl.commandLine(shell).getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpThatEndsWithTheGlobalOptionsAndExitCodes(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out())
        .startsWith("Usage: clusterctl " + command)
        .containsSubsequence("Options of every command:", "--file", "--output", "Exit codes:")
        .containsOnlyOnce("Options of every command:")
        .containsOnlyOnce("Exit codes:");
    assertThat(err()).isEmpty();
  }

  @Test
  void versionIsPrinted() {
    assertThat(run("--version")).isZero();
    assertThat(out()).startsWith("clusterctl ");
  }

  @Test
  void anUnknownCommandIsBadUsageAndASimilarOneIsSuggested() {
    assertThat(run("validat")).isEqualTo(2);
    assertThat(err()).contains("validat").contains("validate").contains("--help");
    assertThat(out()).isEmpty();
  }

  @Test
  void anUnknownOptionIsBadUsageAndASimilarOneIsSuggested() {
    assertThat(run("validate", "--outptu", "json")).isEqualTo(2);
    assertThat(err()).contains("--outptu").contains("--output");
  }

  @Test
  void noCommandIsBadUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err()).contains("Missing command");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--parallel=many", "--output=xml", "--timeout=soon"})
  void anOptionWithAnImpossibleValueIsBadUsage(String option) {
    assertThat(run("validate", option)).isEqualTo(2);
    assertThat(err()).contains(option.substring(0, option.indexOf('=')));
  }

  @Test
  void initWritesAFileThatIsValid() {
    Path file = directory.resolve("new.yaml");
    assertThat(run("init", "-f", file.toString())).isZero();
    assertThat(run("validate", "-f", file.toString())).as(out() + err()).isZero();
    assertThat(out()).contains("is valid");
  }

  @Test
  void validateSaysHowProxySqlWatchesTheServers() throws IOException {
    Path file = directory.resolve("cluster.yaml");
    String text =
        """
        name: shop
        machines: {provider: docker, os: debian-sid, image: mine}
        mysql: {version: 9.7, packages: preinstalled}
        nodes: [{name: db1, address: 10.1.1.11}]
        proxy: {type: proxysql, version: 2.7.1, packages: preinstalled, address: 10.1.1.10}
        """;
    Files.writeString(file, text);
    assertThat(run("validate", "-f", file.toString())).as(out() + err()).isZero();
    assertThat(out()).contains("ProxySQL 2.7.1 watches each server's super_read_only");
    Files.writeString(file, text.replace("2.7.1", "3.0.2"));
    assertThat(run("validate", "-f", file.toString(), "--output", "json")).isZero();
    assertThat(out()).contains("\"proxy\":\"ProxySQL 3.0.2 watches the group with a query of its");
  }

  @Test
  void initOverwritesOnlyWhenForced() throws IOException {
    Path file = Files.writeString(directory.resolve("mine.yaml"), "mine");
    assertThat(run("init", "-f", file.toString())).isEqualTo(2);
    assertThat(err()).contains("is there already").contains("--force");
    assertThat(file).hasContent("mine");

    assertThat(run("init", "--force", "-f", file.toString())).isZero();
    assertThat(Files.readString(file)).contains("nodes:").doesNotContain("mine");
  }

  @Test
  void validateNamesEveryMistakeWithItsPlace() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "name: UPPER\nnodez: 1\n");
    assertThat(run("validate", "-f", file.toString())).isEqualTo(2);
    assertThat(out())
        .contains(file + ":1:7: error: ")
        .contains(file + ":2:1: error: ")
        .containsPattern("\\d+ mistakes");
  }

  @Test
  void validateWithJsonIsOneLineThatAProgramCanRead() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "name: UPPER\n");
    assertThat(run("validate", "--output", "json", "-f", file.toString())).isEqualTo(2);
    Map<String, Object> result = JSON.std.mapFrom(out());
    assertThat(result).containsEntry("event", "validation").containsEntry("valid", false);
    assertThat((List<?>) result.get("problems")).isNotEmpty();
  }

  @Test
  void theFileOfTheEnvironmentIsTakenUnlessTheOptionNamesOne() {
    Path named = directory.resolve("from-environment.yaml");
    Map<String, String> env = Map.of("CLUSTERCTL_FILE", named.toString());
    assertThat(runWith(env, "validate")).isEqualTo(2);
    assertThat(out()).contains("from-environment.yaml");

    out.reset();
    runWith(env, "validate", "-f", "option.yaml");
    assertThat(out()).contains("option.yaml").doesNotContain("from-environment");
  }

  @Test
  void globalOptionsMayStandBeforeTheCommand() {
    assertThat(run("-f", "nowhere.yaml", "validate")).isEqualTo(2);
    assertThat(out()).contains("nowhere.yaml");
  }

  @Test
  void schemaIsJson() throws IOException {
    assertThat(run("schema")).isZero();
    assertThat(JSON.std.mapFrom(out())).containsKey("$schema");
  }

  @Test
  void renderWritesFilesAndCheckFindsThemUpToDateUntilOneIsEdited() throws IOException {
    String file = directory.resolve("cluster.yaml").toString();
    run("init", "-f", file);
    assertThat(run("render", "--check", "-f", file)).isEqualTo(1);
    assertThat(run("render", "-f", file)).isZero();
    assertThat(run("render", "--check", "-f", file)).isZero();

    Files.writeString(directory.resolve("cnf/db1.cnf"), "[mysqld]\n");
    out.reset();
    assertThat(run("render", "--check", "--diff", "-f", file)).isEqualTo(1);
    assertThat(out()).contains("--- cnf/db1.cnf").contains("+server_id");
    assertThat(directory.resolve("cnf/db1.cnf")).hasContent("[mysqld]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completionIsAScriptThatBashUnderstands(String shell) throws Exception {
    assertThat(run("completion", shell)).isZero();
    assertThat(out()).contains("validate");
    Path script = Files.writeString(directory.resolve("completion"), out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void manWritesAPageForEveryCommand() throws IOException {
    assertThat(run("man", "--out", directory.resolve("man").toString())).isZero();
    for (String command : commands().toList()) {
      assertThat(Files.readString(directory.resolve("man/clusterctl-" + command + ".1")))
          .startsWith(
              ".TH \"CLUSTERCTL\\-"
                  + command.toUpperCase(java.util.Locale.ROOT).replace("-", "\\-"))
          .contains(".SH EXIT STATUS");
    }
    assertThat(Files.readString(directory.resolve("man/clusterctl.1")))
        .contains("\n.B \\-f, \\-\\-file FILE\n");
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "90s,PT1M30S", "10m,PT10M", "1h30m,PT1H30M", "2H,PT2H"})
  void durationsAreReadAsPeopleWriteThem(String text, Duration expected) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-5s", "1.5h", "5m1h"})
  void otherDurationsAreRefused(String text) {
    org.assertj.core.api.Assertions.assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> new DurationConverter().convert(text))
        .withMessageContaining("is not a duration");
  }

  @Test
  void exceptionsHaveExitCodes() {
    assertThat(Failures.exitCode(new UsageException("", ""))).isEqualTo(ExitCode.USAGE);
    assertThat(Failures.exitCode(new InterruptedException())).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Failures.exitCode(new TimeoutException())).isEqualTo(ExitCode.FAILED);
    assertThat(Failures.exitCode(new IOException())).isEqualTo(ExitCode.FAILED);
  }

  private int run(String... args) {
    return runWith(Map.of(), args);
  }

  private int runWith(Map<String, String> env, String... args) {
    return Clusterctl.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        env);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
