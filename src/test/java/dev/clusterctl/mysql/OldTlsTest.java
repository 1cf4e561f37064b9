package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MySQL 5.7.22 has TLS 1.1 at best, and a current Java 1.2 at least. */
@Tag("integration")
class OldTlsTest {
  @TempDir private Path directory;

  @Test
  void theTunnelReachesAServerWhoseTlsIsTooOldForJava() throws Exception {
    String certificate = ServerCertificate.options(directory);
    try (TunnelledServer server =
        new TunnelledServer(RealServer.Release.MYSQL_5_7_22, directory, certificate)) {
      try (Session session = server.open(TunnelledServer.ROOT)) {
        assertThat(session.value("SELECT @@version")).contains("5.7.22");
        // It does have TLS: what it can isn't what Java takes.
        assertThat(session.value("SELECT @@have_ssl")).contains("YES");
        assertThat(session.query("SHOW STATUS LIKE 'Ssl_version'").get(0).text("Value")).isEmpty();
      }
      MySqlException e =
          catchThrowableOfType(
              MySqlException.class,
              () ->
                  server
                      .node()
                      .open(TunnelledServer.ROOT, MySqlServer.Tls.REQUIRED, Duration.ofSeconds(30))
                      .close());
      assertThat(e)
          .hasMessageContaining("db1: connecting to MySQL as root: TLS can't be agreed on")
          .hasMessageContaining("TLS");
      assertThat(e.advice()).contains("5.7.28").contains("tunnel");
    }
  }
}
