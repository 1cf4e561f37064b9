package dev.clusterctl.cli;

import dev.clusterctl.output.Explanation;
import dev.clusterctl.output.JsonOutput;
import dev.clusterctl.output.Style;
import dev.clusterctl.topology.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where exceptions become messages and exit codes. */
final class Failures {
  private Failures() {}

  /** Tells of options and arguments that can't be understood. */
  static int badUsage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("clusterctl: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("try: " + line.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE.code();
  }

  /** Tells why a command failed, before it had a log. */
  static ExitCode tell(Throwable failure, Clusterctl root) {
    return tell(failure, root, Optional.empty());
  }

  /**
   * Tells why a command failed: as event {@code error} on standard output with {@code --output
   * json}, in words on standard error otherwise.
   *
   * @param log where the full log is, if there is one
   */
  static ExitCode tell(Throwable failure, Clusterctl root, Optional<Path> log) {
    ExitCode code = exitCode(failure);
    Explanation explanation = Explanation.of(failure);
    if (root.format() == Clusterctl.Format.JSON) {
      Map<String, Object> json = new LinkedHashMap<>(JsonOutput.explanation(explanation));
      json.put("exitCode", code.code());
      json.put("problems", problems(failure).stream().map(Failures::json).toList());
      log.ifPresent(path -> json.put("log", path.toString()));
      new JsonOutput(root.shell().out(), Clock.systemUTC()).result("error", json, List::of);
    } else {
      problems(failure).forEach(root.shell().err()::println);
      Explanation told =
          code == ExitCode.INTERRUPTED ? new Explanation("stopped", List.of(), "") : explanation;
      List<String> lines = told.lines(new Style(root.terminal()));
      root.shell().err().println("clusterctl: " + lines.get(0));
      lines.stream().skip(1).forEach(root.shell().err()::println);
      log.ifPresent(path -> root.shell().err().println("the full log: " + path));
    }
    if (root.debug()) {
      failure.printStackTrace(root.shell().err());
    }
    root.shell().err().flush();
    return code;
  }

  /** How a command ends that ended with this exception. */
  static ExitCode exitCode(Throwable failure) {
    if (failure instanceof UsageException
        || failure instanceof InvalidFileException
        || failure instanceof ParameterException) {
      return ExitCode.USAGE;
    } else if (failure instanceof InterruptedException) {
      return ExitCode.INTERRUPTED;
    }
    return ExitCode.FAILED;
  }

  /** A problem of a file as JSON. */
  static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", problem.severity().name().toLowerCase(java.util.Locale.ROOT));
    json.put("file", problem.file().toString());
    json.put("line", problem.line());
    json.put("column", problem.column());
    json.put("message", problem.message());
    json.put("advice", problem.advice());
    return json;
  }

  private static List<Problem> problems(Throwable failure) {
    return failure instanceof InvalidFileException invalid ? invalid.problems() : List.of();
  }
}
