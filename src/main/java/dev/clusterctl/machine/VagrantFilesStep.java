package dev.clusterctl.machine;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.clusterctl.step.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Vagrantfile, and the scripts that it names, are where Vagrant runs. */
final class VagrantFilesStep extends BasicStep {
  static final String ID = "cluster/vagrantfile";
  private static final int CONTEXT_LINES = 2;

  private final VagrantProvider provider;

  VagrantFilesStep(VagrantProvider provider) {
    super(ID, "Vagrantfile in place", Step.CLUSTER, Set.of(VagrantReadyStep.ID));
    this.provider = provider;
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    List<String> diff = new ArrayList<>();
    for (Map.Entry<String, String> file : provider.files().entrySet()) {
      Optional<String> found = provider.directory().read(file.getKey());
      if (found.equals(Optional.of(file.getValue()))) {
        continue;
      }
      changes.add((found.isEmpty() ? "make " : "change ") + file.getKey());
      if (found.isPresent()) {
        List<String> before = found.get().lines().toList();
        diff.addAll(
            UnifiedDiffUtils.generateUnifiedDiff(
                file.getKey() + " (now)",
                file.getKey(),
                before,
                DiffUtils.diff(before, file.getValue().lines().toList()),
                CONTEXT_LINES));
      }
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, diff);
  }

  @Override
  public void apply(Progress progress) throws IOException {
    provider.directory().write(provider.files());
  }
}
