package dev.clusterctl.output;

import dev.clusterctl.step.Explained;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A failure in words.
 *
 * @param message what failed: its message and those of its causes that say something new
 * @param lastLines the failed command's own last lines; may be empty
 * @param advice what to do next; may be empty
 */
public record Explanation(String message, List<String> lastLines, String advice) {

  public Explanation {
    lastLines = List.copyOf(lastLines);
  }

  /** What the failure and its causes say, the outermost first. */
  public static Explanation of(Throwable failure) {
    List<String> messages = new ArrayList<>();
    List<String> lastLines = List.of();
    String advice = "";
    // A set, as causes may form a circle.
    Set<Throwable> chain = new LinkedHashSet<>();
    for (Throwable t = failure; t != null && chain.add(t); t = t.getCause()) {
      String message = messageOf(t);
      if (messages.stream().noneMatch(m -> m.contains(message))) {
        messages.add(message);
      }
      if (t instanceof Explained explained) {
        lastLines = lastLines.isEmpty() ? explained.lastLines() : lastLines;
        advice = advice.isEmpty() ? explained.advice() : advice;
      }
    }
    return new Explanation(
        String.join(": ", messages),
        lastLines.stream().map(Columns::clean).filter(l -> !l.isEmpty()).toList(),
        Columns.clean(advice));
  }

  private static String messageOf(Throwable failure) {
    String message = Columns.clean(String.valueOf(failure.getMessage()));
    String type = failure.getClass().getSimpleName();
    boolean unexpected = failure instanceof RuntimeException || failure instanceof Error;
    if (failure.getMessage() == null || message.isEmpty()) {
      return type;
    }
    // Such a message alone ("Index 3 out of bounds") means nothing to anybody.
    boolean ours = failure.getClass().getName().startsWith("dev.clusterctl.");
    return unexpected && !ours ? type + ": " + message : message;
  }

  /** As lines for people: the message, the last lines indented, the advice. */
  public List<String> lines(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(message);
    lastLines.forEach(l -> lines.add(style.faint("    " + l)));
    if (!advice.isEmpty()) {
      lines.add("  " + style.strong("try: ") + advice);
    }
    return List.copyOf(lines);
  }
}
