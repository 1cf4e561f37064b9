package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages.Deb;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageFilesTest {
  @Test
  void theServersFilesComeInTheOrderInWhichTheyNeedEachOtherEachFromTwoPlaces() {
    List<Deb> debs = PackageFiles.server(new ServerVersion(5, 7, 23), OperatingSystem.UBUNTU_16_04);

    assertThat(debs)
        .extracting(Deb::fileName)
        .containsExactly(
            "mysql-common_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-community-client_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-client_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-community-server_5.7.23-1ubuntu16.04_amd64.deb");
    assertThat(debs.get(0).urls())
        .containsExactly(
            "https://downloads.mysql.com/archives/get/p/23/file/mysql-common_5.7.23-1ubuntu16.04_amd64.deb",
            "https://dev.mysql.com/get/Downloads/MySQL-5.7/mysql-common_5.7.23-1ubuntu16.04_amd64.deb");
    assertThat(debs).allMatch(deb -> deb.sha256().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.17, UBUNTU_16_04, true",
    "5.7.34, UBUNTU_16_04, true",
    "5.7.35, UBUNTU_16_04, false",
    "5.7.22, UBUNTU_18_04, false",
    "5.7.23, UBUNTU_18_04, true",
    "5.7.42, UBUNTU_18_04, true",
    "5.7.43, UBUNTU_18_04, false",
    "5.7.42, UBUNTU_20_04, false",
    "8.0.36, UBUNTU_18_04, false",
  })
  void onlyServersWhoseFilesSomebodyHasSeenAreKnown(
      String version, OperatingSystem os, boolean known) {
    assertThat(PackageFiles.server(ServerVersion.parse(version).orElseThrow(), os).isEmpty())
        .isEqualTo(!known);
  }

  @ParameterizedTest
  @CsvSource({
    "1.4.4, UBUNTU_16_04, proxysql_1.4.4-ubuntu16_amd64.deb",
    "2.7.1, UBUNTU_16_04, proxysql_2.7.1-ubuntu16_amd64.deb",
    "2.0.1, UBUNTU_18_04, proxysql_2.0.1-ubuntu18_amd64.deb",
    "2.4.0, UBUNTU_22_04, proxysql_2.4.0-ubuntu22_amd64.deb",
    "3.0.3, UBUNTU_24_04, proxysql_3.0.3-ubuntu24_amd64.deb",
    "2.7.1, DEBIAN_12, proxysql_2.7.1-debian12_amd64.deb",
    "3.0.4, DEBIAN_13, proxysql_3.0.4-debian13_amd64.deb",
  })
  void proxySqlsFileIsNamedForTheOperatingSystem(
      String version, OperatingSystem os, String fileName) {
    assertThat(PackageFiles.proxySql(version, os))
        .singleElement()
        .satisfies(
            deb -> {
              assertThat(deb.fileName()).isEqualTo(fileName);
              assertThat(deb.urls())
                  .containsExactly(
                      "https://github.com/sysown/proxysql/releases/download/v"
                          + version
                          + "/"
                          + fileName);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "3.0.0, UBUNTU_16_04",
    "2.0.0, UBUNTU_18_04",
    "2.3.2, UBUNTU_22_04",
    "2.7, UBUNTU_22_04",
    "2.7.1, DEBIAN_SID",
    "3.0.3, DEBIAN_13",
  })
  void aProxySqlThatWasNotBuiltForASystemHasNoFile(String version, OperatingSystem os) {
    assertThat(PackageFiles.proxySql(version, os)).isEmpty();
  }

  @Test
  void whatIsKnownIsSaidInWords() {
    assertThat(PackageFiles.knownServers())
        .isEqualTo("5.7.17 to 5.7.34 for ubuntu-16.04, 5.7.23 to 5.7.42 for ubuntu-18.04");
    assertThat(PackageFiles.knownProxySqls(OperatingSystem.UBUNTU_16_04))
        .contains("1.4.0 to 2.7.x");
    assertThat(PackageFiles.knownProxySqls(OperatingSystem.DEBIAN_SID)).isEmpty();
  }
}
