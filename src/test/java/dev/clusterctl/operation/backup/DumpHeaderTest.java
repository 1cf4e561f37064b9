package dev.clusterctl.operation.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpHeaderTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "82a56cf6-86d5-420a-bc67-386bc98e3c8b";

  @TempDir Path directory;

  private Path dump(String text) throws IOException {
    Path file = directory.resolve("data.sql.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void theSetIsReadAsEveryVersionWritesIt() throws Exception {
    assertThat(
            DumpHeader.gtids(
                dump("SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '%s:1-5,\n%s:7';\n".formatted(A, B))))
        .hasToString(A + ":1-5," + B + ":7");
    assertThat(DumpHeader.gtids(dump("-- x\nSET @@GLOBAL.GTID_PURGED='%s:1-11';\n".formatted(A))))
        .hasToString(A + ":1-11");
  }

  @Test
  void aDumpThatDoesNotSayIsNoBackup() throws Exception {
    Path dump = dump("CREATE DATABASE app;\nINSERT 'SET @@GLOBAL.GTID_PURGED='''';';\n");
    assertThatThrownBy(() -> DumpHeader.gtids(dump)).hasMessageContaining("didn't write which");
  }
}
