package dev.clusterctl.download;

import dev.clusterctl.topology.Downloads;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Packages.Deb;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * The package files of a cluster: each is downloaded once for all machines, and nobody gets one
 * that was not verified. What it must be is said by cluster.yaml, else by cluster.lock.yaml, in
 * which the first download of each is pinned. For many threads.
 */
public final class PackageStore {
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final long MEGABYTE = 1_000_000;

  private final Downloads downloads;
  private final PackageCache cache;
  private final PackageLockFile lockFile;
  private final Map<String, String> environment;
  private final Duration silence;
  private final Map<Deb, FutureTask<Verified>> obtained = new ConcurrentHashMap<>();

  /**
   * A file that may be installed.
   *
   * @param file on this host
   * @param sha256 64 lower-case hexadecimal digits
   * @param size in bytes
   */
  public record Verified(Path file, String sha256, long size) {}

  /**
   * @param file {@code cluster.lock.yaml}; needn't exist yet
   * @param environment may name a web proxy and the cache directory
   */
  public PackageStore(Downloads downloads, Path file, Map<String, String> environment) {
    this(downloads, file, environment, SILENCE);
  }

  PackageStore(Downloads downloads, Path file, Map<String, String> environment, Duration silence) {
    this.downloads = downloads;
    this.cache = PackageCache.of(environment);
    this.lockFile = new PackageLockFile(file, cache);
    this.environment = Map.copyOf(environment);
    this.silence = silence;
  }

  /**
   * What is pinned now.
   *
   * @throws DownloadException if cluster.lock.yaml has mistakes
   */
  public PackageLock lock() throws DownloadException {
    return lockFile.read();
  }

  /**
   * The files whose sum neither cluster.yaml nor cluster.lock.yaml has: {@link #obtain} would pin
   * them.
   */
  public List<Deb> unpinned(Collection<Deb> debs) throws DownloadException {
    PackageLock lock = lock();
    return debs.stream().filter(deb -> lock.sha256(deb).isEmpty()).toList();
  }

