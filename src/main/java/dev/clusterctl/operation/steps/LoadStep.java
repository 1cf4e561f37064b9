package dev.clusterctl.operation.steps;

import dev.clusterctl.load.Analysis;
import dev.clusterctl.load.LoadException;
import dev.clusterctl.load.LoadOptions;
import dev.clusterctl.load.LoadRecord;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.DataLoad;
import dev.clusterctl.operation.DataLoad.Begin;
import dev.clusterctl.operation.DataLoad.Way;
import dev.clusterctl.topology.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A database holds what its dump held. That is so once there are tables in it and no record of a
 * load that was interrupted: whatever became of them since is the application's.
 */
final class LoadStep extends ClusterStep {
  private final DataLoad load;
  private final String what;

  LoadStep(Cluster cluster, Database database, Path file, Set<String> needs) {
    super(
        CLUSTER,
        "load-" + database.name(),
        "%s loaded into %s".formatted(file.getFileName(), database.name()),
        needs,
        Set.of());
    this.load =
        new DataLoad(
            cluster, new DataLoad.Request(database, file, LoadOptions.NONE, new Way.AnyWriter()));
    this.what = "%s into %s".formatted(file.getFileName(), database.name());
  }

  @Override
  public Check check() throws IOException {
    Optional<LoadRecord> interrupted = load.interrupted();
    if (interrupted.isPresent()) {
      return Check.differs(
          "go on loading %s after line %,d".formatted(what, interrupted.get().line()));
    }
    return load.tables().isEmpty() ? Check.differs("load " + what) : Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    Begin begin = load.interrupted().isPresent() ? Begin.RESUME : Begin.NEW;
    Analysis analysis = load.analyze(begin, progress::report);
    if (analysis.totals().tables() == 0) {
      throw new LoadException(
          load.request().file() + " makes no table, so nobody could tell whether it is loaded",
          "load it by hand: clusterctl load");
    }
    load.load(analysis, begin, progress::report);
  }

  /** It throws unless every statement was acknowledged. */
  @Override
  public boolean verifiesItself() {
    return true;
  }
}
