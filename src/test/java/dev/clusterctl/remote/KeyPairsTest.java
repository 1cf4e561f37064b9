package dev.clusterctl.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPairsTest {
  @TempDir Path directory;

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aKeyPairIsMadeOnceAndOnlyItsOwnerCanReadIt() throws Exception {
    Path ssh = directory.resolve("state/ssh");
    KeyPairs.Stored made = KeyPairs.ensure(ssh);
    assertThat(made.publicLine()).startsWith("ssh-ed25519 AAAA").endsWith(" clusterctl");
    assertThat(made.fingerprint()).matches("SHA256:[A-Za-z0-9+/]{43}");
    assertThat(modes(ssh)).isEqualTo("rwx------");
    assertThat(modes(made.privateKey())).isEqualTo("rw-------");
    assertThat(made.privateKey()).content().startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
    assertThat(KeyPairs.ensure(ssh)).isEqualTo(made);
  }

  @Test
  void whatAKilledRunLeftIsCompleted() throws Exception {
    KeyPairs.Stored made = KeyPairs.ensure(directory);
    Path publicFile = directory.resolve("id_ed25519.pub");
    Files.delete(publicFile);
    Files.writeString(directory.resolve("id_ed25519.new"), "half");
    Files.setPosixFilePermissions(made.privateKey(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(KeyPairs.ensure(directory)).isEqualTo(made);
    assertThat(publicFile).hasContent(made.publicLine());
    assertThat(modes(made.privateKey())).isEqualTo("rw-------");
  }

  @Test
  void aDamagedKeyIsNamedAndNotReplaced() throws Exception {
    Path file = Files.writeString(directory.resolve("id_ed25519"), "nonsense");
    assertThatThrownBy(() -> KeyPairs.ensure(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("nonsense");
  }

  @Test
  void aKeyInMemoryDoesNotShowItsSecretHalf() throws Exception {
    KeyPairs.Generated pair = KeyPairs.generate();
    assertThat(pair.toString()).contains(pair.publicKey()).doesNotContain("PRIVATE");
  }

  @Test
  void hashedHostsAreFoundInKnownHostsAndRevokedKeysAreNot() throws Exception {
    String key = KeyPairs.generate().publicKey();
    String revoked = KeyPairs.generate().publicKey();
    byte[] salt = "0123456789abcdefghij".getBytes(StandardCharsets.US_ASCII);
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(salt, "HmacSHA1"));
    byte[] hash = mac.doFinal("[db1.example]:2222".getBytes(StandardCharsets.US_ASCII));
    Base64.Encoder base64 = Base64.getEncoder();
    Path file =
        Files.writeString(
            directory.resolve("known_hosts"),
            "|1|%s|%s %s\n@revoked db2.example %s\n"
                .formatted(base64.encodeToString(salt), base64.encodeToString(hash), key, revoked));
    assertThat(HostKeys.known(file, "db1.example", 2222)).containsExactly(key);
    assertThat(HostKeys.known(file, "db1.example", 22)).isEmpty();
    assertThat(HostKeys.known(file, "db2.example", 22)).isEmpty();
  }

  @Test
  void aFingerprintIsWhatSshKeygenShows() {
    // GitHub's published Ed25519 host key and its published fingerprint.
    assertThat(
            HostKeys.fingerprint(
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"))
        .isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  }
}
