package dev.clusterctl.machine;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.clusterctl.step.Step;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The Vagrantfile is where Vagrant runs. */
final class VagrantfileStep extends BasicStep {
  static final String ID = "cluster/vagrantfile";
  private static final int CONTEXT_LINES = 2;

  private final VagrantProvider provider;

  VagrantfileStep(VagrantProvider provider) {
    super(ID, "Vagrantfile in place", Step.CLUSTER, Set.of(VagrantReadyStep.ID));
    this.provider = provider;
  }

  @Override
  public Check check() throws IOException {
    String wanted = provider.vagrantfile();
    Optional<String> found = provider.directory().read(VagrantDirectory.VAGRANTFILE);
    if (found.isEmpty()) {
      return Check.differs("make " + file());
    }
    if (found.get().equals(wanted)) {
      return Check.satisfied();
    }
    List<String> before = found.get().lines().toList();
    return new Check.Differs(
        List.of("change " + file()),
        UnifiedDiffUtils.generateUnifiedDiff(
            file() + " (now)",
            file(),
            before,
            DiffUtils.diff(before, wanted.lines().toList()),
            CONTEXT_LINES));
  }

  @Override
  public void apply(Progress progress) throws IOException {
    provider.directory().write(VagrantDirectory.VAGRANTFILE, provider.vagrantfile());
  }

  private String file() {
    return provider.directory().root().resolve(VagrantDirectory.VAGRANTFILE).toString();
  }
}
