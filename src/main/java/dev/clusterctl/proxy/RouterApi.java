package dev.clusterctl.proxy;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.remote.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * MySQL Router's REST API (version 20190715), which listens on the Router's own machine only: asked
 * through the machine's SSH connection.
 */
public final class RouterApi {
  private static final String BASE = "/api/20190715/";
  private static final int TIMEOUT_MS = 5_000;

  private final String machine;
  private final int port;
  private final String authorization;
  private final SSLContext tls;

  /**
   * A server that a route may send clients to.
   *
   * @param address its address
   * @param connections how many clients are on it now, through this route
   */
  public record Destination(String address, int connections) {}

  /**
   * A route.
   *
   * @param name as the configuration has it
   * @param alive whether it takes clients
   * @param destinations the servers that it knows, and those that clients are on
   */
  public record Route(String name, boolean alive, List<Destination> destinations) {
    public Route {
      destinations = List.copyOf(destinations);
    }
  }

  /**
   * @param apiPort where it listens on its machine
   */
  public RouterApi(Remote remote, int apiPort, String user, String password) throws IOException {
    this.machine = remote.machine();
    this.port = remote.tunnel("127.0.0.1", apiPort);
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    try {
      this.tls = SSLContext.getInstance("TLS");
      // The Router signed its certificate itself; that it is the right one who answers is known
      // from
      // the SSH connection, which ends on its machine.
      tls.init(null, new TrustManager[] {new Anybody()}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /**
   * Every route, with its clients.
   *
   * @throws IOException if the API doesn't answer, or not with what it should
   */
  public List<Route> routes() throws IOException {
    List<Route> routes = new ArrayList<>();
    for (Map<?, ?> item : items(get("routes"))) {
      String name = String.valueOf(item.get("name"));
      Map<String, Integer> clients = new LinkedHashMap<>();
      for (Map<?, ?> destination : items(get("routes/" + name + "/destinations"))) {
        clients.put(String.valueOf(destination.get("address")), 0);
      }
      for (Map<?, ?> connection : items(get("routes/" + name + "/connections"))) {
        String address = String.valueOf(connection.get("destinationAddress"));
        // HOST:PORT; empty while a client isn't on a server.
        if (address.indexOf(':') > 0) {
          clients.merge(address.substring(0, address.lastIndexOf(':')), 1, Integer::sum);
        }
      }
      routes.add(
          new Route(
              name,
              Boolean.TRUE.equals(get("routes/" + name + "/health").get("isAlive")),
              clients.entrySet().stream()
                  .map(e -> new Destination(e.getKey(), e.getValue()))
                  .toList()));
    }
    return List.copyOf(routes);
  }

  private static List<Map<?, ?>> items(Map<String, Object> answer) {
    List<Map<?, ?>> items = new ArrayList<>();
    if (answer.get("items") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          items.add(map);
        }
      }
    }
    return items;
  }

  private Map<String, Object> get(String path) throws IOException {
    HttpsURLConnection connection =
        (HttpsURLConnection)
            URI.create("https://127.0.0.1:" + port + BASE + path).toURL().openConnection();
    connection.setSSLSocketFactory(tls.getSocketFactory());
    connection.setHostnameVerifier((host, session) -> true);
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setRequestProperty("Authorization", authorization);
    try {
      int status = connection.getResponseCode();
      // The health of a route that takes nobody comes with 500.
      InputStream body =
          status == HttpURLConnection.HTTP_OK
              ? connection.getInputStream()
              : connection.getErrorStream();
      if (status == HttpURLConnection.HTTP_UNAUTHORIZED || body == null) {
        throw new IOException("it answers with status " + status);
      }
      return JSON.std.mapFrom(body);
    } catch (IOException e) {
      throw new IOException(
          "%s: Router's REST API: %s: %s".formatted(machine, path, e.getMessage()), e);
    } finally {
      connection.disconnect();
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
