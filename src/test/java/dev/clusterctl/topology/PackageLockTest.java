package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.PackageLock.Pin;
import dev.clusterctl.topology.Packages.Deb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageLockTest {
  private static final Pin A = new Pin("https://a.test/a.deb", "a".repeat(64), 1);
  private static final Pin B = new Pin("https://b.test/b.deb?x=1", "0".repeat(64), 123456789012L);

  @TempDir private Path directory;

  @Test
  void whatIsWrittenIsReadAgainSortedByUrl() throws IOException {
    PackageLock lock = PackageLock.EMPTY.with(B).with(A);

    assertThat(lock.yaml())
        .startsWith("# What the package files")
        .contains("Commit this file")
        .endsWith(
            """
            packages:
              - url: "https://a.test/a.deb"
                sha256: "%s"
                size: 1
              - url: "https://b.test/b.deb?x=1"
                sha256: "%s"
                size: 123456789012
            """
                .formatted("a".repeat(64), "0".repeat(64)));
    assertThat(read(lock.yaml()).lock()).isEqualTo(lock);
    assertThat(PackageLock.EMPTY.with(A).with(B).yaml()).isEqualTo(lock.yaml());
  }

  @Test
  void aFileThatIsNotThereAndOneWithoutEntriesPinNothing() throws IOException {
    assertThat(PackageLockReader.read(directory.resolve("none.yaml")))
        .isEqualTo(new PackageLockReader.Reading(PackageLock.EMPTY, List.of()));
    assertThat(read(PackageLock.EMPTY.yaml()))
        .isEqualTo(new PackageLockReader.Reading(PackageLock.EMPTY, List.of()));
  }

  @Test
  void aFileIsPinnedWhicheverOfItsPlacesItCameFrom() {
    PackageLock lock = PackageLock.EMPTY.with(A);
    assertThat(lock.pin(deb("https://old.test/a.deb", A.url()))).contains(A);
    assertThat(lock.pin(deb("https://old.test/a.deb"))).isEmpty();
  }

  @Test
  void theSumInClusterYamlCountsBeforeThePinnedOne() {
    PackageLock lock = PackageLock.EMPTY.with(A);
    Deb own = new Deb(List.of(A.url()), Optional.of("b".repeat(64)));
    assertThat(lock.sha256(own)).contains("b".repeat(64));
    assertThat(lock.sha256(deb(A.url()))).contains(A.sha256());
    assertThat(lock.sha256(deb(B.url()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "packages: {a: 1}                                    | :1:11: error: packages must be a list, not a mapping",
        "packages: [{url: 'http://x/a.deb', sha256: SUM, size: 1}] | :1:18: error: packages[0].url must be an https URL, not 'http://x/a.deb'; for example https://downloads.mysql.com/archives/get/p/23/file/NAME.deb",
        "packages: [{url: 'https://x/a.deb', sha256: abc, size: 1}] | :1:45: error: packages[0].sha256 must be 64 hexadecimal digits in lower case, not 'abc'; for example e3b0…",
        "packages: [{url: 'https://x/a.deb', sha256: SUM, size: 0}] | :1:119: error: packages[0].size must be a whole number from 1 to 9223372036854775807, not '0'; write decimal digits only, no unit and no zero in front",
        "packages: [{url: 'https://x/a.deb', sha256: SUM}]   | :1:12: error: packages[0] has no 'size'; add 'size': Its size in bytes",
        "package: []                                         | :1:1: error: unknown key 'package'; did you mean 'packages'? allowed: packages",
      })
  void aMistakeIsReportedAtItsPlace(String text, String problem) throws IOException {
    PackageLockReader.Reading reading = read(text.replace("SUM", "'" + "c".repeat(64) + "'"));

    assertThat(reading.problems().stream().map(Problem::toString))
        .containsExactly(directory.resolve(PackageLock.FILE_NAME) + problem);
    assertThat(reading.lock()).isEqualTo(PackageLock.EMPTY);
  }

  @Test
  void twoEntriesForOneFileAreRefusedAsNobodyKnowsWhichIsRight() throws IOException {
    String entry = PackageLock.EMPTY.with(A).yaml();
    String again = entry.substring(entry.indexOf("  - url"));

    assertThat(read(entry + again).problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("is pinned already"))
        .satisfies(p -> assertThat(p.line()).isGreaterThan(6));
  }

  private PackageLockReader.Reading read(String text) throws IOException {
    Path file = directory.resolve(PackageLock.FILE_NAME);
    Files.writeString(file, text);
    return PackageLockReader.read(file);
  }

  private static Deb deb(String... urls) {
    return new Deb(List.of(urls), Optional.empty());
  }
}
