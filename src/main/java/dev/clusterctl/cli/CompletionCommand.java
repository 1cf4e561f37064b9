package dev.clusterctl.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl completion}. */
@Command(
    name = "completion",
    description = {
      "Print a script that completes commands and options.",
      "bash: source <(clusterctl completion bash)",
      "zsh:  source <(clusterctl completion zsh)"
    })
final class CompletionCommand implements Callable<Integer> {

  /** Shells that are known. */
  enum Kind {
    BASH,
    ZSH
  }

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Kind kind;

  @Override
  public Integer call() {
    // picocli's script is bash's, and sets up zsh's emulation of bash completion by itself; zsh
    // needs its completion system loaded before.
    String before = kind == Kind.ZSH ? "autoload -U +X compinit && compinit\n" : "";
    String script = AutoComplete.bash("clusterctl", Clusterctl.commandLine(root.shell()));
    root.shell().out().print(before + script);
    return ExitCode.OK.code();
  }
}
