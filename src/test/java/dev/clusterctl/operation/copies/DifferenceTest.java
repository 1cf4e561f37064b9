package dev.clusterctl.operation.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final TableColumn ID =
      new TableColumn("id", "int", "int", Optional.empty(), Optional.empty(), false, false);

  private static TableShape table(List<TableColumn> key) {
    return new TableShape(new TableName("app", "t"), List.of(ID), key, "PRIMARY", 0);
  }

  @Test
  void rowsAreMissingOnlyThereOrDifferent() {
    Difference found =
        Difference.ofRows(
            "db2",
            table(List.of(ID)),
            new KeyRange(List.of("0"), List.of("10")),
            Map.of(
                List.of("1"), List.of("a"), List.of("2"), List.of("b"), List.of("3"), List.of("c")),
            Map.of(
                List.of("1"),
                List.of("a"),
                List.of("2"),
                List.of("x"),
                List.of("4"),
                List.of("d")));
    assertThat(found.missing()).isEqualTo(1);
    assertThat(found.extra()).isEqualTo(1);
    assertThat(found.changed()).isEqualTo(1);
    assertThat(found.line())
        .isEqualTo(
            "db2: id > 0 and id <= 10: rows: 1 missing, 1 only there, 1 different"
                + " (2 differs; 3 missing; 4 only there)");
  }

  @Test
  void withoutAKeyRowsAreCountedOneByOne() {
    Difference found =
        Difference.ofRows(
            "db2",
            table(List.of()),
            KeyRange.ALL,
            Map.of(List.of(), List.of("a", "a", "b")),
            Map.of(List.of(), List.of("a", "c")));
    assertThat(found.missing()).isEqualTo(2);
    assertThat(found.extra()).isEqualTo(1);
    assertThat(found.changed()).isZero();
    assertThat(found.examples()).isEmpty();
  }
}
