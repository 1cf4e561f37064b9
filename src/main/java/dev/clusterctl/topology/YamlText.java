package dev.clusterctl.topology;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * From a file's bytes to YAML nodes that know their line and column. Objects are never constructed
 * from what the file says, and the limits here keep a hostile file from using up time or memory.
 */
final class YamlText {
  /** A cluster has at most a dozen machines: its description is a few kilobytes. */
  static final int LARGEST_FILE = 1024 * 1024;

  private static final int DEEPEST_NESTING = 30;
  private static final int MOST_ALIASES = 50;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private YamlText() {}

  /** The text of UTF-8 bytes; empty, with a problem added, where they are something else. */
  static Optional<String> decode(byte[] bytes, Problems problems) {
    if (bytes.length > LARGEST_FILE) {
      problems.error(
          Position.FILE,
          "is larger than %d bytes (%d)".formatted(LARGEST_FILE, bytes.length),
          "this can't be a cluster.yaml");
      return Optional.empty();
    }
    if (bytes.length >= 2
        && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
            || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF))) {
      problems.error(Position.FILE, "is UTF-16 text", "save it as UTF-8");
      return Optional.empty();
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      problems.error(
          Position.at(text, text.length()),
          "byte %d (0x%02X) is not UTF-8 text".formatted(in.position(), bytes[in.position()]),
          "save the file as UTF-8");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** The one document of the text; empty, with a problem added, where there is none to be read. */
  static Optional<Node> compose(String text, Problems problems) {
    String yaml = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    if (!isPrintable(yaml, problems)) {
      return Optional.empty();
    }
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST_FILE + 1);
    limits.setNestingDepthLimit(DEEPEST_NESTING);
    limits.setMaxAliasesForCollections(MOST_ALIASES);
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(yaml), limits), new Resolver(), limits);
      if (!composer.checkNode()) {
        problems.error(
            Position.FILE, "is empty", "`clusterctl init` writes one with comments to start from");
        return Optional.empty();
      }
      Node document = composer.getNode();
      if (composer.checkNode()) {
        problems.error(
            Position.of(composer.getNode()),
            "a second YAML document begins here",
            "one file describes one cluster: remove the '---' or use a file for each");
        return Optional.empty();
      }
      return Optional.of(document);
    } catch (MarkedYAMLException e) {
      problems.error(syntaxPosition(e), syntaxMessage(e), syntaxAdvice(e));
    } catch (YAMLException e) {
      // The limits are reported without a position.
      problems.error(Position.FILE, limitMessage(e), "write it out plainly");
    }
    return Optional.empty();
  }

  private static boolean isPrintable(String yaml, Problems problems) {
    for (int i = 0; i < yaml.length(); i += Character.charCount(yaml.codePointAt(i))) {
      if (!StreamReader.isPrintable(yaml.codePointAt(i))) {
        problems.error(
            Position.at(yaml, i),
            "the control character U+%04X is not allowed in YAML".formatted(yaml.codePointAt(i)),
            "remove it");
        return false;
      }
    }
    return true;
  }

  private static Position syntaxPosition(MarkedYAMLException e) {
    if (e.getProblemMark() != null) {
      return Position.of(e.getProblemMark());
    }
    return e.getContextMark() == null ? Position.FILE : Position.of(e.getContextMark());
  }

  private static String syntaxMessage(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? "can't be read" : e.getProblem().strip();
    String context = e.getContext() == null ? "" : e.getContext().strip() + ": ";
    return "not YAML: " + (context + problem).replaceAll("\\s+", " ");
  }

  private static String syntaxAdvice(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("TAB")) {
      return "YAML is indented with spaces, never with tabs";
    }
    if (problem.contains("mapping values are not allowed here")) {
      return "check the indentation, and put quotes around a text that holds ': '";
    }
    if (problem.contains("expected <block end>") || problem.contains("could not find expected")) {
      return "check the indentation and the ':' after each key, here and in the line above";
    }
    if (problem.contains("undefined alias")) {
      return "put quotes around a text that begins with '*', or define the anchor before it";
    }
    return "check this line and the one above";
  }

  private static String limitMessage(YAMLException e) {
    String text = String.valueOf(e.getMessage());
    if (text.contains("aliases")) {
      return "uses more than %d aliases (*name) of lists and mappings".formatted(MOST_ALIASES);
    }
    if (text.contains("Nesting Depth")) {
      return "is nested deeper than %d levels".formatted(DEEPEST_NESTING);
    }
    return "can't be read as YAML: " + text.lines().findFirst().orElse("");
  }
}
