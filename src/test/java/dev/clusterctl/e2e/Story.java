package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs as a person does. */
final class Story {
  private Story() {}

  /** What a program left: its exit status, and both its streams. */
  record Outcome(List<String> words, int status, String text) {
    Outcome succeeded() {
      assertThat(status).as("%s: %s", words, text).isZero();
      return this;
    }
  }

  /** clusterctl in a process of its own. */
  static Outcome clusterctl(Path file, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.clusterctl.cli.Main",
                "--file",
                file.toString()));
    command.addAll(List.of(words));
    return run(command);
  }

  static Outcome docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return run(command);
  }

  static Outcome run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(command, process.waitFor(), text);
  }
}
