package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
  @ParameterizedTest
  @CsvSource({
    "5.7.17, 5.7.17",
    "5.7.23, 5.7.23",
    "5.7, 5.7.44",
    "8.0, 8.0.46",
    "8.0.11, 8.0.11",
    "8.0.99, 8.0.99",
    "8.4, 8.4.13",
    "9.7, 9.7.4",
    "26.7, 26.7.0",
    "26.10, 26.10.0",
  })
  void aVersionOrSeriesIsResolved(String text, String version) {
    assertThat(Catalog.resolve(text).version()).map(ServerVersion::toString).contains(version);
    assertThat(Catalog.resolve(text).complaint()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "5.7.16 | MySQL 5.7.16 is too old: Group Replication needs 5.7.17 or later of this series",
        "8.0.4  | MySQL 8.0.4 is too old: Group Replication needs 8.0.11 or later of this series",
        "5.6.40 | MySQL 5.6 is too old: it has no Group Replication",
        "5.70   | there is no MySQL 5.70",
        "8.5    | there is no MySQL 8.5",
        "10.11  | there is no MySQL 10.11",
        "26.11  | MySQL 26.11 is newer than this clusterctl, which knows MySQL up to 26.10",
        "27.1.0 | MySQL 27.1 is newer than this clusterctl, which knows MySQL up to 26.10",
        "nine   | 'nine' is not a version of MySQL",
      })
  void aVersionThatCannotBeUsedIsExplained(String text, String complaint) {
    assertThat(Catalog.resolve(text).version()).isEmpty();
    assertThat(Catalog.resolve(text).complaint()).isEqualTo(complaint);
  }

  @ParameterizedTest
  @CsvSource({
    "DISTRO, DEBIAN_SID, 9.7, true, true",
    "DISTRO, DEBIAN_SID, 8.4, false, false",
    "DISTRO, DEBIAN_12, 8.0, false, false",
    "DISTRO, UBUNTU_16_04, 5.7, true, false",
    "DISTRO, UBUNTU_18_04, 5.7, true, false",
    "DISTRO, UBUNTU_20_04, 8.0, true, true",
    "DISTRO, UBUNTU_24_04, 8.0, true, true",
    "DISTRO, UBUNTU_24_04, 8.4, false, false",
    "APT, UBUNTU_16_04, 5.7, false, false",
    "APT, UBUNTU_18_04, 5.7, true, false",
    "APT, UBUNTU_18_04, 8.4, false, false",
    "APT, DEBIAN_12, 8.4, true, true",
    "APT, DEBIAN_13, 8.0, false, false",
    "APT, DEBIAN_SID, 9.7, false, false",
    "APT, UBUNTU_22_04, 9.1, false, false",
    "DEBS, DEBIAN_11, 9.1, true, true",
    "PREINSTALLED, DEBIAN_11, 5.7, true, false",
  })
  void aSourceOffersASeries(
      Source source, OperatingSystem os, String series, boolean server, boolean router) {
    assertThat(Catalog.serverSeries(source, os).contains(series)).isEqualTo(server);
    assertThat(Catalog.routerSeries(source, os).contains(series)).isEqualTo(router);
  }

  @Test
  void onlyKnownSeriesAreOffered() {
    for (OperatingSystem os : OperatingSystem.values()) {
      for (Source source : Source.values()) {
        assertThat(Catalog.serverSeries(source, os))
            .allMatch(name -> Catalog.series(name).isPresent());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5.7.44, 8.0", "8.0.11, 8.0", "9.7.4, 9.7"})
  void aRouterOfTheServersSeriesGoesWithIt(String server, String router) {
    assertThat(Catalog.routerSeriesFor(ServerVersion.parse(server).orElseThrow()))
        .isEqualTo(router);
  }

  @ParameterizedTest
  @CsvSource({"8.0, 9.7.4, true", "9.7, 9.7.0, false", "26.7, 9.7.4, false", "9.7, 26.7.0, true"})
  void seriesComeInTheOrderOfTheirReleases(String series, String server, boolean older) {
    assertThat(Catalog.isOlder(series, ServerVersion.parse(server).orElseThrow())).isEqualTo(older);
  }

  @ParameterizedTest
  @CsvSource({"5.7.44, 256", "8.0.11, 512", "26.10.0, 512"})
  void newerServersNeedMoreMemory(String server, int megabytes) {
    assertThat(Catalog.leastMemory(ServerVersion.parse(server).orElseThrow())).isEqualTo(megabytes);
  }
}
