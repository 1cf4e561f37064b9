package dev.clusterctl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientCheckTest {

  @Test
  void aTimeOutSaysWhatItWaitedForAndWhatItSawLast() throws Exception {
    int nobody = ProxySqlBinary.freePort();
    ClientCheck check = new ClientCheck("127.0.0.1", nobody, "shop", "app", "geheim", true);
    assertThatThrownBy(() -> check.await(ClientCheck.Purpose.WRITE, Duration.ofMillis(500)))
        .isInstanceOfSatisfying(
            ProxySqlException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ProxySqlException.Kind.CONNECTION);
              assertThat(e.advice()).contains("status");
            })
        .hasMessageContaining("client of app")
        .hasMessageContaining("127.0.0.1:" + nobody)
        .hasMessageContaining("a server that takes writes")
        .hasMessageContaining("Connection refused")
        .hasMessageNotContaining("geheim");
    assertThat(check.toString()).doesNotContain("geheim");
  }
}
