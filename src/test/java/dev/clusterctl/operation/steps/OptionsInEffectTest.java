package dev.clusterctl.operation.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsInEffectTest {

  @Test
  void filesThatDifferInCommentsAndSpellingDoNotDiffer() {
    assertThat(
            OptionsInEffect.between(
                "[mysqld]\n# old\nmax-connections = 60\nloose-group_replication_a=1\n",
                "[mysqld]\nmax_connections=60\nloose_group_replication_a = 1\n"))
        .isEmpty();
  }

  @Test
  void otherSectionsDoNotCount() {
    assertThat(OptionsInEffect.between("[client]\nport=1\n[mysqld]\n", "[client]\nport=2\n"))
        .isEmpty();
  }

  @Test
  void theLastOfTwoValuesCounts() {
    assertThat(OptionsInEffect.between("[mysqld]\na=1\na=2\n", "[mysqld]\na=2\n")).isEmpty();
  }

  @Test
  void allPluginsCount() {
    assertThat(
            OptionsInEffect.between(
                "[mysqld]\nplugin_load_add=x.so\nplugin_load_add=y.so\n",
                "[mysqld]\nplugin_load_add=y.so\n"))
        .hasSize(1);
  }

  @Test
  void aSizeIsSetAsBytes() {
    assertThat(change("32M", "64M")).isEqualTo("SET GLOBAL `a` = 67108864");
    assertThat(change("1", "2k")).isEqualTo("SET GLOBAL `a` = 2048");
  }

  @Test
  void aNumberIsSetAsANumberAndTextAsText() {
    assertThat(change("1", "2")).isEqualTo("SET GLOBAL `a` = 2");
    assertThat(change("ON", "OFF")).isEqualTo("SET GLOBAL `a` = 'OFF'");
    assertThat(change("'x'", "'it''s'")).isEqualTo("SET GLOBAL `a` = 'it''''s'");
  }

  @Test
  void anOptionThatIsGoneIsSetToItsDefault() {
    var difference = OptionsInEffect.between("[mysqld]\na=1\n", "[mysqld]\n").get(0);
    assertThat(difference.wanted()).isEqualTo(Optional.empty());
    assertThat(difference.statement()).isEqualTo("SET GLOBAL `a` = DEFAULT");
  }

  private static String change(String now, String wanted) {
    return OptionsInEffect.between("[mysqld]\na=" + now, "[mysqld]\na=" + wanted)
        .get(0)
        .statement();
  }
}
