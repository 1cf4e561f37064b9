package dev.clusterctl.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Downloads over HTTPS, and over nothing else: a redirect to another scheme is refused. Memory
 * stays flat, however large the file. A transfer may take as long as it needs, as long as something
 * arrives.
 */
final class HttpsDownload {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final int MOST_REDIRECTS = 10;

  private final HttpClient client;
  private final Duration silence;

  /** Told how far a download is. */
  @FunctionalInterface
  interface Listener {
    /**
     * @param total empty where the server doesn't say
     */
    void received(long bytes, Optional<Long> total);
  }

  /**
   * @param environment names a proxy, perhaps
   * @param certificates what to trust; empty: what Java trusts
   * @param silence how long nothing may arrive before the download has failed
   * @throws DownloadException if the environment's proxy can't be used
   */
  HttpsDownload(
      Map<String, String> environment, Optional<SSLContext> certificates, Duration silence)
      throws DownloadException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new EnvironmentProxies(environment));
    certificates.ifPresent(builder::sslContext);
    this.client = builder.build();
    this.silence = silence;
  }

  /**
   * Downloads into a file, replacing what is there.
   *
   * @throws IOException if it can't be had whole; the message is a reason that stands on its own
   * @throws InterruptedException if the thread is interrupted; the transfer ends
   */
  void get(URI place, Path file, Listener listener) throws IOException, InterruptedException {
    URI uri = place;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<Path> response = send(uri, file, listener);
      if (response.statusCode() == 200) {
        return;
      }
      Optional<String> location = response.headers().firstValue("Location");
      if (response.statusCode() < 300 || response.statusCode() > 399 || location.isEmpty()) {
        throw new IOException("the server answers with status " + response.statusCode());
      }
      uri = redirected(uri, location.orElseThrow());
    }
    throw new IOException("the server redirects more than %d times".formatted(MOST_REDIRECTS));
  }

  private static URI redirected(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("the server redirects to '%s', which is no URL".formatted(location), e);
    }
    if (!"https".equalsIgnoreCase(to.getScheme())) {
      throw new IOException("the server redirects to %s, which isn't HTTPS".formatted(to));
    }
    return to;
  }

  private HttpResponse<Path> send(URI uri, Path file, Listener listener)
      throws IOException, InterruptedException {
    AtomicLong lastSign = new AtomicLong(System.nanoTime());
    BodyHandler<Path> handler =
        info ->
            info.statusCode() == 200
                ? new IntoFile(
                    file, total(info.headers().firstValue("Content-Length")), listener, lastSign)
                : BodySubscribers.replacing(file);
    CompletableFuture<HttpResponse<Path>> answer =
        client.sendAsync(HttpRequest.newBuilder(uri).GET().build(), handler);
    try {
      while (true) {
        try {
          return answer.get(100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (System.nanoTime() - lastSign.get() > silence.toNanos()) {
            throw new IOException(
                "nothing arrives any more, for %d s".formatted(silence.toSeconds()), e);
          }
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()), e);
    } finally {
      answer.cancel(true);
    }
  }

  private static Optional<Long> total(Optional<String> header) {
    return header.filter(text -> text.matches("\\d{1,18}")).map(Long::valueOf);
  }

  /** Some of the client's exceptions have no message, and their name is all they say. */
  private static String reason(@Nullable Throwable cause) {
    Throwable last = cause;
    while (last != null && last.getMessage() == null && last.getCause() != null) {
      last = last.getCause();
    }
    if (last == null) {
      return "it failed";
    }
    return last.getMessage() == null
        ? last.getClass().getSimpleName()
        : last.getClass().getSimpleName() + ": " + last.getMessage();
  }

  /** Writes what arrives as it arrives; asks for more only then. */
  private static final class IntoFile implements HttpResponse.BodySubscriber<Path> {
    private final Path file;
    private final Optional<Long> total;
    private final Listener listener;
    private final AtomicLong lastSign;
    private final CompletableFuture<Path> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable FileChannel channel;
    private long received;

    IntoFile(Path file, Optional<Long> total, Listener listener, AtomicLong lastSign) {
      this.file = file;
      this.total = total;
      this.listener = listener;
      this.lastSign = lastSign;
    }

    @Override
    public CompletionStage<Path> getBody() {
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      try {
        channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        given.request(1);
      } catch (IOException e) {
        fail(given, e);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      Flow.Subscription from = subscription;
      FileChannel to = channel;
      if (from == null || to == null) {
        return; // it has failed already
      }
      try {
        for (ByteBuffer buffer : buffers) {
          while (buffer.hasRemaining()) {
            received += to.write(buffer);
          }
        }
        lastSign.set(System.nanoTime());
        listener.received(received, total);
        from.request(1);
      } catch (IOException | UncheckedIOException e) {
        fail(from, e);
      }
    }

    private void fail(Flow.Subscription from, Exception e) {
      from.cancel();
      close();
      done.completeExceptionally(e);
    }

    @Override
    public void onError(Throwable failure) {
      close();
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      FileChannel to = channel;
      try {
        if (to != null) {
          to.force(true);
          to.close();
        }
        done.complete(file);
      } catch (IOException e) {
        done.completeExceptionally(e);
      }
    }

    private void close() {
      FileChannel open = channel;
      channel = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // What was written is thrown away.
          done.completeExceptionally(e);
        }
      }
    }
  }
}
