package dev.clusterctl.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Manual pages in troff's man macros, made from the commands themselves. */
final class ManPages {
  private ManPages() {}

  /** A page for the program and one for each command, by file name. */
  static Map<String, String> of(CommandLine root) {
    Map<String, String> pages = new TreeMap<>();
    pages.put("clusterctl.1", page(root.getCommandSpec()));
    root.getSubcommands()
        .forEach(
            (name, command) ->
                pages.put("clusterctl-%s.1".formatted(name), page(command.getCommandSpec())));
    return pages;
  }

  private static String page(CommandSpec command) {
    String name = command.qualifiedName("-");
    StringBuilder page = new StringBuilder();
    page.append(".TH \"%s\" 1 \"\" \"clusterctl %s\"\n".formatted(upper(name), version()));
    List<String> description = List.of(command.usageMessage().description());
    page.append(".SH NAME\n").append(escape(name));
    page.append(" \\- ").append(escape(description.get(0))).append('\n');
    page.append(".SH SYNOPSIS\n.B ").append(escape(command.qualifiedName())).append('\n');
    page.append("[OPTIONS]").append(command.subcommands().isEmpty() ? "" : " COMMAND");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      page.append(' ').append(escape(parameter.paramLabel()));
    }
    page.append("\n.SH DESCRIPTION\n.nf\n");
    description.forEach(line -> page.append(escape(line)).append('\n'));
    page.append(".fi\n");
    arguments(page, "ARGUMENTS", command.positionalParameters());
    arguments(page, "OPTIONS", command.options().stream().filter(o -> !o.inherited()).toList());
    arguments(
        page,
        "OPTIONS OF EVERY COMMAND",
        command.options().stream().filter(OptionSpec::inherited).toList());
    commands(page, command);
    page.append(".SH EXIT STATUS\n");
    for (ExitCode code : ExitCode.OWN) {
      entry(page, String.valueOf(code.code()), code.meaning());
    }
    page.append(".SH ENVIRONMENT\n");
    entry(page, "CLUSTERCTL_FILE", "The cluster.yaml, where --file doesn't name it.");
    entry(page, "NO_COLOR", "Where it is set and not empty: no colours.");
    return page.toString();
  }

  private static void commands(StringBuilder page, CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    page.append(".SH COMMANDS\n");
    command
        .subcommands()
        .forEach(
            (name, sub) -> entry(page, name, sub.getCommandSpec().usageMessage().description()[0]));
  }

  private static void arguments(
      StringBuilder page, String heading, List<? extends ArgSpec> arguments) {
    List<? extends ArgSpec> shown = arguments.stream().filter(a -> !a.hidden()).toList();
    if (shown.isEmpty()) {
      return;
    }
    page.append(".SH \"").append(heading).append("\"\n");
    for (ArgSpec argument : shown) {
      entry(page, label(argument), String.join(" ", argument.description()));
    }
  }

  private static String label(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private static void entry(StringBuilder page, String term, String text) {
    page.append(".TP\n.B ").append(escape(term)).append('\n').append(escape(text)).append('\n');
  }

  private static String version() {
    return escape(HelpPages.version());
  }

  private static String upper(String name) {
    return escape(name.toUpperCase(java.util.Locale.ROOT));
  }

  /**
   * Text as troff must see it: a leading dot or quote begins a command, a bare hyphen may break.
   */
  private static String escape(String text) {
    return text.lines()
        .map(line -> line.replace("\\", "\\e").replace("-", "\\-"))
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .collect(Collectors.joining("\n"));
  }
}
