package dev.clusterctl.mysql.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.MetadataVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MetadataSchemaTest {

  @ParameterizedTest
  @CsvSource({
    // version, tables, views with schema_version, procedures
    "V2_0_0, 6, 9, 0",
    "V2_1_0, 9, 12, 10",
    "V2_2_0, 9, 13, 12",
    "V2_3_0, 10, 13, 12",
    "V2_4_0, 11, 13, 12",
  })
  void eachVersionHasItsTablesViewsAndProcedures(
      MetadataVersion version, int tables, int views, int procedures) {
    List<String> statements = MetadataSchema.statements(version);
    assertThat(statements).filteredOn(s -> s.startsWith("CREATE TABLE")).hasSize(tables);
    assertThat(statements).filteredOn(s -> s.contains(" VIEW ")).hasSize(views);
    assertThat(statements).filteredOn(s -> s.startsWith("CREATE PROCEDURE")).hasSize(procedures);
  }

  @ParameterizedTest
  @EnumSource(MetadataVersion.class)
  void theVersionIsSaidLastWhenAllElseIsThere(MetadataVersion version) {
    List<String> statements = MetadataSchema.statements(version);
    assertThat(statements.get(statements.size() - 1))
        .contains("schema_version")
        .contains("SELECT 2 AS major")
        .contains(version.toString().substring(2, 3) + " AS minor");
    assertThat(statements).noneMatch(s -> s.contains("%schema%") || s.contains("%%"));
  }

  @ParameterizedTest
  @CsvSource({
    "8.0.19, 2.0.0",
    "8.0.26, 2.0.0",
    "8.0.27, 2.1.0",
    "8.0.46, 2.1.0",
    "8.1.0, 2.2.0",
    "8.4.13, 2.2.0",
    "9.1.0, 2.2.0",
    "9.2.0, 2.3.0",
    "9.5.0, 2.3.0",
    "9.6.0, 2.4.0",
    "9.7.4, 2.4.0",
    "26.10.0, 2.4.0",
  })
  void aServerGetsTheVersionThatTheMySqlShellOfItsReleaseMakes(String server, String metadata) {
    assertThat(MetadataVersion.of(dev.clusterctl.dialect.ServerVersion.parse(server).orElseThrow()))
        .hasToString(metadata);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "0, 0, 0", "2, 5, 0", "3, 0, 0"})
  void otherVersionsAreNotTakenForOneOfThese(int major, int minor, int patch) {
    assertThat(MetadataVersion.parse(major, minor, patch)).isEmpty();
  }
}
