package dev.clusterctl.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.render.ProvisionScript;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.TopologyReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rendered script's own downloads, for those who use it without clusterctl: its functions run
 * here, by bash and curl, as any user.
 */
@Tag("integration")
class ProvisionDownloadTest {
  private static final byte[] GOOD = "what it should be".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "something else".getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path serverFiles;
  private static TestWebServer server;

  @TempDir private Path home;

  private record Ended(int status, String said) {}

  @BeforeAll
  static void startServer() throws Exception {
    server = new TestWebServer(serverFiles);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void theNextPlaceIsTriedWhereOneHasNoFile() throws Exception {
    server.serve("/script/a.deb", GOOD);
    Ended ended =
        obtain(sum(GOOD), server.url("/script-nothing/a.deb"), server.url("/script/a.deb"));
    assertThat(ended.status()).as(ended.said()).isZero();
    assertThat(home.resolve("packages/a.deb")).hasBinaryContent(GOOD);
    assertThat(ended.said()).contains("not to be had from");
  }

  @Test
  void whatIsThereAlreadyIsNotDownloaded() throws Exception {
    server.serve("/script-kept/a.deb", GOOD);
    Files.write(Files.createDirectories(home.resolve("packages")).resolve("a.deb"), GOOD);
    assertThat(obtain(sum(GOOD), server.url("/script-kept/a.deb")).status()).isZero();
    assertThat(server.requests("/script-kept/a.deb")).isZero();
  }

  @Test
  void anotherFileThanItShouldBeIsRefusedAndNoOtherPlaceTried() throws Exception {
    server.serve("/script-tampered/a.deb", OTHER);
    server.serve("/script-second/a.deb", GOOD);
    Ended ended =
        obtain(sum(GOOD), server.url("/script-tampered/a.deb"), server.url("/script-second/a.deb"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.said()).contains(sum(OTHER) + ", not " + sum(GOOD), "Nothing was installed");
    assertThat(server.requests("/script-second/a.deb")).isZero();
    assertThat(home.resolve("packages")).isEmptyDirectory();
  }

  @Test
  void aRedirectToHttpIsNotFollowed() throws Exception {
    server.redirect("/script-clear/a.deb", "http://localhost/a.deb");
    Ended ended = obtain(sum(GOOD), server.url("/script-clear/a.deb"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.said()).contains("none of its places");
    assertThat(server.requests("/script-clear/a.deb")).isEqualTo(1);
  }

  @Test
  void withoutASumNothingIsTakenUnlessThatIsAskedFor() throws Exception {
    server.serve("/script-unknown/a.deb", GOOD);
    Ended refused = obtain("-", server.url("/script-unknown/a.deb"));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.said()).contains("ALLOW_UNVERIFIED=yes");
    assertThat(server.requests("/script-unknown/a.deb")).isZero();

    Ended taken =
        bash(
            Map.of("ALLOW_UNVERIFIED", "yes"),
            "obtain a.deb - " + server.url("/script-unknown/a.deb"));
    assertThat(taken.status()).as(taken.said()).isZero();
    assertThat(taken.said()).contains("NOT VERIFIED: a.deb").contains(sum(GOOD));
  }

  private Ended obtain(String sum, String... urls) throws Exception {
    return bash(Map.of(), "obtain a.deb " + sum + " " + String.join(" ", urls));
  }

  /** Runs a command with the functions of the script, whose last lines would begin its work. */
  private Ended bash(Map<String, String> environment, String command) throws Exception {
    String script =
        ProvisionScript.mysql(
            TopologyReader.read(Path.of("cluster.yaml")).topology().orElseThrow(),
            PackageLock.EMPTY);
    String functions = script.substring(0, script.lastIndexOf("\nmain \"$@\""));
    Path file = home.resolve("script.sh");
    Files.writeString(
        file, functions + "\npackages_dir=" + home.resolve("packages") + "\n" + command + "\n");
    ProcessBuilder builder = new ProcessBuilder("bash", file.toString()).redirectErrorStream(true);
    builder.environment().put("CURL_CA_BUNDLE", server.caFile().toString());
    builder.environment().remove("ALLOW_UNVERIFIED");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private static String sum(byte[] content) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }
}
