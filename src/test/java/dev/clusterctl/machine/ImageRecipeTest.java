package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.machine.Topologies.Wish;
import dev.clusterctl.topology.OperatingSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageRecipeTest {
  private final Wish wish = Wish.docker(Path.of("/nowhere"), "c", "10.99.3");

  @Test
  void theNameSaysTheSystemAndChangesWithWhatTheImageIsMadeOf() throws Exception {
    ImageRecipe recipe = ImageRecipe.of(wish.topology());
    assertThat(recipe.name()).matches("clusterctl/debian-sid:[0-9a-f]{12}");
    assertThat(ImageRecipe.of(wish.nodes(5).memory(900).topology()).name())
        .isEqualTo(recipe.name());
    assertThat(ImageRecipe.of(wish.mirror("http://mirror.example/debian").topology()).hash())
        .isNotEqualTo(recipe.hash());
    assertThat(
            new ImageRecipe(recipe.os(), List.of("dbus"), Optional.empty(), recipe.login()).hash())
        .isNotEqualTo(recipe.hash());
  }

  @Test
  void serverAndRouterAreBakedInWhereTheyComeFromTheDistribution() throws Exception {
    assertThat(ImageRecipe.of(wish.topology()).packages())
        .contains("systemd-sysv", "openssh-server", "mysql-server", "mysql-client", "mysql-router");
  }

  @Test
  void theFilesMirrorWinsOverTheHosts() throws Exception {
    Optional<String> host = Optional.of("http://host.example/debian");
    assertThat(ImageRecipe.of(wish.topology()).command(host, List.of()))
        .endsWith("sid", "-", "http://host.example/debian");
    assertThat(
            ImageRecipe.of(wish.mirror("http://file.example/debian").topology())
                .command(host, List.of()))
        .endsWith("sid", "-", "http://file.example/debian");
    assertThat(ImageRecipe.of(wish.topology()).command(Optional.empty(), List.of()))
        .endsWith("sid", "-");
  }

  @Test
  void ubuntuNeedsAnImageOfTheUsersOwn() {
    assertThatThrownBy(() -> ImageRecipe.of(wish.os(OperatingSystem.UBUNTU_24_04).topology()))
        .isInstanceOfSatisfying(
            MachineException.class, e -> assertThat(e.advice()).contains("machines.image"));
  }

  @Test
  void theHostsDebianMirrorIsItsMainArchiveAndNotItsUpdates() {
    assertThat(
            HostApt.mirrorIn(
                List.of(
                    "Debian|Debian-Security|stable-security|main|http://a.example/security/",
                    "Debian|Debian|stable-updates|main|http://b.example/debian/",
                    "Debian|Debian|stable|contrib|http://c.example/debian/",
                    "Debian|Debian|stable|main|http://d.example/debian/")))
        .contains("http://d.example/debian/");
    assertThat(HostApt.mirrorIn(List.of("Ubuntu|Ubuntu|noble|main|http://u.example/ubuntu/")))
        .isEmpty();
  }

  @Test
  void onlyProxiesAreTakenFromTheHostsAptConfiguration() {
    assertThat(
            HostApt.proxiesIn(
                List.of(
                    "APT::Architecture \"amd64\";",
                    "Acquire::http::Proxy \"http://cache.example:3142\";",
                    "Acquire::https::proxy::other.example \"DIRECT\";",
                    "Acquire::Check-Valid-Until \"false\";")))
        .containsExactly(
            "Acquire::http::Proxy \"http://cache.example:3142\";",
            "Acquire::https::proxy::other.example \"DIRECT\";");
  }
}
