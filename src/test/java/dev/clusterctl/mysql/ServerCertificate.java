package dev.clusterctl.mysql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A key and a certificate for a MySQL server, made with the JDK's keytool. */
final class ServerCertificate {
  private static final String PASSWORD = "changeit";

  /** What PKCS#8 puts before the key itself, which is all that old servers read, for 2048 bits. */
  private static final int PKCS8_HEADER = 26;

  private ServerCertificate() {}

  /**
   * @return the lines for {@code [mysqld]}
   */
  static String options(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    Path log = directory.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "RSA",
                    "-keysize",
                    "2048",
                    "-dname",
                    "CN=db1",
                    "-alias",
                    "server",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Key key = keys.getKey("server", PASSWORD.toCharArray());
    byte[] pkcs8 = key.getEncoded();
    Path certificate = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    pem(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
    pem(keyFile, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_HEADER, pkcs8.length));
    return "ssl_ca = %1$s\nssl_cert = %1$s\nssl_key = %2$s\n".formatted(certificate, keyFile);
  }

  private static void pem(Path file, String what, byte[] content) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(
                what,
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(content)));
  }
}
