package dev.clusterctl.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS that trusts what Java trusts, and the certificates of a file. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * @param file certificates in PEM form, one or more
   * @throws DownloadException if it can't be read or holds none
   */
  static SSLContext with(Path file) throws DownloadException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate : read(file)) {
        trusted.setCertificateEntry("file-" + number++, certificate);
      }
      for (X509Certificate certificate : usual()) {
        trusted.setCertificateEntry("java-" + number++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(trusted), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new DownloadException(
          "the certificates in %s (downloads.ca-file) can't be used".formatted(file),
          List.of(String.valueOf(e.getMessage())),
          "It must hold certificates in PEM form: -----BEGIN CERTIFICATE-----.",
          e);
    }
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("it holds no certificate");
      }
      return found;
    }
  }

  private static List<X509Certificate> usual() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  /**
   * @param store null: Java's own
   */
  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
