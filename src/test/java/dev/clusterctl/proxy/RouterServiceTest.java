package dev.clusterctl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.remote.RemoteException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterServiceTest {
  private static final Set<Integer> PORTS = Set.of(6446, 6447);

  // As a machine with Debian sid printed it.
  private static final String RUNNING =
      """
      MySQL Router  Ver 9.7.4-2 for Linux on x86_64 ((Debian))
      ---
      active
      ---
      LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
      LISTEN 0      4096         0.0.0.0:6446       0.0.0.0:*
      LISTEN 0      4096            [::]:6447          [::]:*
      """;

  @Test
  void aRouterThatRunsAndListensIsHealthy() throws Exception {
    RouterService router = RouterService.parse("proxy", RUNNING, PORTS);
    assertThat(router.version()).contains("9.7.4");
    assertThat(router.isHealthy()).isTrue();
  }

  @Test
  void aPortAtWhichNobodyListensIsNamed() throws Exception {
    RouterService router =
        RouterService.parse("proxy", RUNNING.replace("0.0.0.0:6446", "0.0.0.0:16446"), PORTS);
    assertThat(router.silentPorts()).containsExactly(6446);
    assertThat(router.isHealthy()).isFalse();
  }

  @Test
  void aServiceThatFailedIsNotHealthy() throws Exception {
    RouterService router =
        RouterService.parse("proxy", RUNNING.replace("\nactive", "\nfailed"), PORTS);
    assertThat(router.service()).isEqualTo("failed");
    assertThat(router.isHealthy()).isFalse();
  }

  @Test
  void noRouterAtAllIsNoVersion() throws Exception {
    RouterService router = RouterService.parse("proxy", "---\ninactive\n---\n", PORTS);
    assertThat(router.version()).isEqualTo(Optional.empty());
    assertThat(router.silentPorts()).isEqualTo(PORTS);
  }

  @Test
  void whatCannotBeReadIsAFailure() {
    assertThatThrownBy(() -> RouterService.parse("proxy", "Segmentation fault\n", PORTS))
        .isInstanceOf(RemoteException.class)
        .hasMessageContaining("proxy");
  }
}
