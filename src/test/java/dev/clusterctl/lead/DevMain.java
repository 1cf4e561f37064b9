package dev.clusterctl.lead;
import dev.clusterctl.operation.*;
import dev.clusterctl.output.*;
import dev.clusterctl.step.*;
import dev.clusterctl.topology.*;
import java.nio.file.Path;
import java.util.Optional;
public class DevMain {
  public static void main(String[] a) throws Exception {
    ReadResult r = TopologyReader.read(Path.of(a[1]));
    r.problems().forEach(System.out::println);
    Topology t = r.topology().orElseThrow();
    PlainOutput out = new PlainOutput(System.out, new Style(Terminal.of(false,true,System.getenv())), System::nanoTime, true);
    Summary summary = new Summary();
    EventSink sink = e -> { summary.accept(e); out.accept(e); };
    try (Cluster c = new Cluster(t, StateDirectory.open(t.stateDirectory()), System.getenv())) {
      Report rep;
      if (a[0].equals("down")) rep = new Down(c).run(new Executor(16, sink), Executor.Mode.APPLY);
      else { Up up = new Up(c); rep = up.run(new Executor(16, sink), a[0].equals("up") ? Executor.Mode.APPLY : Executor.Mode.PLAN); }
      summary.show(out, rep, Optional.empty());
      rep.failures().forEach(f -> f.cause().printStackTrace());
      if (a[0].equals("status")) System.out.println(new Status(c).look());
    }
  }
}
