package dev.clusterctl.operation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeFilesTest {
  @TempDir Path directory;

  @Test
  void filesHaveAboutTheSizeThatWasAskedFor() throws Exception {
    List<UploadFile> files = new MadeFiles(7).make(directory, 20, 5_000_000);
    assertThat(files).hasSize(20);
    long sum = 0;
    for (UploadFile file : files) {
      assertThat(Files.size(file.path())).isEqualTo(file.size());
      sum += file.size();
    }
    assertThat(sum).isBetween(4_800_000L, 5_200_000L);
  }

  @Test
  void picturesAreReadByWhoeverReadsPng() throws Exception {
    UploadFile picture = new MadeFiles(7).make(directory, 4, 800_000).get(0);
    assertThat(picture.path()).hasFileName("001-picture.png");
    BufferedImage image = ImageIO.read(picture.path().toFile());
    assertThat(image.getWidth()).isEqualTo(512);
    assertThat((long) image.getHeight() * 512 * 3).isBetween(picture.size() - 4000, picture.size());
  }

  @Test
  void documentsPointToTheirObjectsWhereTheyAre() throws Exception {
    UploadFile document = new MadeFiles(7).make(directory, 2, 100_000).get(1);
    String text = Files.readString(document.path(), StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF-1.4").endsWith("%%EOF\n");
    Matcher start = Pattern.compile("startxref\\n(\\d+)\\n").matcher(text);
    assertThat(start.find()).isTrue();
    int table = Integer.parseInt(start.group(1));
    assertThat(text.substring(table)).startsWith("xref\n0 5\n");
    Matcher entry = Pattern.compile("(\\d{10}) 00000 n").matcher(text.substring(table));
    for (int object = 1; object <= 4; object++) {
      assertThat(entry.find()).isTrue();
      assertThat(text.substring(Integer.parseInt(entry.group(1)))).startsWith(object + " 0 obj");
    }
  }

  @Test
  void videosAreBoxesThatEndWhereTheFileEnds() throws Exception {
    UploadFile video = new MadeFiles(7).make(directory, 3, 300_000).get(2);
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(Files.readAllBytes(video.path()));
    assertThat(bytes.getInt()).isEqualTo(24);
    bytes.position(24 + 8);
    assertThat(24 + bytes.getLong()).isEqualTo(video.size());
  }

  @Test
  void partsAndTransactionsFitIntoWhatTheServersTake() {
    assertThat(UploadTables.Limits.of(64 << 20, 0))
        .isEqualTo(new UploadTables.Limits(512 * 1024, 8 << 20));
    assertThat(UploadTables.Limits.of(1024, 0).part()).isEqualTo(256);
    assertThat(UploadTables.Limits.of(1 << 20, 1_000_000).part()).isEqualTo(256 * 1024);
    assertThat(UploadTables.Limits.of(1 << 20, 1_000_000).transaction()).isEqualTo(262_144);
  }
}
