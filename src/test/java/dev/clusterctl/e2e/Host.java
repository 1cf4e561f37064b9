package dev.clusterctl.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this host. */
final class Host {
  private static final long LIMIT_SECONDS = 300;

  private Host() {}

  /** Runs a program to its end, whatever that is. */
  static Outcome run(String... words) throws IOException, InterruptedException {
    return run(Map.of(), List.of(words));
  }

  static Outcome run(Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    // Files and not pipes: a child that outlives the program mustn't keep us waiting.
    Path out = Files.createTempFile("e2e", ".out");
    Path err = Files.createTempFile("e2e", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("took more than %d s: %s".formatted(LIMIT_SECONDS, words));
      }
      return new Outcome(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Runs docker, which must succeed; what it printed, without the last line's end. */
  static String docker(String... words) throws IOException, InterruptedException {
    Outcome outcome = run(docker(List.of(words)));
    if (outcome.code() != 0) {
      throw new AssertionError("docker %s: %s".formatted(List.of(words), outcome.said()));
    }
    return outcome.out().strip();
  }

  private static String[] docker(List<String> words) {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of("docker"), words.stream())
        .toArray(String[]::new);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
