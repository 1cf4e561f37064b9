package dev.clusterctl.step;

import java.util.List;
import java.util.Set;

/**
 * One thing that must be true on one machine (or of the cluster as a whole), with the means to find
 * out and to make it so. Both {@link #check} and {@link #apply} may be called at any time and any
 * number of times: whoever was killed in the middle of one can start again.
 */
public interface Step {

  /** Unique in its plan and stable between runs: {@code db1/option-file}. */
  String id();

  /** What it makes true, for people: "option file in place". */
  String title();

  /** The machine it changes, or {@link #CLUSTER}. */
  String subject();

  /** The subject of steps that belong to no single machine. */
  String CLUSTER = "cluster";

  /** The steps that must be satisfied before this one can be checked or applied. */
  Set<String> needs();

  /**
   * Steps that must be over before this one begins, however they ended, as long as one of them is
   * satisfied: for a step that can do its part with what is there.
   */
  default Set<String> after() {
    return Set.of();
  }

  /**
   * Is it so already? Changes nothing.
   *
   * @throws Exception if that can't be found out, which is a failure and never "not so yet"
   */
  Check check() throws Exception;

  /**
   * Makes it so. Called only after {@link #check} said that something differs.
   *
   * @param progress told what is going on, for steps that take long
   */
  void apply(Progress progress) throws Exception;

  /**
   * Whether {@link #apply} itself makes sure that it worked. Otherwise {@link #check} is called a
   * second time after it, and the step has failed if something still differs.
   */
  default boolean verifiesItself() {
    return false;
  }

  /**
   * Whether a plan asks {@link #check} too where what this step needs isn't so yet, and tells what
   * it would change: for what nobody may be surprised by.
   */
  default boolean foreseeable() {
    return false;
  }

  /** Where a step that takes long says how far it is. */
  @FunctionalInterface
  interface Progress {
    void report(String detail);
  }

  /** What a check found. */
  sealed interface Check {

    /**
     * Nothing to do.
     *
     * @param notes what people should know all the same, a line each
     */
    record Satisfied(List<String> notes) implements Check {
      public Satisfied {
        notes = List.copyOf(notes);
      }
    }

    /**
     * Something to do.
     *
     * @param changes what {@link Step#apply} would change, a line each, for people
     * @param diff a unified diff where the change is one of a file; empty otherwise
     */
    record Differs(List<String> changes, List<String> diff) implements Check {
      public Differs {
        changes = List.copyOf(changes);
        diff = List.copyOf(diff);
      }
    }

    static Check satisfied() {
      return new Satisfied(List.of());
    }

    static Check differs(String... changes) {
      return new Differs(List.of(changes), List.of());
    }
  }
}
