package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradePathTest {

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "5.7.23, 5.7.44",
    "5.7.22, 8.0.12",
    "5.7.44, 8.0.46",
    "8.0.12, 8.0.46",
    "8.0.46, 8.4.6",
    "8.0.34, 8.1.0",
    "8.0.46, 8.3.0",
    "8.1.0, 8.3.0",
    "8.3.0, 8.4.0",
    "8.4.0, 8.4.13",
    "8.4.13, 9.0.1",
    "8.4.13, 9.6.0",
    "8.4.13, 9.7.4",
    "9.0.1, 9.6.0",
    "9.3.0, 9.7.4",
    "9.7.0, 9.7.4",
    "9.7.4, 26.7.0",
    "9.7.4, 26.10.0",
    "26.7.0, 26.10.0",
    "26.10.0, 28.4.1",
    "9.7.4, 28.4.1"
  })
  void theseWaysLeadForward(String from, String to) {
    assertThat(path(from, to).refusal()).isEmpty();
    assertThat(path(from, to).groupRefusal()).isEmpty();
    assertThat(path(from, to).isDowngrade()).isFalse();
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "5.7.44, 8.1.0, 8.0 lies between, upgrade --to 8.0.46",
    "5.7.44, 8.4.6, 8.0 lies between, upgrade --to 8.0.46",
    "5.7.44, 9.7.4, 8.0 lies between, upgrade --to 8.0.46",
    "5.7.5, 8.0.46, takes over 5.7.9 and later, newest 5.7",
    "8.0.46, 9.0.1, 8.4 lies between, upgrade --to 8.4.13",
    "8.0.46, 9.7.4, 8.4 lies between, upgrade --to 8.4.13",
    "8.3.0, 9.0.1, leads to 8.4 first, upgrade --to 8.4.13",
    "8.3.0, 9.7.4, leads to 8.4 first, upgrade --to 8.4.13",
    "8.4.13, 26.7.0, 9.7 lies between, upgrade --to 9.7.4",
    "9.6.0, 26.10.0, leads to 9.7 first, upgrade --to 9.7.4",
    "9.7.4, 28.7.0, 28.4 lies between, upgrade --to 28.4"
  })
  void theseHaveAStationInBetweenThatIsNamed(
      String from, String to, String reason, String instead) {
    UpgradePath.Refusal refusal = path(from, to).refusal().orElseThrow();
    assertThat(refusal.reason()).contains(reason);
    assertThat(refusal.instead()).contains(instead);
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "8.4.13, 8.4.0, true",
    "9.7.4, 9.7.0, true",
    "8.0.46, 8.0.35, true",
    "8.0.46, 8.0.34, false",
    "8.0.12, 8.0.11, false",
    "5.7.44, 5.7.22, false",
    "8.4.6, 8.0.46, false",
    "8.0.46, 5.7.44, false",
    "9.7.4, 8.4.6, false",
    "9.1.0, 9.0.1, false",
    "26.10.0, 26.7.0, false",
    "26.7.0, 9.7.4, false"
  })
  void backLeadsOnlyAWayWithinASeriesWithLongTermSupport(String from, String to, boolean leads) {
    Optional<UpgradePath.Refusal> refusal = path(from, to).refusal();
    assertThat(refusal.isEmpty()).isEqualTo(leads);
    assertThat(path(from, to).isDowngrade()).isTrue();
    refusal.ifPresent(r -> assertThat(r.instead()).contains("clusterctl backup"));
  }

  @ParameterizedTest(name = "a group from {0} to {1}: {2}")
  @CsvSource({"8.4.13, 8.4.6, true", "9.7.4, 9.7.3, true", "8.0.46, 8.0.40, false"})
  void aGroupLetsOlderMembersInFrom84On(String from, String to, boolean lets) {
    assertThat(path(from, to).groupRefusal().isEmpty()).isEqualTo(lets);
  }

  @ParameterizedTest(name = "{0} and {1} in one group: {2}")
  @CsvSource({
    "5.7.22, 5.7.44, false",
    "5.7.44, 8.0.46, true",
    "8.0.12, 8.0.16, false",
    "8.0.12, 8.0.46, false",
    "8.0.17, 8.0.46, true",
    "8.0.46, 8.4.6, true",
    "8.4.6, 8.4.13, false",
    "8.4.13, 8.4.6, false",
    "9.6.0, 9.7.4, true",
    "9.7.4, 9.7.4, false"
  })
  void newerMembersOnlyReadWhereAGroupTellsThemApart(String from, String to, boolean read) {
    assertThat(path(from, to).newerMembersOnlyRead()).isEqualTo(read);
  }

  @ParameterizedTest(name = "{0} leads {1}: {2}")
  @CsvSource({
    "5.7.22, 5.7.44, true",
    "8.0.13, 8.0.16, true",
    "8.0.17, 8.0.46, false",
    "8.0.46, 8.4.6, false",
    "9.7.3, 9.7.4, false",
    "9.7.4, 9.7.3, true"
  })
  void aGroupIsLedByAMemberOfItsLowestVersion(String from, String to, boolean canLead) {
    assertThat(path(from, to).newMembersCanLead()).isEqualTo(canLead);
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "5.7.22, 5.7.44, false, true,  false, false",
    "5.7.22, 8.0.12, true,  true,  true,  false",
    "5.7.44, 8.0.16, true,  false, true,  false",
    "5.7.44, 8.0.46, true,  false, true,  true",
    "8.0.11, 8.0.15, false, true,  false, false",
    "8.0.15, 8.0.16, false, false, false, false",
    "8.0.46, 8.4.6,  true,  false, false, true",
    "9.7.3,  9.7.4,  false, false, false, true"
  })
  void whatTheServerNeedsFollowsFromBothVersions(
      String from,
      String to,
      boolean slowShutdown,
      boolean program,
      boolean dictionary,
      boolean wakeUp) {
    assertThat(path(from, to).needsSlowShutdown()).isEqualTo(slowShutdown);
    assertThat(path(from, to).needsUpgradeProgram()).isEqualTo(program);
    assertThat(path(from, to).makesDataDictionary()).isEqualTo(dictionary);
    assertThat(path(from, to).membersWakeUp()).isEqualTo(wakeUp);
  }

  @ParameterizedTest(name = "{0} speaks {1}")
  @CsvSource({
    "5.7.44,",
    "8.0.15,",
    "8.0.16, 8.0.16",
    "8.0.26, 8.0.16",
    "8.0.27, 8.0.27",
    "9.7.4, 8.0.27"
  })
  void aGroupSpeaksTheNewestProtocolOfItsVersion(String version, String protocol) {
    assertThat(UpgradePath.groupProtocol(version(version)).map(ServerVersion::toString))
        .isEqualTo(Optional.ofNullable(protocol));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "5.7.22, 8.0.46, '5.7.44, and this is 5.7.22'",
    "8.4.6, 9.0.1, MySQL 9.0 gets no more fixes"
  })
  void whatIsPossibleAndUnwiseIsSaid(String from, String to, String said) {
    assertThat(String.join("\n", path(from, to).advice())).contains(said);
  }

  private static UpgradePath path(String from, String to) {
    return new UpgradePath(version(from), version(to));
  }

  private static ServerVersion version(String text) {
    return ServerVersion.parse(text).orElseThrow();
  }
}
