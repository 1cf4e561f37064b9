package dev.clusterctl.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterctl.download.PackageStore.Verified;
import dev.clusterctl.topology.Downloads;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.PackageLock.Pin;
import dev.clusterctl.topology.Packages.Deb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a web server in this process, over HTTPS. */
@Tag("integration")
class PackageStoreTest {
  private static final byte[] GOOD = TestDebs.deb("what it should be");
  private static final byte[] OTHER = TestDebs.deb("something else");

  @TempDir private static Path serverFiles;
  private static TestWebServer server;

  @TempDir private Path home;

  @BeforeAll
  static void startServer() throws Exception {
    server = new TestWebServer(serverFiles);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void theFirstDownloadIsPinnedAndKept() throws Exception {
    server.serve("/first/a.deb", GOOD);
    Deb deb = deb("/first/a.deb");

    Verified file = store().obtain(deb, line -> {});

    assertThat(file.file()).hasBinaryContent(GOOD);
    assertThat(file.size()).isEqualTo(GOOD.length);
    assertThat(pins()).containsExactly(new Pin(deb.urls().get(0), sum(GOOD), GOOD.length));
    // Another run, another cluster: nothing is downloaded again.
    store().obtain(deb, line -> {});
    assertThat(server.requests("/first/a.deb")).isEqualTo(1);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void whatHasASumInClusterYamlIsNotPinned() throws Exception {
    server.serve("/given/a.deb", GOOD);
    store().obtain(new Deb(List.of(server.url("/given/a.deb")), Optional.of(sum(GOOD))), l -> {});
    assertThat(lockFile()).doesNotExist();
  }

  @Test
  void manyMachinesThatNeedAFileCauseOneDownload() throws Exception {
    CountDownLatch halfSent = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    server.serveHalfAndWait("/many/a.deb", GOOD, halfSent, goOn);
    PackageStore store = store();
    ExecutorService machines = Executors.newFixedThreadPool(3);
    try {
      List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
      Callable<Verified> machine = () -> store.obtain(deb("/many/a.deb"), lines::add);
      Future<Verified> first = machines.submit(machine);
      halfSent.await();
      Future<Verified> second = machines.submit(machine);
      Future<Verified> third = machines.submit(machine);
      goOn.countDown();
      assertThat(List.of(first.get(), second.get(), third.get())).containsOnly(first.get());
      assertThat(server.requests("/many/a.deb")).isEqualTo(1);
    } finally {
      machines.shutdownNow();
    }
  }

  @Test
  void aFileThatDiffersFromItsPinIsRefusedWithBothSumsAndNoOtherPlaceIsTried() throws Exception {
    server.serve("/tampered/a.deb", OTHER);
    server.serve("/tampered/second/a.deb", GOOD);
    Deb deb = deb("/tampered/a.deb", "/tampered/second/a.deb");
    pin(new Pin(deb.urls().get(0), sum(GOOD), GOOD.length));

    DownloadException refused = failure(deb);

    assertThat(refused)
        .hasMessageContaining("a.deb is another file than")
        .hasMessageContaining("cluster.lock.yaml");
    assertThat(refused.lastLines())
        .containsExactly(
            "SHA-256 expected: " + sum(GOOD),
            "SHA-256 found:    " + sum(OTHER),
            "from " + deb.urls().get(0));
    assertThat(refused.advice()).contains("remove the file's entry from cluster.lock.yaml");
    assertThat(server.requests("/tampered/second/a.deb")).isZero();
    assertThat(pins()).extracting(Pin::sha256).containsExactly(sum(GOOD));
    assertThat(keptDebs()).isEmpty();
  }

  @Test
  void aFileThatDiffersFromClusterYamlIsRefused() {
    server.serve("/tampered-yaml/a.deb", OTHER);
    Deb deb = new Deb(List.of(server.url("/tampered-yaml/a.deb")), Optional.of(sum(GOOD)));

    DownloadException refused = failure(deb);

    assertThat(refused).hasMessageContaining("than cluster.yaml says");
    assertThat(refused.advice()).contains("put it into cluster.yaml (sha256)");
  }

  @Test
  void whereAPlaceHasNoFileTheNextIsTried() throws Exception {
    server.serve("/next/second/a.deb", GOOD);
    Deb deb = deb("/nothing-here/a.deb", "/next/second/a.deb");
    List<String> lines = new ArrayList<>();

    assertThat(store().obtain(deb, lines::add).file()).hasBinaryContent(GOOD);

    assertThat(lines).anyMatch(line -> line.contains("no luck with") && line.contains("404"));
    // Pinned by the place that it really came from.
    assertThat(pins()).extracting(Pin::url).containsExactly(deb.urls().get(1));
  }

  @Test
  void aTransferThatBreaksOffIsNoFile() {
    server.serveHalf("/half/a.deb", GOOD);
    assertThat(failure(deb("/half/a.deb")).lastLines())
        .singleElement()
        .asString()
        .startsWith(server.url("/half/a.deb") + ": ");
    assertThat(lockFile()).doesNotExist();
  }

  @Test
  void aTruncatedPackageIsNoFileThoughTheServerSaysThatItIsWhole() {
    server.serveHalfAsIfWhole("/truncated/a.deb", GOOD);
    assertThat(failure(deb("/truncated/a.deb")).lastLines())
        .containsExactly(server.url("/truncated/a.deb") + ": ends before the package does");
    assertThat(lockFile()).doesNotExist();
  }

  @Test
  void aLogInPageIsNeverPinned() {
    server.serve("/portal/a.deb", "<html>Please log in</html>".getBytes());
    assertThat(failure(deb("/portal/a.deb")).lastLines())
        .containsExactly(server.url("/portal/a.deb") + ": is not a Debian package");
    assertThat(lockFile()).doesNotExist();
  }

  @Test
  void redirectsAreFollowedToHttpsOnly() throws Exception {
    server.serve("/moved/a.deb", GOOD);
    server.redirect("/from/a.deb", "/moved/a.deb");
    server.redirect("/clear/a.deb", "http://localhost/a.deb");

    assertThat(store().obtain(deb("/from/a.deb"), line -> {}).file()).hasBinaryContent(GOOD);
    assertThat(failure(deb("/clear/a.deb")).lastLines())
        .containsExactly(
            server.url("/clear/a.deb")
                + ": the server redirects to http://localhost/a.deb, which isn't HTTPS");
  }

  @Test
  void aCircleOfRedirectsEnds() {
    server.redirect("/circle/a.deb", "/circle/a.deb");
    assertThat(failure(deb("/circle/a.deb")).lastLines())
        .singleElement()
        .asString()
        .endsWith("the server redirects more than 10 times");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.serveHalfAndWait("/silent/a.deb", GOOD, new CountDownLatch(1), never);
    PackageStore impatient =
        new PackageStore(downloads(), lockFile(), environment(), Duration.ofSeconds(1));
    try {
      DownloadException failed =
          catchThrowableOfType(
              DownloadException.class, () -> impatient.obtain(deb("/silent/a.deb"), line -> {}));
      assertThat(failed.lastLines())
          .singleElement()
          .asString()
          .endsWith("nothing arrives any more, for 1 s");
    } finally {
      never.countDown();
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    PackageStore store = new PackageStore(Downloads.USUAL, lockFile(), environment());
    server.serve("/untrusted/a.deb", GOOD);
    DownloadException refused =
        catchThrowableOfType(
            DownloadException.class, () -> store.obtain(deb("/untrusted/a.deb"), line -> {}));
    assertThat(refused.lastLines()).singleElement().asString().contains("certification path");
    assertThat(refused.advice()).contains("downloads.ca-file");
    assertThat(server.requests("/untrusted/a.deb")).isZero();
  }

  @Test
  void whatAnInterruptedDownloadLeftIsDownloadedAnew() throws Exception {
    CountDownLatch halfSent = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    server.serveHalfAndWait("/interrupted/a.deb", GOOD, halfSent, goOn);
    Deb deb = deb("/interrupted/a.deb");
    ExecutorService run = Executors.newSingleThreadExecutor();
    Future<Verified> file = run.submit(() -> store().obtain(deb, line -> {}));
    halfSent.await();
    run.shutdownNow();
    assertThatThrownBy(file::get).hasCauseInstanceOf(InterruptedException.class);
    goOn.countDown();
    assertThat(lockFile()).doesNotExist();
    assertThat(keptDebs()).isEmpty();

    server.serve("/interrupted/a.deb", GOOD);
    assertThat(store().obtain(deb, line -> {}).file()).hasBinaryContent(GOOD);
  }

  @Test
  void whatAKilledDownloadLeftIsNotTakenForTheFile() throws Exception {
    CountDownLatch halfSent = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    byte[] large = TestDebs.deb("x".repeat(1_000_000));
    server.serveHalfAndWait("/killed/a.deb", large, halfSent, never);
    Process process =
        ObtainProgram.start(
            server.url("/killed/a.deb"), lockFile(), server.caFile(), home.resolve("cache"));
    halfSent.await();
    // Until something is on the disk: then half a file is what the kill leaves.
    while (leftovers().stream().noneMatch(file -> file.toFile().length() > 0)) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(20);
    }
    process.destroyForcibly().waitFor();
    never.countDown();
    assertThat(lockFile()).doesNotExist();
    assertThat(keptDebs()).isEmpty();

    server.serve("/killed/a.deb", large);
    assertThat(store().obtain(deb("/killed/a.deb"), line -> {}).file()).hasBinaryContent(large);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aKeptFileThatWasDamagedIsDownloadedAnew() throws Exception {
    server.serve("/damaged/a.deb", GOOD);
    Deb deb = deb("/damaged/a.deb");
    Files.write(store().obtain(deb, line -> {}).file(), OTHER);

    assertThat(store().obtain(deb, line -> {}).file()).hasBinaryContent(GOOD);
    assertThat(server.requests("/damaged/a.deb")).isEqualTo(2);
  }

  @Test
  void aDirectoryTakesThePlaceOfTheWeb() throws Exception {
    Path directory = Files.createDirectories(home.resolve("packages"));
    Files.write(directory.resolve("a.deb"), GOOD);
    Deb deb = deb("/not-asked/a.deb");
    PackageStore store = store(new Downloads(Optional.of(directory), Optional.empty()));

    assertThat(store.obtain(deb, line -> {}).file()).isEqualTo(directory.resolve("a.deb"));
    assertThat(pins()).containsExactly(new Pin(deb.urls().get(0), sum(GOOD), GOOD.length));

    // The pin counts there too.
    Files.write(directory.resolve("a.deb"), OTHER);
    DownloadException refused =
        catchThrowableOfType(
            DownloadException.class,
            () ->
                store(new Downloads(Optional.of(directory), Optional.empty()))
                    .obtain(deb, line -> {}));
    assertThat(refused.lastLines()).contains("from " + directory.resolve("a.deb"));
  }

  @Test
  void aFileThatTheDirectoryLacksIsNotDownloaded() {
    server.serve("/lacking/a.deb", GOOD);
    PackageStore store = store(new Downloads(Optional.of(home), Optional.empty()));
    assertThatThrownBy(() -> store.obtain(deb("/lacking/a.deb"), line -> {}))
        .isInstanceOf(DownloadException.class)
        .hasMessage("a.deb isn't in " + home);
    assertThat(server.requests("/lacking/a.deb")).isZero();
  }

  @Test
  void pinsOfOthersStayAndAMistakeInTheirFileStopsEverything() throws Exception {
    Pin other = new Pin("https://a.test/0.deb", "0".repeat(64), 7);
    pin(other);
    server.serve("/beside/a.deb", GOOD);
    store().obtain(deb("/beside/a.deb"), line -> {});
    assertThat(pins()).contains(other).hasSize(2);

    Files.writeString(lockFile(), "packages: 1\n");
    assertThat(failure(deb("/beside/a.deb")).lastLines())
        .containsExactly(lockFile() + ":1:11: error: packages must be a list, not a single value");
  }

  @Test
  void aPlanSaysWhatWouldBeDownloadedAndPinned() throws Exception {
    server.serve("/plan/a.deb", GOOD);
    Deb deb = deb("/plan/a.deb");
    assertThat(store().outlook(List.of(deb)))
        .containsExactly(
            "a.deb: to be downloaded from %s, pinned in cluster.lock.yaml, as nobody knows its checksum yet"
                .formatted(server.url("/plan/a.deb")));
    assertThat(store().unpinned(List.of(deb))).containsExactly(deb);

    store().obtain(deb, line -> {});

    assertThat(store().outlook(List.of(deb)))
        .containsExactly("a.deb: downloaded before, verified by cluster.lock.yaml");
    assertThat(store().unpinned(List.of(deb))).isEmpty();
  }

  private DownloadException failure(Deb deb) {
    DownloadException failure =
        catchThrowableOfType(DownloadException.class, () -> store().obtain(deb, line -> {}));
    assertThat(failure).isNotNull();
    return failure;
  }

  private PackageStore store() {
    return store(downloads());
  }

  private PackageStore store(Downloads downloads) {
    return new PackageStore(downloads, lockFile(), environment());
  }

  private static Downloads downloads() {
    return new Downloads(Optional.empty(), Optional.of(server.caFile()));
  }

  private Map<String, String> environment() {
    return Map.of("XDG_CACHE_HOME", home.resolve("cache").toString());
  }

  private Path lockFile() {
    return home.resolve(PackageLock.FILE_NAME);
  }

  private void pin(Pin pin) throws IOException {
    Files.writeString(lockFile(), PackageLock.EMPTY.with(pin).yaml());
  }

  private List<Pin> pins() throws DownloadException {
    return List.copyOf(store().lock().pins().values());
  }

  private static Deb deb(String... paths) {
    return new Deb(Stream.of(paths).map(server::url).toList(), Optional.empty());
  }

  private String sum(byte[] content) {
    try {
      Path file = Files.createTempFile(home, "sum", "");
      return Sha256.of(Files.write(file, content));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<Path> keptDebs() throws IOException {
    return files(".deb");
  }

  private List<Path> leftovers() throws IOException {
    return files(".part");
  }

  private List<Path> files(String ending) throws IOException {
    if (!Files.exists(home.resolve("cache"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(home.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
