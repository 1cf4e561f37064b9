package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.Account.Grant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivilegesTest {
  private static final List<String> KNOWN =
      List.of("Select", "Insert", "Super", "Grant option", "Proxy", "Usage", "BACKUP_ADMIN");
  private static final Grant ALL = new Grant("ALL PRIVILEGES", "*.*", true);

  private static Privileges granted(String... lines) {
    return Privileges.parse(List.of(lines), KNOWN);
  }

  private static Grant grant(String privileges, String on) {
    return new Grant(privileges, on, false);
  }

  @Test
  void whatOldServersPrintForEverythingIsEverything() {
    Privileges all = granted("GRANT ALL PRIVILEGES ON *.* TO 'a'@'b' WITH GRANT OPTION");
    assertThat(all.missing(ALL)).isEmpty();
    assertThat(all.missing(grant("SELECT", "`sys`.*"))).isEmpty();
    assertThat(granted("GRANT ALL PRIVILEGES ON *.* TO 'a'@'b'").missing(ALL))
        .containsExactly("GRANT OPTION on *.*");
  }

  @Test
  void whatNewServersPrintForEverythingIsEverythingThatTheyKnow() {
    String fixed = "GRANT SELECT, INSERT, SUPER ON *.* TO `a`@`b` WITH GRANT OPTION";
    String dynamic = "GRANT BACKUP_ADMIN ON *.* TO `a`@`b` WITH GRANT OPTION";
    assertThat(granted(fixed, dynamic).missing(ALL)).isEmpty();
    assertThat(granted(fixed, dynamic).besides(List.of(ALL))).isEmpty();
    assertThat(granted(fixed).missing(ALL)).containsExactly("BACKUP_ADMIN on *.*");
  }

  @Test
  void eachPrivilegeThatIsNotThereIsNamed() {
    Privileges some = granted("GRANT REPLICATION SLAVE ON *.* TO `a`@`b`");
    assertThat(some.missing(grant("REPLICATION SLAVE, BACKUP_ADMIN, SUPER", "*.*")))
        .containsExactly("BACKUP_ADMIN, SUPER on *.*");
  }

  @Test
  void aWiderGrantIsEnoughAndANarrowerOneIsNot() {
    Privileges schema = granted("GRANT SELECT ON `sys`.* TO `a`@`b`");
    assertThat(schema.missing(grant("SELECT", "`sys`.`x`"))).isEmpty();
    assertThat(schema.missing(grant("SELECT", "sys.*"))).isEmpty();
    assertThat(schema.missing(grant("SELECT", "*.*"))).containsExactly("SELECT on *.*");
    assertThat(schema.missing(grant("SELECT", "`other`.*"))).containsExactly("SELECT on other.*");
    Privileges table = granted("GRANT SELECT ON `sys`.`x` TO `a`@`b`");
    assertThat(table.missing(grant("SELECT", "`sys`.*"))).containsExactly("SELECT on sys.*");
    assertThat(granted("GRANT SELECT (`c`), INSERT ON `sys`.`x` TO `a`@`b`"))
        .satisfies(
            columns -> {
              assertThat(columns.missing(grant("SELECT", "`sys`.`x`"))).isNotEmpty();
              assertThat(columns.missing(grant("INSERT", "`sys`.`x`"))).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT ALL PRIVILEGES ON `my\\_db`.* TO `a`@`b`",
        "GRANT ALL PRIVILEGES ON \"my\\_db\".* TO \"a\"@\"b\"",
        "GRANT ALL PRIVILEGES ON my\\_db.* TO a@b"
      })
  void namesAreReadHoweverTheServerQuotesThem(String line) {
    // Without quotes a backslash can't be: such a line is none that says this.
    boolean quoted = !line.contains("ON my");
    assertThat(
            granted(line)
                .missing(grant("ALL PRIVILEGES", Quoting.grantSchema("my_db") + ".*"))
                .isEmpty())
        .isEqualTo(quoted);
    assertThat(granted("GRANT SELECT ON `a``b`.* TO `a`@`b`").missing(grant("SELECT", "`a``b`.*")))
        .isEmpty();
  }

  @Test
  void whatSomebodyElseGrantedIsNamedWhateverItIs() {
    List<Grant> wanted = List.of(grant("SELECT", "`sys`.*"));
    assertThat(
            granted(
                    "GRANT USAGE ON *.* TO `a`@`b`",
                    "GRANT SELECT, INSERT ON `sys`.* TO `a`@`b`",
                    "GRANT SELECT ON `sys`.`x` TO `a`@`b`",
                    "GRANT `role`@`%` TO `a`@`b`")
                .besides(wanted))
        .containsExactly("INSERT on sys.*", "GRANT `role`@`%` TO `a`@`b`");
  }

  @Test
  void aNativePasswordIsKeptAsMySqlKeepsIt() {
    // SELECT PASSWORD('secret') of MySQL 5.7.
    assertThat(NativePassword.hash("secret"))
        .isEqualTo("*14E65567ABDB5135D0CFD9A70B3032C179A49EE7");
  }
}
