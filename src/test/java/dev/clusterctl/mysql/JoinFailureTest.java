package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.JoinFailure.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The form of 9.7's lines was seen on 9.7.4, as were the lost donor and what comes with it; the
 * messages are from its list of errors. 5.7's lines have the same form without code and subsystem.
 */
class JoinFailureTest {
  private static final String LOST_DONOR =
      "There are no valid recovery metadata donors. The joining member will leave the group.";

  private static String of97(int code, String message) {
    return "2026-11-21T08:02:47.813745Z 0 [ERROR] [MY-%06d] [Repl] Plugin group_replication reported: '%s'"
        .formatted(code, message);
  }

  private static String of57(String message) {
    return "2018-09-10T11:42:20.155403Z 0 [ERROR] Plugin group_replication reported: '%s'"
        .formatted(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OWN_TRANSACTIONS | false | The member contains transactions not present in the group. The member will now exit the group.",
        "OWN_TRANSACTIONS | false | This member has more executed transactions than those present in the group. Local transactions: a:1-4 > Group transactions: b:1-9",
        "INCOMPATIBLE | false | Member version is incompatible with the group.",
        "INCOMPATIBLE | false | The member configuration is not compatible with the group configuration. Variables such as group_replication_single_primary_mode must have the same value on every server in the group.",
        "INCOMPATIBLE | false | The member is configured with a group_replication_gtid_assignment_block_size option value '1' different from the group '1000000'. The member will now exit the group.",
        "FULL | false | The START GROUP_REPLICATION command failed since the group already has 9 members.",
        "LOGS_PURGED | true | No valid or ONLINE members exist to get the missing data from the group.",
        "OTHER | true | Timeout on wait for view after joining group",
        "OTHER | true | " + LOST_DONOR,
      })
  void theServersWordsTellWhetherAnotherAttemptMakesSense(
      Cause cause, boolean passing, String message) {
    for (String line : List.of(of97(11526, message), of57(message))) {
      JoinFailure failure = JoinFailure.of(List.of(line));
      assertThat(failure.cause()).isEqualTo(cause);
      assertThat(failure.cause().passing()).isEqualTo(passing);
      assertThat(failure.lines()).containsExactly(message);
    }
  }

  @Test
  void whatTheReplicationThreadsSayCountsToo() {
    JoinFailure failure =
        JoinFailure.of(
            List.of(
                "2026-11-21T08:02:47.8Z 61 [ERROR] [MY-013114] [Repl] Replica I/O for channel 'group_replication_recovery': Got fatal error 1236 from source when reading data from binary log: 'Cannot replicate because the source purged required binary logs.', Error_code: MY-013114"));
    assertThat(failure.cause()).isEqualTo(Cause.LOGS_PURGED);
  }

  @Test
  void whatCanNotPassCountsWhateverElseIsSaid() {
    JoinFailure failure =
        JoinFailure.of(
            List.of(
                of97(13114, "Got fatal error 1236"),
                of97(11522, "The member contains transactions not present in the group.")));
    assertThat(failure.cause()).isEqualTo(Cause.OWN_TRANSACTIONS);
  }

  @Test
  void onlyErrorsAreShownEachOnceAndNotWhatFollowsFromThem() {
    String again =
        "Failed to establish MySQL client connection in Group Replication. Error establishing connection.";
    JoinFailure failure =
        JoinFailure.of(
            List.of(
                of97(13780, again),
                "2026-11-21T08:02:42.5Z 0 [Warning] [MY-011735] [Repl] Plugin group_replication reported: '[GCS] Shutting down an outgoing connection.'",
                of97(13780, again),
                of97(15083, LOST_DONOR),
                of97(
                    11712,
                    "The server was automatically set into read only mode after an error was detected."),
                of97(
                    13486,
                    "The server was automatically set into offline mode after an error was detected.")));
    assertThat(failure.lines()).containsExactly(again, LOST_DONOR);
  }

  @Test
  void aSilentLogIsNoReason() {
    assertThat(JoinFailure.of(List.of())).isEqualTo(new JoinFailure(Cause.OTHER, List.of()));
  }
}
