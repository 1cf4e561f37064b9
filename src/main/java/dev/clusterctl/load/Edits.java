package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes of a statement's text. */
final class Edits {
  private record Edit(int start, int end, String text) {}

  private final List<Edit> edits = new ArrayList<>();

  /** Puts something in the place of a part of the text. */
  void replace(int start, int end, String text) {
    edits.add(new Edit(start, end, text));
  }

  /** Puts something before a place of the text. */
  void insert(int at, String text) {
    edits.add(new Edit(at, at, text));
  }

  boolean isEmpty() {
    return edits.isEmpty();
  }

  /**
   * Takes items out of a list that commas separate, with as many commas.
   *
   * @param all the whole list
   * @param gone those of it that go; not all of them
   */
  void remove(List<Definition> all, List<Definition> gone) {
    boolean first = true;
    for (int i = 0; i < all.size(); i++) {
      Definition item = all.get(i);
      if (!gone.contains(item)) {
        first = false;
      } else if (first) {
        // With the comma after it: everything before it goes too.
        replace(item.start(), all.get(i + 1).start(), "");
      } else {
        replace(all.get(i - 1).end(), item.end(), "");
      }
    }
  }

  /** The text with all of them. */
  String applyTo(String text) {
    StringBuilder result = new StringBuilder(text.length() + 64);
    int at = 0;
    for (Edit edit : edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList()) {
      result.append(text, at, Math.max(at, edit.start())).append(edit.text());
      at = Math.max(at, edit.end());
    }
    return result.append(text, at, text.length()).toString();
  }
}
