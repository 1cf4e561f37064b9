package dev.clusterctl.topology;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** A place in the file; line and column count from 1, columns in characters. */
record Position(int line, int column) {
  /** The file itself rather than a place in it. */
  static final Position FILE = new Position(0, 0);

  static Position of(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  static Position of(Node node) {
    return of(node.getStartMark());
  }

  /** The place of the character at an index of the text. */
  static Position at(String text, int index) {
    String before = text.substring(0, index);
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line, 1 + before.codePointCount(lineStart, before.length()));
  }
}
