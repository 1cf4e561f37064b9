package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file may be other than a good cluster.yaml. */
class TopologyFileTest {
  @TempDir private Path directory;

  private List<String> problems(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("c.yaml"), content);
    return TopologyReader.read(file).problems().stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  private List<String> problems(String content) throws IOException {
    return problems(content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void aMissingFileIsNamedWithWhatWritesOne() {
    assertThat(TopologyReader.read(Path.of("no/such.yaml")).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "no/such.yaml: error: no such file; `clusterctl init` writes one; -f or"
                + " CLUSTERCTL_FILE names another");
  }

  @Test
  void aDirectoryIsNoFile() {
    assertThat(TopologyReader.read(directory).problems())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("is a directory");
  }

  @Test
  void aFileThatCannotBeReadIsAProblemAndNoException() {
    // A device, a socket, a file without read permission: reading fails after it was found. This
    // one exists for every user, root too.
    Path memory = Path.of("/proc/self/mem");
    if (Files.exists(memory)) {
      assertThat(TopologyReader.read(memory).problems())
          .singleElement()
          .extracting(Problem::message)
          .asString()
          .startsWith("can't be read");
    }
  }

  @Test
  void anEmptyFileIsToldHowToBegin() throws IOException {
    String expected =
        "c.yaml: error: is empty; `clusterctl init` writes one with comments to start from";
    assertThat(problems("")).containsExactly(expected);
    assertThat(problems("# only a comment\n\n")).containsExactly(expected);
  }

  @Test
  void aFileThatIsNoMappingIsToldWhatItShouldBe() throws IOException {
    assertThat(problems("just text\n"))
        .containsExactly(
            "c.yaml:1:1: error: the file must be a mapping with the keys name, machines, mysql,"
                + " replication, nodes, proxy, databases, downloads, not a single value");
    assertThat(problems("- a\n- b\n")).singleElement().asString().contains("not a list");
  }

  @Test
  void bytesThatAreNoUtf8AreNamedByOffsetLineAndColumn() throws IOException {
    byte[] latin1 = "name: shop\nx-é: 1\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problems(latin1))
        .containsExactly(
            "c.yaml:2:3: error: byte 13 (0xE9) is not UTF-8 text; save the file as UTF-8");
    assertThat(problems(new byte[] {'a', (byte) 0xC3}))
        .containsExactly(
            "c.yaml:1:2: error: byte 1 (0xC3) is not UTF-8 text; save the file as UTF-8");
    assertThat(problems("name: shop\n".getBytes(StandardCharsets.UTF_16)))
        .containsExactly("c.yaml: error: is UTF-16 text; save it as UTF-8");
  }

  @Test
  void aByteOrderMarkIsSkippedAndMovesNoColumn() throws IOException {
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    assertThat(problems(concat(mark, MistakesTest.GOOD.getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(problems(concat(mark, "nam: x\n".getBytes(StandardCharsets.UTF_8))))
        .anyMatch(problem -> problem.startsWith("c.yaml:1:1: error: unknown key 'nam'"));
  }

  @Test
  void windowsLineEndsAreFine() throws IOException {
    assertThat(problems(MistakesTest.GOOD.replace("\n", "\r\n"))).isEmpty();
  }

  @Test
  void aControlCharacterIsNamedWithItsPlace() throws IOException {
    assertThat(problems("name: shop\nmysql: \u0007\n"))
        .containsExactly(
            "c.yaml:2:8: error: the control character U+0007 is not allowed in YAML; remove it");
  }

  @Test
  void columnsCountCharactersAndNotBytesOrSurrogates() throws IOException {
    assertThat(problems("{'x-🐬é': 1, nmae: x}"))
        .anyMatch(problem -> problem.startsWith("c.yaml:1:13: error: unknown key 'nmae'"));
  }

  @Test
  void anEnormousFileIsNotRead() throws IOException {
    assertThat(problems("#".repeat(YamlText.LARGEST_FILE + 1)))
        .containsExactly(
            "c.yaml: error: is larger than 1048576 bytes (1048577); this can't be a cluster.yaml");
  }

  @Test
  void aBombOfAliasesIsRefusedAtOnce() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a" + (i - 1) + ", *a" + (i - 1)));
    }
    assertThat(problems(bomb.toString()))
        .containsExactly(
            "c.yaml: error: uses more than 50 aliases (*name) of lists and mappings; write it out"
                + " plainly");
  }

  @Test
  void mergesThatFanOutCostNoTime() {
    StringBuilder bomb = new StringBuilder("x-a0: &a0 {k: v}\n");
    for (int i = 1; i <= 24; i++) {
      bomb.append("x-a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
    }
    bomb.append("machines: {<<: *a24}\n");
    long start = System.nanoTime();
    assertThat(TopologyReader.readText(bomb.toString(), Path.of("c.yaml")).errors())
        .anyMatch(problem -> problem.message().equals("unknown key 'k' in machines"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void deepNestingIsRefusedBeforeItOverflowsTheStack() throws IOException {
    assertThat(problems("x: " + "[".repeat(100_000)))
        .singleElement()
        .asString()
        .startsWith("c.yaml: error: is nested deeper than 30 levels");
    assertThat(problems("{a: ".repeat(100_000))).isNotEmpty();
    assertThat(problems("- ".repeat(100_000))).isNotEmpty();
  }

  @Test
  void anchorsThatContainThemselvesEndTheReading() throws IOException {
    assertThat(problems("&a {name: *a, machines: *a, mysql: {<<: *a}, nodes: [*a], <<: *a}"))
        .isNotEmpty();
  }

  @Test
  void whateverTheTextTheReaderAnswersWithATopologyOrAProblem() {
    Random random = new Random(20261121);
    String alphabet = MistakesTest.GOOD + "&*!|>%@`'\"{}[],#?:-<<~\t\u0000\u0085\uFEFFé🐬0.9";
    int[] characters = alphabet.codePoints().toArray();
    for (int round = 0; round < 1_000; round++) {
      StringBuilder text = new StringBuilder(MistakesTest.GOOD);
      for (int edit = random.nextInt(6); edit >= 0; edit--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.setLength(Math.max(1, at));
          case 1 -> text.deleteCharAt(at);
          case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
          default ->
              text.insert(at, Character.toString(characters[random.nextInt(characters.length)]));
        }
        if (text.length() == 0) {
          text.append('x');
        }
      }
      ReadResult result = TopologyReader.readText(text.toString(), Path.of("c.yaml"));
      assertThat(result.topology().isPresent())
          .as("a topology exactly where there is no error, of:%n%s", text)
          .isEqualTo(result.errors().isEmpty());
    }
  }

  @Test
  void whateverTheBytesTheReaderAnswersWithAProblem() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      byte[] garbage = new byte[random.nextInt(400)];
      random.nextBytes(garbage);
      assertThat(problems(garbage)).isNotEmpty();
    }
  }
}
