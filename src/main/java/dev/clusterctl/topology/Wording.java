package dev.clusterctl.topology;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How messages quote what the user wrote, and guess what was meant. */
final class Wording {
  private static final int LONGEST_QUOTE = 60;

  private Wording() {}

  /**
   * The text in single quotes, shortened, with anything a terminal might obey shown as {@code
   * \\u001b}.
   */
  static String quote(String text) {
    StringBuilder shown = new StringBuilder("'");
    int[] characters = text.codePoints().toArray();
    for (int i = 0; i < Math.min(characters.length, LONGEST_QUOTE); i++) {
      int c = characters[i];
      int type = Character.getType(c);
      if (Character.isISOControl(c)
          || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        shown.append("\\u%04x".formatted(c));
      } else {
        shown.appendCodePoint(c);
      }
    }
    return shown.append(characters.length > LONGEST_QUOTE ? "…'" : "'").toString();
  }

  /** {@code did you mean 'address'? allowed: name, address}, the first part only where it helps. */
  static String didYouMean(String word, Collection<String> allowed) {
    return closest(word, allowed).map(c -> "did you mean '" + c + "'? ").orElse("")
        + "allowed: "
        + String.join(", ", allowed);
  }

  /** The allowed word that was most likely meant, if any is near enough. */
  static Optional<String> closest(String word, Collection<String> allowed) {
    String wanted = normal(word);
    if (wanted.isEmpty() || wanted.length() > LONGEST_QUOTE) {
      return Optional.empty();
    }
    Comparator<String> nearest = Comparator.comparingInt(a -> distance(wanted, normal(a)));
    Optional<String> near =
        allowed.stream()
            .filter(
                a ->
                    distance(wanted, normal(a))
                        <= Math.max(1, Math.min(wanted.length(), a.length()) / 3))
            .min(nearest);
    return near.isPresent() || wanted.length() < 2
        ? near
        : allowed.stream()
            .filter(a -> normal(a).startsWith(wanted) || wanted.startsWith(normal(a)))
            .min(nearest);
  }

  private static String normal(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
  }

  /** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
