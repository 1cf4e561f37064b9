package dev.clusterctl.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A web server that speaks HTTPS with a certificate that nobody trusts but who is told to. */
public final class TestWebServer implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final HttpsServer server;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Path caFile;
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();

  /**
   * @param scratch an empty directory for its key
   */
  public TestWebServer(Path scratch) throws Exception {
    Path store = scratch.resolve("server.p12");
    caFile = scratch.resolve("ca.pem");
    keytool(
        "-genkeypair",
        "-alias",
        "test",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=dns:localhost,ip:127.0.0.1",
        "-ext",
        "bc:c",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "test",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD,
        "-file",
        caFile.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(pool);
    server.start();
  }

  private static void keytool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
  }

  /** The certificate to trust, as PEM. */
  public Path caFile() {
    return caFile;
  }

  public String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  /** How often a path was asked for. */
  public int requests(String path) {
    return requests.getOrDefault(path, 0);
  }

  /** Answers a path with these bytes. */
  public void serve(String path, byte[] content) {
    on(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
  }

  /** Says how long the content is, and closes after half of it. */
  void serveHalf(String path, byte[] content) {
    on(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, content.length / 2);
        });
  }

  /** Doesn't say how long the content is, and ends properly after half of it. */
  void serveHalfAsIfWhole(String path, byte[] content) {
    on(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(content, 0, content.length / 2);
        });
  }

  /** Sends half of the content, tells so, and then nothing until it is let go on. */
  void serveHalfAndWait(String path, byte[] content, CountDownLatch halfSent, CountDownLatch goOn) {
    on(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          OutputStream body = exchange.getResponseBody();
          body.write(content, 0, content.length / 2);
          body.flush();
          halfSent.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          body.write(content, content.length / 2, content.length - content.length / 2);
        });
  }

  void redirect(String path, String location) {
    on(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", location);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  private void on(String path, HttpHandler handler) {
    requests.put(path, 0);
    try {
      server.removeContext(path);
    } catch (IllegalArgumentException e) {
      // It is the first answer for this path.
    }
    server.createContext(path, exchange -> answer(path, exchange, handler));
  }

  private void answer(String path, HttpExchange exchange, HttpHandler handler) throws IOException {
    requests.merge(path, 1, Integer::sum);
    try (exchange) {
      handler.handle(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    pool.shutdownNow();
  }
}
