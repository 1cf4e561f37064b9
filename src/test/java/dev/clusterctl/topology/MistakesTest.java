package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake is reported, at its place, with what would be right: a table in mistakes.txt. */
class MistakesTest {
  static final String GOOD =
      """
      name: shop
      machines:
        provider: docker
        os: debian-sid
      mysql:
        version: 9.7
        packages: distro
      replication:
        mode: multi-primary
      nodes:
        - {name: db1, address: 10.1.1.11}
        - {name: db2, address: 10.1.1.12}
        - {name: db3, address: 10.1.1.13}
      proxy:
        type: mysql-router
        address: 10.1.1.10
      databases:
        - name: app
          user: app
      """;

  private static final Path FILE = Path.of("c.yaml");

  record Mistake(String edits, List<String> expected) {
    String text() {
      String text = GOOD;
      for (String edit : edits.split(" &&& ", -1)) {
        int arrow = edit.indexOf(" =>");
        String before = unescape(edit.substring(0, arrow));
        String after = unescape(edit.substring(arrow + 3)).replaceFirst("^ ", "");
        assertThat(text).as("what '%s' is to replace", edit).contains(before);
        int at = text.indexOf(before);
        text = text.substring(0, at) + after + text.substring(at + before.length());
      }
      return text;
    }

    private static String unescape(String text) {
      return text.replace("\\n", "\n").replace("\\t", "\t");
    }

    @Override
    public String toString() {
      return edits;
    }
  }

  static Stream<Mistake> mistakes() throws IOException {
    List<Mistake> mistakes = new ArrayList<>();
    try (InputStream in = MistakesTest.class.getResourceAsStream("/topology/mistakes.txt")) {
      String table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : table.split("\n", -1)) {
        if (line.startsWith("# ")) {
          mistakes.add(new Mistake(line.substring(2), new ArrayList<>()));
        } else if (line.startsWith("    ") && !line.strip().equals("good")) {
          mistakes.get(mistakes.size() - 1).expected().add(line.strip());
        }
      }
    }
    return mistakes.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isReportedWhereItIsWithWhatWouldBeRight(Mistake mistake) {
    ReadResult result = TopologyReader.readText(mistake.text(), FILE);

    assertThat(result.problems().stream().map(Problem::toString))
        .containsExactlyElementsOf(mistake.expected());
    assertThat(result.topology().isPresent()).isEqualTo(result.errors().isEmpty());
  }

  @Test
  void theGoodFileHasNone() {
    assertThat(TopologyReader.readText(GOOD, FILE).problems()).isEmpty();
  }

  @Test
  void aPasswordInClearAppearsInNoProblem() {
    for (String password : List.of("geheim", "'${geheim'", "\"ge\\theim\"", "[geheim]")) {
      String text = GOOD + "    password: " + password + "\n";
      assertThat(TopologyReader.readText(text, FILE).problems())
          .isNotEmpty()
          .noneMatch(problem -> problem.toString().contains("heim"));
    }
  }
}
