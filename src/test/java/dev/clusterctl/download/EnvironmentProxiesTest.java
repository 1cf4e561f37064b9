package dev.clusterctl.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
  private static final URI MYSQL = URI.create("https://dev.mysql.com/a.deb");

  @ParameterizedTest
  @CsvSource({
    "https_proxy, http://proxy.test:8080, 8080",
    "HTTPS_PROXY, http://proxy.test:8080/, 8080",
    "https_proxy, proxy.test:8080, 8080",
    "all_proxy, http://proxy.test, 3128",
  })
  void theProxyOfTheEnvironmentIsUsed(String name, String value, int port) throws Exception {
    assertThat(new EnvironmentProxies(Map.of(name, value)).select(MYSQL))
        .containsExactly(
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.test", port)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev.mysql.com", "mysql.com", ".mysql.com", "*", "a.test, MySQL.com"})
  void hostsThatNeedNoneAreReachedDirectly(String hosts) throws Exception {
    assertThat(
            new EnvironmentProxies(Map.of("https_proxy", "http://proxy.test", "no_proxy", hosts))
                .select(MYSQL))
        .containsExactly(Proxy.NO_PROXY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ysql.com", "test", "dev.mysql.com.test"})
  void otherHostsAreNot(String hosts) throws Exception {
    assertThat(
            new EnvironmentProxies(Map.of("https_proxy", "http://proxy.test", "no_proxy", hosts))
                .select(MYSQL))
        .isNotEqualTo(java.util.List.of(Proxy.NO_PROXY));
  }

  @Test
  void aPasswordInItIsRefusedAndNotRepeated() {
    assertThatThrownBy(
            () -> new EnvironmentProxies(Map.of("https_proxy", "http://me:geheim@proxy.test:80")))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("it names a user")
        .hasMessageNotContaining("geheim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://proxy.test", "http://", "http://a b"})
  void whatIsNoProxyIsRefused(String value) {
    assertThatThrownBy(() -> new EnvironmentProxies(Map.of("https_proxy", value)))
        .hasMessageContaining("it must be http://HOST:PORT");
  }
}
