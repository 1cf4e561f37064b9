package dev.clusterctl.step;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** A step that differs until it is applied, unless told otherwise. */
public final class TestStep implements Step {
  private final String id;
  private Set<String> needs = Set.of();
  private Set<String> after = Set.of();
  private String subject = "db1";
  private volatile boolean satisfied;
  private boolean applyHelps = true;
  private boolean verifiesItself;
  private boolean foreseeable;
  private Callable<?> onCheck = () -> "";
  private Callable<?> onApply = () -> "";

  private TestStep(String id) {
    this.id = id;
  }

  public static TestStep step(String id) {
    return new TestStep(id);
  }

  public TestStep needing(String... ids) {
    needs = new LinkedHashSet<>(List.of(ids));
    return this;
  }

  public TestStep after(String... ids) {
    after = new LinkedHashSet<>(List.of(ids));
    return this;
  }

  public TestStep on(String machine) {
    subject = machine;
    return this;
  }

  public TestStep satisfied() {
    satisfied = true;
    return this;
  }

  public TestStep thatNeverHelps() {
    applyHelps = false;
    return this;
  }

  public TestStep thatVerifiesItself() {
    verifiesItself = true;
    return this;
  }

  public TestStep thatIsForeseeable() {
    foreseeable = true;
    return this;
  }

  public TestStep onCheck(Callable<?> action) {
    onCheck = action;
    return this;
  }

  public TestStep onApply(Callable<?> action) {
    onApply = action;
    return this;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title() {
    return "title of " + id;
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public Set<String> needs() {
    return needs;
  }

  @Override
  public Set<String> after() {
    return after;
  }

  @Override
  public boolean verifiesItself() {
    return verifiesItself;
  }

  @Override
  public boolean foreseeable() {
    return foreseeable;
  }

  @Override
  public Check check() throws Exception {
    onCheck.call();
    return satisfied ? Check.satisfied() : Check.differs(id + " is missing");
  }

  @Override
  public void apply(Progress progress) throws Exception {
    progress.report("half way");
    onApply.call();
    satisfied = applyHelps;
  }
}