  /**
   * Gives a file that is what it should be, downloading and pinning it where that wasn't done yet.
   * Who asks for a file that is being downloaded waits for that.
   *
   * @param progress told how far it is, a line at a time
   * @throws DownloadException if it can't be had, or is another file than it should be
   * @throws InterruptedException if the thread is told to stop
   */
  public Verified obtain(Deb deb, Consumer<String> progress)
      throws IOException, InterruptedException {
    FutureTask<Verified> mine = new FutureTask<>(() -> obtainNow(deb, progress));
    FutureTask<Verified> first = obtained.putIfAbsent(deb, mine);
    if (first == null) {
      mine.run();
    } else if (!first.isDone()) {
      progress.accept("waiting for " + deb.fileName());
    }
    try {
      return (first == null ? mine : first).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException) {
        // Whoever downloads it was told to stop, and so is everybody.
        throw new InterruptedException(deb.fileName() + " was not downloaded to its end");
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Verified obtainNow(Deb deb, Consumer<String> progress)
      throws IOException, InterruptedException {
    Optional<Path> directory = downloads.directory();
    if (directory.isPresent()) {
      return fromDirectory(deb, directory.orElseThrow());
    }
    try (Closeable lock = cache.lock(deb)) {
      Optional<Verified> kept = fromCache(deb);
      return kept.isPresent() ? kept.orElseThrow() : download(deb, progress);
    }
  }

  private Verified fromDirectory(Deb deb, Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve(deb.fileName());
    if (!Files.isReadable(file)) {
      throw new DownloadException(
          "%s isn't in %s".formatted(deb.fileName(), directory),
          List.of(),
          "cluster.yaml says (downloads.directory) that package files come from there and from"
              + " nowhere else. Elsewhere it is to be had from "
              + String.join(" or ", deb.urls()),
          null);
    }
    try {
      DebArchive.check(file);
    } catch (IOException e) {
      throw new DownloadException(
          "%s %s".formatted(file, e.getMessage()), List.of(), "Copy it there once more.", e);
    }
    return verified(deb, file, Sha256.of(file), deb.urls().get(0), file.toString());
  }

  /** A kept file that isn't what it should be is thrown away: a cache is no authority. */
  private Optional<Verified> fromCache(Deb deb) throws IOException, InterruptedException {
    Optional<String> expected = lock().sha256(deb);
    for (String url : deb.urls()) {
      Path file = cache.file(deb, url);
      if (Files.isRegularFile(file)) {
        String found = Sha256.of(file);
        if (expected.isEmpty() || expected.orElseThrow().equals(found)) {
          return Optional.of(verified(deb, file, found, url, file.toString()));
        }
        Files.delete(file);
      }
    }
    return Optional.empty();
  }

  private Verified download(Deb deb, Consumer<String> progress)
      throws IOException, InterruptedException {
    HttpsDownload https = https();
    List<String> reasons = new ArrayList<>();
    for (String url : deb.urls()) {
      Path file = cache.file(deb, url);
      Path part = file.resolveSibling(deb.fileName() + ".part");
      Files.createDirectories(part.getParent());
      progress.accept("downloading " + url);
      try {
        https.get(URI.create(url), part, new Progress(deb.fileName(), progress));
        DebArchive.check(part);
      } catch (IOException e) {
        Files.deleteIfExists(part);
        reasons.add(url + ": " + e.getMessage());
        progress.accept("no luck with " + url + ": " + e.getMessage());
        continue;
      }
      String found = Sha256.of(part);
      try {
        Verified there = verified(deb, part, found, url, url);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Verified(file, there.sha256(), there.size());
      } finally {
        Files.deleteIfExists(part);
      }
    }
    throw new DownloadException(
        "%s can't be downloaded".formatted(deb.fileName()),
        reasons,
        "Name another place for it in cluster.yaml (packages: {debs: [{urls: […]}]}), or put it into a"
            + " directory and name that in downloads.directory. Behind a company's proxy: set"
            + " https_proxy, and name the proxy's certificate in downloads.ca-file.",
        null);
  }

  private HttpsDownload https() throws DownloadException {
    Optional<SSLContext> certificates = Optional.empty();
    if (downloads.caFile().isPresent()) {
      certificates = Optional.of(TrustedCertificates.with(downloads.caFile().orElseThrow()));
    }
    return new HttpsDownload(environment, certificates, silence);
  }

  /**
   * The file, if it is what it should be; pins it, if nobody knows yet what it should be.
   *
   * @param url the place to pin it under
   * @param from where it came from, for messages
   */
  private Verified verified(Deb deb, Path file, String found, String url, String from)
      throws IOException, InterruptedException {
    long size = Files.size(file);
    Optional<String> expected = lock().sha256(deb);
    String sum =
        expected.isPresent()
            ? expected.orElseThrow()
            : lockFile.add(new PackageLock.Pin(url, found, size)).sha256();
    if (!sum.equals(found)) {
      throw another(deb, sum, found, from);
    }
    return new Verified(file, found, size);
  }

  private DownloadException another(Deb deb, String expected, String found, String from) {
    boolean inClusterYaml = deb.sha256().isPresent();
    return new DownloadException(
        "%s is another file than %s says; nothing was installed from it"
            .formatted(deb.fileName(), inClusterYaml ? "cluster.yaml" : lockFile.path().toString()),
        List.of("SHA-256 expected: " + expected, "SHA-256 found:    " + found, "from " + from),
        "Find out whether its maker replaced it, and compare the sum found with what the maker"
            + " publishes. Only if they are equal "
            + (inClusterYaml
                ? "put it into cluster.yaml (sha256)."
                : "remove the file's entry from %s, and run again."
                    .formatted(lockFile.path().getFileName())),
        null);
  }

  /**
   * What would be done to have these files, a line each, for people.
   *
   * @throws DownloadException if cluster.lock.yaml has mistakes
   */
  public List<String> outlook(Collection<Deb> debs) throws DownloadException {
    PackageLock lock = lock();
    return debs.stream().map(deb -> deb.fileName() + ": " + outlook(deb, lock)).toList();
  }

  private String outlook(Deb deb, PackageLock lock) {
    String sum =
        lock.sha256(deb).isEmpty()
            ? "pinned in %s, as nobody knows its checksum yet".formatted(PackageLock.FILE_NAME)
            : "verified by " + (deb.sha256().isPresent() ? "cluster.yaml" : PackageLock.FILE_NAME);
    if (downloads.directory().isPresent()) {
      return "from %s, %s".formatted(downloads.directory().orElseThrow(), sum);
    }
    boolean kept = deb.urls().stream().anyMatch(url -> Files.isRegularFile(cache.file(deb, url)));
    return kept
        ? "downloaded before, " + sum
        : "to be downloaded from %s, %s".formatted(String.join(" or ", deb.urls()), sum);
  }

  /** Says how far a download is, now and then. */
  private static final class Progress implements HttpsDownload.Listener {
    private static final long EVERY = Duration.ofMillis(500).toNanos();

    private final String name;
    private final Consumer<String> lines;
    private long last = System.nanoTime();

    Progress(String name, Consumer<String> lines) {
      this.name = name;
      this.lines = lines;
    }

    @Override
    public void received(long bytes, Optional<Long> total) {
      if (System.nanoTime() - last < EVERY) {
        return;
      }
      last = System.nanoTime();
      lines.accept(
          "%s: %s of %s MB"
              .formatted(
                  name,
                  bytes / MEGABYTE,
                  total.map(all -> Long.toString(all / MEGABYTE)).orElse("unknown")));
    }
  }
}
