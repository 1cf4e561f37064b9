package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An independent validator reads the schema as an editor would. */
class JsonSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final com.networknt.schema.JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(JsonSchema.text());

  private static Set<ValidationMessage> validate(String yaml) {
    Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return SCHEMA.validate(JSON.valueToTree(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cluster.yaml",
        "examples/simkp.yaml",
        "examples/sandbox.yaml",
        "examples/sandbox-single-primary.yaml"
      })
  void theExamplesFit(String file) throws IOException {
    assertThat(validate(Files.readString(Path.of(file)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Machines.Provider.class)
  void whatInitWritesFits(Machines.Provider provider) {
    assertThat(validate(InitTemplate.text("shop", provider, Replication.Type.INNODB_CLUSTER, 3)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "name: shop > name: Shop",
        "name: shop > nmae: shop",
        "provider: docker > provider: dokcer",
        "version: 9.7 > version: nine",
        "version: 9.7 > version: [9]",
        "packages: distro > packages: {debs: []}",
        "packages: distro > packages: {debs: [{url: 'http://x/a.deb'}]}",
        "packages: distro > options: {x: [1]}",
        "packages: distro > options: {'a b': 1}",
        "mode: multi-primary > mode: multi",
        "mode: multi-primary > failover: {member-expel-timeout: 3601}",
        "address: 10.1.1.12 > address: 10.1.1.300",
        "address: 10.1.1.12 > server-id: 0",
        "user: app > usr: app",
        "user: app > password: 12",
      })
  void aMistakeOfShapeDoesNotFit(String before, String after) {
    assertThat(MistakesTest.GOOD).contains(before);
    assertThat(validate(MistakesTest.GOOD.replace(before, after))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.clusterctl.topology.MistakesTest#mistakes")
  void whatTheReaderTakesFitsTheSchema(MistakesTest.Mistake mistake) {
    if (TopologyReader.readText(mistake.text(), Path.of("c.yaml")).topology().isPresent()) {
      assertThat(validate(mistake.text())).isEmpty();
    }
  }

  @Test
  void everyKeyIsDescribed() throws IOException {
    JsonNode schema = JSON.readTree(JsonSchema.text());
    assertThat(schema.findValues("description")).hasSizeGreaterThan(60);
    for (JsonNode properties : schema.findValues("properties")) {
      properties
          .properties()
          .forEach(
              property ->
                  assertThat(property.getValue().path("description").asText())
                      .as(property.getKey())
                      .isNotBlank());
    }
    assertThat(schema.at("/properties/machines/properties/memory/default").asInt()).isEqualTo(512);
  }
}
