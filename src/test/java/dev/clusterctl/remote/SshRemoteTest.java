package dev.clusterctl.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.remote.RemoteException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SshRemoteTest {
  @TempDir Path directory;
  private TestSshServer server;
  private SshRemote remote;

  @BeforeEach
  void connect() throws Exception {
    server = new TestSshServer(directory);
    remote = new SshRemote(server.endpoint());
  }

  @AfterEach
  void disconnect() throws Exception {
    remote.close();
    server.close();
  }

  private static String owner() {
    return System.getProperty("user.name") + ":" + System.getProperty("user.name");
  }

  private RemoteException failure(Command command) {
    return catchThrowableOfType(RemoteException.class, () -> remote.run(command));
  }

  @Test
  void bothStreamsAndTheExitStatusComeBackApart() throws Exception {
    Result result = remote.run(Command.shell("t", "echo out; echo err >&2; exit 3"));
    assertThat(result).isEqualTo(new Result(3, "out\n", "err\n"));
  }

  @Test
  void standardInputArrivesWholeAndEnds() throws Exception {
    // Not `cat`: MINA serves both directions of a process with one thread, which then blocks.
    String text = "zwölf\n".repeat(200_000);
    Result result = remote.run(Command.shell("t", "tail -n 1; sort -u").withStdin(text));
    assertThat(result.out()).isEqualTo("zwölf\n");
    assertThat(remote.check(Command.words("t", "wc", "-c").withStdin(text)).strip())
        .isEqualTo("1400000");
    assertThat(remote.check(Command.words("t", "cat"))).isEmpty();
  }

  @Test
  void megabytesOnBothStreamsDoNotBlock() throws Exception {
    Result result =
        remote.run(
            Command.shell(
                "t",
                "head -c 5000000 /dev/zero | tr '\\0' e >&2;"
                    + " head -c 5000000 /dev/zero | tr '\\0' o"));
    assertThat(result.out()).hasSize(5_000_000).containsOnlyOnce("o".repeat(5_000_000));
    assertThat(result.err()).hasSize(5_000_000);
  }

  @Test
  void aStreamGoesThroughAMachineUnchangedAndItsErrorsAreText() throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(1).nextBytes(sent);
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    // Not at once: MINA's server does one direction at a time, and would block.
    Path kept = directory.resolve("kept");
    String script = "cat >%1$s; cat %1$s; echo done >&2; exit 7".formatted(kept);
    Result result =
        remote.stream(Command.shell("pass on", script), new ByteArrayInputStream(sent), arrived);
    assertThat(result.status()).isEqualTo(7);
    assertThat(result.err()).isEqualTo("done\n");
    assertThat(arrived.toByteArray()).isEqualTo(sent);
  }

  @Test
  void whoeverReadsAStreamSlowlyHoldsUpNobodyElse() throws Exception {
    PipedInputStream slow = new PipedInputStream(1000);
    PipedOutputStream out = new PipedOutputStream(slow);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Result> stream =
          other.submit(
              () ->
                  remote.stream(
                      Command.shell("write a lot", "head -c 5000000 /dev/zero"),
                      InputStream.nullInputStream(),
                      out));
      assertThat(slow.read()).isZero();
      assertThat(remote.check(Command.shell("look", "echo here"))).isEqualTo("here\n");
      assertThat(stream.isDone()).isFalse();
      assertThat(slow.readAllBytes()).hasSize(4_999_999);
      assertThat(stream.get().status()).isZero();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aStreamThatNobodyReadsAnyMoreIsAnError() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("nobody there");
          }
        };
    assertThatThrownBy(
            () ->
                remote.stream(
                    Command.shell("write a lot", "head -c 5000000 /dev/zero"),
                    InputStream.nullInputStream(),
                    broken))
        .isInstanceOf(RemoteException.class)
        .hasMessageContaining("write a lot");
  }

  @Test
  void theExitStatusIsRightThreeHundredTimesInParallelOverOneSession() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(20);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int status = i % 250;
        tasks.add(() -> remote.run(Command.shell("t", "echo x; exit " + status)).status());
      }
      List<Integer> seen = new ArrayList<>();
      for (Future<Integer> task : pool.invokeAll(tasks)) {
        seen.add(task.get());
      }
      assertThat(seen).isEqualTo(IntStream.range(0, 300).map(i -> i % 250).boxed().toList());
      assertThat(server.sessions()).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aWordIsTakenLiterally() throws Exception {
    String word = "$(touch " + directory + "/hacked) `id` '\"\\ ; rm -rf x & | < > * ~ \n!#";
    assertThat(remote.check(Command.words("t", "printf", "%s", word))).isEqualTo(word);
    assertThat(directory.resolve("hacked")).doesNotExist();
  }

  @Test
  void aScriptRunsInBash() throws Exception {
    assertThat(remote.check(Command.shell("t", "a=(1 2 3); echo ${#a[@]} \"it's\"")))
        .isEqualTo("3 it's\n");
  }

  @Test
  void aSignalCountsAsItsNumberAnd128() throws Exception {
    assertThat(remote.run(Command.shell("t", "kill -KILL $$")).status()).isEqualTo(137);
  }

  @Test
  void linesAreToldAsTheyCome() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    remote.run(Command.shell("t", "printf 'a\\nb\\nc'").onLine(lines::add));
    assertThat(lines).containsExactly("a", "b", "c");
  }

  @Test
  void aLineIsToldBeforeTheCommandEnds() throws Exception {
    Path go = directory.resolve("go");
    Result result =
        remote.run(
            Command.shell("t", "echo ready; until [ -e " + go + " ]; do sleep 0.05; done")
                .onLine(
                    line -> {
                      try {
                        Files.createFile(go);
                      } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                      }
                    }));
    assertThat(result.status()).isZero();
  }

  @Test
  void whatTakesTooLongIsKilledWithAllItStarted() throws Exception {
    Path pid = directory.resolve("pid");
    RemoteException e =
        failure(
            Command.shell("dig a hole", "sleep 300 & echo $! >" + pid + "; echo digging; wait")
                .withTimeout(Duration.ofMillis(700)));
    assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(e).hasMessage("db1: 'dig a hole' took longer than 700 ms and was killed");
    assertThat(e.lastLines()).containsExactly("digging");
    assertEnded(pid);
  }

  @Test
  void whatIgnoresTheSignalIsKilledForGood() throws Exception {
    Path pid = directory.resolve("pid");
    RemoteException e =
        failure(
            Command.shell("t", "trap '' TERM; echo $$ >" + pid + "; while :; do sleep 1; done")
                .withTimeout(Duration.ofMillis(300)));
    assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    assertEnded(pid);
  }

  private static void assertEnded(Path pidFile) throws Exception {
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void anInterruptEndsTheCommandOnTheMachineToo() throws Exception {
    Path pid = directory.resolve("pid");
    AtomicReference<RemoteException> seen = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread runner =
        new Thread(
            () -> {
              seen.set(failure(Command.shell("wait", "echo $$ >" + pid + "; sleep 300")));
              flag.set(Thread.currentThread().isInterrupted());
            });
    runner.start();
    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    runner.interrupt();
    runner.join();
    assertThat(seen.get().kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(flag.get()).isTrue();
    assertEnded(pid);
  }

  @Test
  void aChangedHostKeyIsRefusedAndBothFingerprintsAreNamed() throws Exception {
    String expected = HostKeys.fingerprint(server.hostKeyText());
    Endpoint known = server.endpoint();
    server.changeHostKey();
    try (SshRemote other = new SshRemote(known)) {
      RemoteException e =
          catchThrowableOfType(RemoteException.class, () -> other.run(Command.words("t", "true")));
      assertThat(e.kind()).isEqualTo(Kind.HOST_KEY);
      assertThat(e.getMessage())
          .contains("expected ecdsa-sha2-nistp256 " + expected)
          .contains("seen ecdsa-sha2-nistp256 " + HostKeys.fingerprint(server.hostKeyText()));
    }
  }

  @Test
  void aMachineWithoutAKnownHostKeyIsNotTrusted() {
    Endpoint e = server.endpoint();
    Endpoint unknown =
        new Endpoint(e.machine(), e.host(), e.port(), e.user(), e.identity(), List.of());
    try (SshRemote other = new SshRemote(unknown)) {
      RemoteException failure =
          catchThrowableOfType(RemoteException.class, () -> other.run(Command.words("t", "true")));
      assertThat(failure.kind()).isEqualTo(Kind.HOST_KEY);
      assertThat(server.sessions()).isZero();
    }
  }

  @Test
  void aRefusedKeyIsSaidToBeRefused() throws Exception {
    Path stranger = directory.resolve("stranger");
    TestSshServer.newClientKey(stranger);
    Endpoint e = server.endpoint();
    try (SshRemote other =
        new SshRemote(
            new Endpoint(e.machine(), e.host(), e.port(), e.user(), stranger, e.hostKeys()))) {
      RemoteException failure =
          catchThrowableOfType(RemoteException.class, () -> other.run(Command.words("t", "true")));
      assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
      assertThat(failure.getMessage()).contains("refuses the key " + stranger).contains("root");
      assertThat(failure.advice()).contains("authorized_keys");
    }
  }

  @Test
  void aFileThatIsNoKeyIsSaidToBeNone() throws Exception {
    Path nonsense = Files.writeString(directory.resolve("nonsense"), "hello");
    Endpoint e = server.endpoint();
    for (Path identity : List.of(nonsense, directory.resolve("absent"))) {
      try (SshRemote other =
          new SshRemote(
              new Endpoint(e.machine(), e.host(), e.port(), e.user(), identity, e.hostKeys()))) {
        RemoteException failure =
            catchThrowableOfType(
                RemoteException.class, () -> other.run(Command.words("t", "true")));
        assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
        assertThat(failure.getMessage()).contains(identity.toString());
      }
    }
  }

  @Test
  void whereNobodyListensIsUnreachable() throws Exception {
    Endpoint e = server.endpoint();
    server.close();
    RemoteException failure = failure(Command.words("t", "true"));
    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure.getMessage()).contains("127.0.0.1:" + e.port());
  }

  @Test
  void whoeverAcceptsAndSaysNothingIsGivenUpInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Endpoint e = server.endpoint();
      Endpoint there =
          new Endpoint(
              "db1", "127.0.0.1", silent.getLocalPort(), "root", e.identity(), e.hostKeys());
      try (SshRemote other =
          new SshRemote(
              "db1", () -> there, SshOptions.DEFAULT.withConnectTimeout(Duration.ofMillis(300)))) {
        RemoteException failure =
            catchThrowableOfType(
                RemoteException.class, () -> other.run(Command.words("t", "true")));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      }
    }
  }

  @Test
  void aBrokenSessionIsReplacedAtTheNextCommand() throws Exception {
    remote.check(Command.words("t", "true"));
    server.cut();
    assertThat(remote.check(Command.words("t", "echo", "again"))).isEqualTo("again\n");
  }

  @Test
  void aConnectionThatBreaksDuringACommandIsAnErrorAndNoStatus() throws Exception {
    RemoteException e =
        failure(
            Command.shell("t", "echo started; sleep 20")
                .onLine(line -> new Thread(server::cut).start()));
    assertThat(e.kind()).isEqualTo(Kind.CONNECTION);
    assertThat(e.lastLines()).containsExactly("started");
  }

  @Test
  void aFileIsPutWithItsModeAndParents() throws Exception {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Path target = directory.resolve("a/b c/it's.bin");
    remote.put(new RemoteFile(target.toString(), content, "0640", owner()));
    assertThat(target).hasBinaryContent(content);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-r-----");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("a/b c"))))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void aLargeFileIsSentPieceByPieceAndOnlyOnce() throws Exception {
    byte[] content = new byte[20_000_000];
    new Random(1).nextBytes(content);
    Path source = Files.write(directory.resolve("source.deb"), content);
    Path target = directory.resolve("cache/target.deb");
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    List<Long> sent = new ArrayList<>();
    Upload upload = new Upload(source, content.length, sum, target.toString(), owner(), sent::add);

    remote.send(upload);

    assertThat(target).hasBinaryContent(content);
    assertThat(sent).isSorted().hasSizeGreaterThan(100).endsWith((long) content.length);
    sent.clear();
    remote.send(upload);
    assertThat(sent).isEmpty();
  }

  @Test
  void aFileThatChangedSinceItWasVerifiedIsNotPutInPlace() throws Exception {
    Path source = Files.writeString(directory.resolve("changed.deb"), "changed");
    Path target = directory.resolve("cache/changed.deb");

    assertThatThrownBy(
            () ->
                remote.send(
                    new Upload(source, 7, "0".repeat(64), target.toString(), owner(), n -> {})))
        .isInstanceOfSatisfying(
            RemoteException.class,
            e -> assertThat(e.lastLines()).contains("what arrived is not what was sent"));
    assertThat(target.getParent()).isEmptyDirectory();
  }

  @Test
  void aSymbolicLinkIsReplacedAndNotFollowed() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
    remote.put(RemoteFile.of(link.toString(), "new").withOwner(owner()));
    assertThat(link).isRegularFile().hasContent("new");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(precious).hasContent("old");
  }

  @Test
  void aFileThatCannotBePutLeavesTheOldOneAndNothingElse() throws Exception {
    Path target = Files.writeString(directory.resolve("file"), "old");
    RemoteException e =
        catchThrowableOfType(
            RemoteException.class,
            () ->
                remote.put(
                    RemoteFile.of(target.toString(), "new").withOwner("nobody-there:nobody")));
    assertThat(e.getMessage()).isEqualTo("db1: can't write " + target);
    assertThat(e.advice()).contains("nobody-there");
    assertThat(target).hasContent("old");
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("client", "file");
    }
  }

  @Test
  void aFullDiskIsCalledSo() {
    RemoteException e =
        new RemoteFileWriter(RemoteFile.of("/etc/x", ""))
            .failed("db1", new Result(1, "", "cat: write error: No space left on device\n"));
    assertThat(e.advice()).contains("disk of db1 is full");
  }

  @Test
  void aTunnelLeadsThereAndComesBackAfterTheSessionBroke() throws Exception {
    try (ServerSocket target = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread greeter = new Thread(() -> greet(target));
      greeter.setDaemon(true);
      greeter.start();
      int port = remote.tunnel("127.0.0.1", target.getLocalPort());
      assertThat(hear(port)).isEqualTo("hello");
      assertThat(remote.tunnel("127.0.0.1", target.getLocalPort())).isEqualTo(port);
      server.cut();
      await()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(hear(remote.tunnel("127.0.0.1", target.getLocalPort())))
                      .isEqualTo("hello"));
    }
  }

  private static void greet(ServerSocket target) {
    while (true) {
      try (Socket socket = target.accept()) {
        socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
      } catch (java.io.IOException e) {
        return;
      }
    }
  }

  private static String hear(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(5000);
      return new String(in.readNBytes(5), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void messagesNeverShowTheScriptOrItsInput() {
    RemoteException e =
        catchThrowableOfType(
            RemoteException.class,
            () -> remote.check(Command.shell("log in", "exit 7").withStdin("s3cret")));
    assertThat(e.getMessage())
        .isEqualTo("db1: 'log in' failed with exit status 7")
        .doesNotContain("s3cret");
  }

  @Test
  void whoIsNotRootUsesSudo() {
    assertThat(RemoteShell.line("ubuntu", "id -u", Duration.ofSeconds(5), "run-1"))
        .isEqualTo("exec sudo -n -- timeout -k 3.000 5.000 /bin/bash -c 'id -u' bash run-1");
  }
}
