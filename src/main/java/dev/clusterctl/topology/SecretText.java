package dev.clusterctl.topology;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How cluster.yaml spells a password: {@code ${env:NAME}}, {@code ${file:PATH}} or in clear. */
final class SecretText {
  private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)}");
  private static final Pattern FILE = Pattern.compile("\\$\\{file:([^}]+)}");

  private SecretText() {}

  /**
   * The reference a text means; empty where it looks like one but isn't.
   *
   * @param toPath makes an absolute path of a path in the file
   */
  static Optional<SecretRef> parse(String text, Function<String, Path> toPath) {
    Matcher environment = ENVIRONMENT.matcher(text);
    if (environment.matches()) {
      return Optional.of(new SecretRef.FromEnvironment(environment.group(1)));
    }
    Matcher file = FILE.matcher(text);
    if (file.matches()) {
      return isPath(file.group(1))
          ? Optional.of(new SecretRef.FromFile(toPath.apply(file.group(1))))
          : Optional.empty();
    }
    return text.startsWith("${") ? Optional.empty() : Optional.of(new SecretRef.Literal(text));
  }

  /** Whether this host can spell the path; in a POSIX locale only ASCII does. */
  static boolean isPath(String text) {
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
