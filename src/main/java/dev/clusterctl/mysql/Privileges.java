package dev.clusterctl.mysql;

import dev.clusterctl.mysql.Account.Grant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an account may do, as {@code SHOW GRANTS} says it, to be held against what it should be
 * allowed. Versions print the same rights differently: before 8.0 all of them on {@code *.*} are
 * {@code ALL PRIVILEGES}, from then on each has its name, the dynamic ones on a line of their own.
 */
public final class Privileges {
  private static final String ALL = "ALL PRIVILEGES";

  /** Listed by {@code SHOW PRIVILEGES}, but not what {@code GRANT ALL} gives. */
  private static final Set<String> NEVER_IN_ALL = Set.of("GRANT OPTION", "PROXY", "USAGE");

  // Quoted as sql_mode and sql_quote_show_create have it.
  private static final String NAME = "(?:\\*|`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\"|[\\w$]+)";
  private static final Pattern SCOPE = Pattern.compile("(" + NAME + ")\\.(" + NAME + ")");
  private static final Pattern LINE =
      Pattern.compile(
          "GRANT (.+?) ON (" + NAME + "\\." + NAME + ") TO .+?( WITH GRANT OPTION)?",
          Pattern.DOTALL);
  private static final Pattern COMMA = Pattern.compile(",\\s*(?![^()]*\\))");

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final Set<String> everything;

  /** Everything, a schema, or a table; {@code *} stands for all. */
  private record Scope(String schema, String object) {
    static Scope of(String text) {
      Matcher m = SCOPE.matcher(text);
      if (!m.matches()) {
        throw new IllegalArgumentException("'%s' is nothing to grant on".formatted(text));
      }
      return new Scope(plain(m.group(1)), plain(m.group(2)));
    }

    private static String plain(String name) {
      String quote = name.substring(0, 1);
      return quote.equals("`") || quote.equals("\"")
          ? name.substring(1, name.length() - 1).replace(quote + quote, quote)
          : name;
    }

    boolean holds(Scope other) {
      return schema.equals("*")
          || (schema.equals(other.schema) && (object.equals("*") || object.equals(other.object)));
    }

    boolean isGlobal() {
      return schema.equals("*");
    }

    @Override
    public String toString() {
      return schema + "." + object;
    }
  }

  private record Entry(Scope scope, Set<String> privileges, boolean grantOption) {}

  private Privileges(Set<String> everything) {
    this.everything = everything;
  }

  /** Asks a server about an account that is there. */
  public static Privileges of(Session session, String user, String host) throws MySqlException {
    List<String> lines = new ArrayList<>();
    for (Row row : session.query("SHOW GRANTS FOR " + Quoting.account(user, host))) {
      lines.add(row.only());
    }
    List<String> names = new ArrayList<>();
    for (Row row : session.query("SHOW PRIVILEGES")) {
      names.add(row.text("Privilege"));
    }
    return parse(lines, names);
  }

  /**
   * @param grants the lines of {@code SHOW GRANTS}
   * @param privileges the names that {@code SHOW PRIVILEGES} lists
   */
  static Privileges parse(List<String> grants, List<String> privileges) {
    Set<String> everything = new TreeSet<>();
    privileges.forEach(name -> everything.add(name.toUpperCase(Locale.ROOT)));
    everything.removeAll(NEVER_IN_ALL);
    Privileges result = new Privileges(everything);
    for (String grant : grants) {
      Matcher m = LINE.matcher(grant);
      if (m.matches()) {
        result.entries.add(new Entry(Scope.of(m.group(2)), split(m.group(1)), m.group(3) != null));
      } else {
        result.others.add(grant);
      }
    }
    return result;
  }

  /** What of a grant isn't there: {@code SELECT on sys.*}; empty where all of it is. */
  public List<String> missing(Grant wanted) {
    Scope scope = Scope.of(wanted.on());
    Set<String> missing = new LinkedHashSet<>();
    for (String privilege : split(wanted.privileges())) {
      if (privilege.equals(ALL) && scope.isGlobal() && !granted(scope, ALL)) {
        everything.stream().filter(p -> !granted(scope, p)).forEach(missing::add);
      } else if (!granted(scope, privilege)) {
        missing.add(privilege);
      }
    }
    if (wanted.grantOption()
        && entries.stream().noneMatch(e -> e.grantOption() && e.scope().holds(scope))) {
      missing.add("GRANT OPTION");
    }
    return missing.isEmpty() ? List.of() : List.of(String.join(", ", missing) + " on " + scope);
  }

  /** What the account may do besides: what somebody else granted, a line each. */
  public List<String> besides(List<Grant> wanted) {
    List<String> besides = new ArrayList<>();
    for (Entry entry : entries) {
      Set<String> more = new LinkedHashSet<>(entry.privileges());
      more.remove("USAGE");
      more.removeIf(
          privilege -> wanted.stream().anyMatch(g -> allows(g, entry.scope(), privilege)));
      if (!more.isEmpty()) {
        besides.add(String.join(", ", more) + " on " + entry.scope());
      }
    }
    besides.addAll(others);
    return besides;
  }

  private static boolean allows(Grant grant, Scope scope, String privilege) {
    Set<String> privileges = split(grant.privileges());
    return Scope.of(grant.on()).holds(scope)
        && (privileges.contains(privilege) || privileges.contains(ALL));
  }

  private boolean granted(Scope scope, String privilege) {
    return entries.stream()
        .anyMatch(
            e ->
                e.scope().holds(scope)
                    && (e.privileges().contains(privilege) || e.privileges().contains(ALL)));
  }

  /** Columns stay with their privilege, spelled as they are: {@code SELECT (a, b)}. */
  private static Set<String> split(String privileges) {
    Set<String> result = new LinkedHashSet<>();
    for (String privilege : COMMA.split(privileges)) {
      String name = privilege.strip();
      result.add(name.contains("(") ? name : name.toUpperCase(Locale.ROOT));
    }
    return result;
  }
}
