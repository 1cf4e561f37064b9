package dev.clusterctl.load;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The clause that says whose rights a view, trigger or routine works with.
 *
 * @param account {@code user@host}
 * @param start where the clause begins in the statement's text
 * @param end where it ends there
 */
record Definer(String account, int start, int end) {

  /** Finds it; empty where there is none, or it is whoever runs the statement. */
  static Optional<Definer> of(List<Token> tokens) {
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).is("DEFINER") && tokens.get(i + 1).is('=')) {
        Token user = tokens.get(i + 2);
        if (user.is("CURRENT_USER")) {
          return Optional.empty();
        }
        boolean host = i + 4 < tokens.size() && tokens.get(i + 3).is('@');
        int end = host ? hostEnd(tokens, i + 4) : user.end();
        String hostText =
            tokens.stream()
                .skip(i + 4L)
                .takeWhile(t -> host && t.end() <= end)
                .map(Token::text)
                .collect(Collectors.joining());
        return Optional.of(
            new Definer(user.text() + "@" + (host ? hostText : "%"), tokens.get(i).start(), end));
      }
    }
    return Optional.empty();
  }

  /** An unquoted host may have dots, which are words of their own. */
  private static int hostEnd(List<Token> tokens, int from) {
    if (tokens.get(from).kind() != Token.Kind.WORD) {
      return tokens.get(from).end();
    }
    int i = from;
    while (i + 1 < tokens.size()
        && tokens.get(i + 1).start() == tokens.get(i).end()
        && (tokens.get(i + 1).is('.') || tokens.get(i + 1).kind() == Token.Kind.WORD)) {
      i++;
    }
    return tokens.get(i).end();
  }
}
