package dev.clusterctl.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this host itself reaches its packages: what works for it works for an image, too. */
final class HostApt {
  private static final Logger LOG = LoggerFactory.getLogger(HostApt.class);
  private static final Pattern PROXY =
      Pattern.compile("Acquire::https?::(?i:Proxy)(::[^ ]+)? \"[^\"]+\";");

  private HostApt() {}

  /** The mirror that a Debian host uses for Debian; empty on other hosts. */
  static Optional<String> mirror() {
    return mirrorIn(
        output(
            "apt-get",
            "indextargets",
            "--format",
            "$(ORIGIN)|$(LABEL)|$(SUITE)|$(COMPONENT)|$(REPO_URI)",
            "Created-By: Packages"));
  }

  /** The same, from what apt says of its sources. */
  static Optional<String> mirrorIn(List<String> targets) {
    for (String target : targets) {
      Matcher m =
          Pattern.compile("Debian\\|Debian\\|([a-z]+)\\|main\\|(https?://\\S+)").matcher(target);
      if (m.matches()) {
        return Optional.of(m.group(2));
      }
    }
    return Optional.empty();
  }

  /** The proxies that apt is configured to use, as lines of an apt.conf. */
  static List<String> proxies() {
    return proxiesIn(output("apt-config", "dump"));
  }

  static List<String> proxiesIn(List<String> configuration) {
    return configuration.stream().filter(line -> PROXY.matcher(line).matches()).toList();
  }

  /**
   * What a command prints, or nothing where it isn't there or fails: hosts without apt are fine.
   */
  private static List<String> output(String... words) {
    try {
      Process process =
          new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      List<String> lines = new ArrayList<>();
      new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(lines::add);
      return lines;
    } catch (IOException e) {
      LOG.debug("{} can't be asked: {}", words[0], e.getMessage());
      return List.of();
    }
  }
}
