package dev.clusterctl.remote;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;

/** Ed25519 key pairs: a cluster's own, kept in a directory, and machines' host keys. */
public final class KeyPairs {
  private static final String NAME = "id_ed25519";
  private static final String COMMENT = "clusterctl";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private KeyPairs() {}

  /**
   * A key pair in files.
   *
   * @param privateKey the private key's file, OpenSSH's format, mode 0600
   * @param publicLine a line for authorized_keys
   * @param fingerprint {@code SHA256:...}
   */
  public record Stored(Path privateKey, String publicLine, String fingerprint) {}

  /**
   * A key pair in memory.
   *
   * @param privateKey the text of a private key file; a secret
   * @param publicKey type and Base64, as in known_hosts
   */
  public record Generated(String privateKey, String publicKey) {
    @Override
    public String toString() {
      return "Generated[publicKey=" + publicKey + "]";
    }
  }

  /**
   * Gives the directory's key pair ({@code id_ed25519} and {@code id_ed25519.pub}); makes it, and
   * the directory (mode 0700), if it isn't there. Whoever is killed in the middle leaves no half
   * key; several that start at the same time get the same key.
   *
   * @throws IOException if it can't be made or what is there can't be read as a private key
   */
  public static synchronized Stored ensure(Path directory) throws IOException {
    Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve(".lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                OWNER_ONLY_FILE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      return ensureLocked(directory);
    }
  }

  private static Stored ensureLocked(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (Files.exists(file)) {
      // ssh refuses a private key that others may read; a copied directory easily loses its modes.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } else {
      writeAtomically(file, generate().privateKey());
    }
    String publicKey = publicKeyOf(file);
    String publicLine = publicKey + " " + COMMENT;
    Path publicFile = directory.resolve(NAME + ".pub");
    String wanted = publicLine + "\n";
    if (!Files.exists(publicFile) || !Files.readString(publicFile).equals(wanted)) {
      writeAtomically(publicFile, wanted);
    }
    return new Stored(file, publicLine, HostKeys.fingerprint(publicKey));
  }

  /** Makes a key pair in memory. */
  public static Generated generate() throws IOException {
    try {
      KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
      ByteArrayOutputStream privateKey = new ByteArrayOutputStream();
      pair.setPublicKeyComment(COMMENT);
      pair.writeOpenSSHv1PrivateKey(privateKey, null);
      Generated result =
          new Generated(privateKey.toString(StandardCharsets.US_ASCII), publicKey(pair));
      pair.dispose();
      return result;
    } catch (JSchException e) {
      throw new IOException("can't make an Ed25519 key pair: " + e.getMessage(), e);
    }
  }

  private static String publicKeyOf(Path file) throws IOException {
    try {
      KeyPair pair = KeyPair.load(new JSch(), file.toString(), null);
      String result = publicKey(pair);
      pair.dispose();
      return result;
    } catch (JSchException | RuntimeException e) {
      // JSch answers some damaged files with an unchecked exception.
      throw new IOException(
          file
              + " is not a readable private key: restore it, or delete it to have a new one made"
              + " (machines that know the old one will refuse the new one)",
          e);
    }
  }

  private static String publicKey(KeyPair pair) {
    return pair.getKeyTypeString()
        + " "
        + Base64.getEncoder().encodeToString(pair.getPublicKeyBlob());
  }

  private static void writeAtomically(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel out =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
