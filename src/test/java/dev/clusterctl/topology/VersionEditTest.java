package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionEditTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql: {version: @, packages: distro}\n",
        "# Größe 😀\nmysql:\n  # why\n  version:   @   # and so on\nproxy: {version: 5.7.22}\n",
        "mysql: {version: '@'}\n",
        "mysql: {\"version\": \"@\"}\n",
        "\uFEFFname: x\nmysql:\r\n  version: @\r\n",
        "a: &a {x: 5.7.22}\nmysql:\n  version: @"
      })
  void onlyTheVersionItselfChanges(String text) {
    assertThat(VersionEdit.apply(text.replace("@", "5.7.22"), "8.0.46"))
        .contains(text.replace("@", "8.0.46"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql: &m\n  version: >\n    5.7.22\n",
        "a: &a {version: 5.7.22}\nmysql: {<<: *a}\n",
        "mysql: {version: &v 5.7.22}\n",
        "mysql: {version: !!str 5.7.22}\n",
        "mysql: 5.7.22\n",
        "name: x\n"
      })
  void whatIsNotWrittenOutAsOneWordIsLeftToItsAuthor(String text) {
    assertThat(VersionEdit.apply(text, "8.0.46")).isEmpty();
  }

  @Test
  void whatIsNoVersionNeverReachesTheFile() {
    assertThatThrownBy(() -> VersionEdit.apply("mysql: {version: 8.0}", "8.4 # x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
