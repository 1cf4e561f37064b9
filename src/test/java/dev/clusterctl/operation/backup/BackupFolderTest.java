package dev.clusterctl.operation.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.GtidSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFolderTest {
  private static final GtidSet GTIDS = GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");

  @TempDir Path parent;
  private Path target;

  @BeforeEach
  void name() {
    target = parent.resolve("monday");
  }

  private Manifest make(String content) throws IOException {
    BackupFolder folder = BackupFolder.begin(target);
    BackupFolder.Writing out = folder.write("data.sql.gz", size -> {});
    try (out) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    Manifest manifest =
        new Manifest(
            "shop",
            "db2",
            BackupMethod.MYSQLDUMP,
            new ServerVersion(9, 7, 4),
            GTIDS,
            GTIDS,
            List.of("app"),
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.parse("2026-01-02T03:05:05Z"),
            List.of(out.written()));
    folder.finish(manifest);
    return manifest;
  }

  private BackupException refusal() {
    return catchThrowableOfType(BackupException.class, () -> BackupFolder.check(target, n -> {}));
  }

  @Test
  void aWholeBackupIsReadAsItWasWrittenAndIsForItsOwnerOnly() throws Exception {
    Manifest written = make("all the data");
    long[] read = {0};
    assertThat(BackupFolder.check(target, n -> read[0] = n)).isEqualTo(written);
    assertThat(read[0]).isEqualTo(12);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwx------");
    assertThat(target).isDirectoryContaining("glob:**manifest.json");
    for (String file : List.of("manifest.json", "data.sql.gz")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(file))))
          .isEqualTo("rw-------");
    }
    assertThat(parent.resolve("monday.partial")).doesNotExist();
  }

  @Test
  void aChangedByteATruncatedFileAndAMissingOneAreEachNamed() throws Exception {
    make("all the data");
    Path data = target.resolve("data.sql.gz");
    Files.writeString(data, "all the dada");
    assertThat(refusal().lastLines().get(0)).contains("data.sql.gz was changed since");
    Files.writeString(data, "all");
    assertThat(refusal().lastLines()).containsExactly("data.sql.gz has 3 bytes instead of 12");
    Files.delete(data);
    assertThat(refusal().lastLines()).containsExactly("data.sql.gz is missing");
    assertThat(refusal()).hasMessageContaining("nothing was touched");
  }

  @Test
  void aManifestThatIsNoneOrOfALaterFormatIsRefused() throws Exception {
    make("x");
    Path manifest = target.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"format\" : 1", "\"format\" : 2"));
    assertThat(refusal().lastLines().get(0)).contains("its format is 2");
    Files.writeString(manifest, text.replace("data.sql.gz", "../secret"));
    assertThat(refusal().lastLines().get(0)).contains("an entry of its files");
    Files.writeString(manifest, text.substring(0, 40));
    assertThat(refusal().lastLines().get(0)).contains("can't be read");
    Files.delete(manifest);
    assertThat(refusal()).hasMessageContaining("is not a backup");
  }

  @Test
  void whatAKilledRunLeftIsThrownAwayAndNothingElseIs() throws Exception {
    Files.createDirectory(parent.resolve("monday.partial"));
    Files.writeString(parent.resolve("monday.partial/data.tar.gz"), "half");
    make("whole");
    assertThatThrownBy(() -> BackupFolder.begin(target)).hasMessageContaining("is there already");
    Path other = parent.resolve("tuesday.partial");
    Files.createDirectory(other);
    Files.writeString(other.resolve("thesis.tex"), "years of work");
    assertThatThrownBy(() -> BackupFolder.begin(parent.resolve("tuesday")))
        .hasMessageContaining("holds files that no backup has");
    assertThat(other.resolve("thesis.tex")).exists();
  }
}
