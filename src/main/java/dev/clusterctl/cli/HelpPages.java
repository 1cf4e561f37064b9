package dev.clusterctl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help looks: a command's own options first, then those that all have, then exit codes. */
final class HelpPages {
  private static final String GLOBAL_OPTIONS = "clusterctlGlobalOptions";
  private static final String EXIT_CODES = "clusterctlExitCodes";

  private HelpPages() {}

  static void arrange(CommandLine root) {
    arrangeOne(root);
    root.getSubcommands().values().forEach(HelpPages::arrangeOne);
  }

  /** The version as {@code --version} and man pages tell it. */
  static String version() {
    String version = HelpPages.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static void arrangeOne(CommandLine line) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    line.getCommandSpec().version("clusterctl " + version());
    usage.sortOptions(false);
    usage.sortSynopsis(false);
    usage.abbreviateSynopsis(true);
    usage.descriptionHeading("%n");
    usage.parameterListHeading("%n");
    usage.optionListHeading("%nOptions:%n");
    usage.commandListHeading("%nCommands:%n");
    Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
        help -> own(help).isEmpty() ? "" : help.optionListHeading());
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST,
        help -> help.optionListExcludingGroups(own(help)));
    sections.put(GLOBAL_OPTIONS, HelpPages::globalOptions);
    sections.put(EXIT_CODES, HelpPages::exitCodes);
    // The root's keys are those of its subcommands already.
    List<String> keys = new ArrayList<>(line.getHelpSectionKeys());
    keys.removeAll(List.of(GLOBAL_OPTIONS, EXIT_CODES));
    keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST) + 1, GLOBAL_OPTIONS);
    keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), EXIT_CODES);
    line.setHelpSectionKeys(keys);
  }

  private static List<OptionSpec> own(Help help) {
    return help.commandSpec().options().stream().filter(o -> !o.inherited()).toList();
  }

  private static String globalOptions(Help help) {
    List<OptionSpec> inherited =
        help.commandSpec().options().stream().filter(OptionSpec::inherited).toList();
    return inherited.isEmpty()
        ? ""
        : help.createHeading("%nOptions of every command:%n")
            + help.optionListExcludingGroups(inherited);
  }

  private static String exitCodes(Help help) {
    StringBuilder text = new StringBuilder(help.createHeading("%nExit codes:%n"));
    for (ExitCode code : ExitCode.OWN) {
      text.append("  %3d  %s%n".formatted(code.code(), code.meaning()));
    }
    return text.toString();
  }
}
