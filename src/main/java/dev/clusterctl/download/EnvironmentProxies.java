package dev.clusterctl.download;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The web proxy that the environment names for HTTPS, as curl and apt understand it: {@code
 * https_proxy} or {@code HTTPS_PROXY}, else {@code all_proxy} or {@code ALL_PROXY}; not for hosts
 * in {@code no_proxy} or {@code NO_PROXY}. Where it names none, Java's own settings count.
 */
final class EnvironmentProxies extends ProxySelector {
  private static final int USUAL_PORT = 3128;

  private final Optional<InetSocketAddress> proxy;
  private final List<String> direct;

  /**
   * @throws DownloadException if the variable's value is none that can be used
   */
  EnvironmentProxies(Map<String, String> environment) throws DownloadException {
    Optional<String> url =
        value(environment, "https_proxy").or(() -> value(environment, "all_proxy"));
    this.proxy = url.isEmpty() ? Optional.empty() : Optional.of(address(url.orElseThrow()));
    this.direct =
        value(environment, "no_proxy")
            .map(hosts -> List.of(hosts.toLowerCase(Locale.ROOT).strip().split("[\\s,]+")))
            .orElse(List.of());
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(text -> !text.isBlank());
  }

  private static InetSocketAddress address(String text) throws DownloadException {
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      if (uri.getUserInfo() != null) {
        // Not repeated in the message: it holds a password.
        throw unusable("it names a user, and proxies that ask for one aren't supported");
      }
      if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
        throw unusable("it must be http://HOST:PORT");
      }
      return InetSocketAddress.createUnresolved(
          uri.getHost(), uri.getPort() < 0 ? USUAL_PORT : uri.getPort());
    } catch (URISyntaxException e) {
      throw unusable("it must be http://HOST:PORT");
    }
  }

  private static DownloadException unusable(String why) {
    return new DownloadException(
        "the proxy in the environment (https_proxy or all_proxy) can't be used: " + why,
        List.of(),
        "correct it, or put the package files into a directory and name that in downloads.directory",
        null);
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    if (proxy.isEmpty()) {
      ProxySelector java = ProxySelector.getDefault();
      return java == null ? List.of(Proxy.NO_PROXY) : java.select(uri);
    }
    return direct.stream().anyMatch(entry -> matches(host, entry))
        ? List.of(Proxy.NO_PROXY)
        : proxy.map(a -> List.of(new Proxy(Proxy.Type.HTTP, a))).orElse(List.of(Proxy.NO_PROXY));
  }

  /** {@code example.org} and {@code .example.org} both mean the host and all below it. */
  private static boolean matches(String host, String entry) {
    String name = entry.startsWith(".") ? entry.substring(1) : entry;
    return entry.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // Whoever connects gets the failure itself.
  }
}
