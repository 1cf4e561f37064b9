package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
  private static final List<String> KEYS =
      List.of("name", "address", "server-id", "memory", "options", "ssh");

  @ParameterizedTest
  @CsvSource({
    "adress, address",
    "nmae, name",
    "Name, name",
    "server_id, server-id",
    "serverid, server-id",
    "mem, memory",
    "sshh, ssh",
    "option, options",
  })
  void theKeyThatWasMeantIsFound(String written, String meant) {
    assertThat(Wording.closest(written, KEYS)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"xyz", "zone", "q", "''", "port"})
  void aWordThatIsNearToNothingGetsNoGuess(String written) {
    assertThat(Wording.closest(written, KEYS)).isEmpty();
  }

  @Test
  void aQuoteIsShortAndHarmless() {
    assertThat(Wording.quote("plain")).isEqualTo("'plain'");
    assertThat(Wording.quote("a\u001b[2J\n\u202e")).isEqualTo("'a\\u001b[2J\\u000a\\u202e'");
    assertThat(Wording.quote("🐬".repeat(200))).isEqualTo("'" + "🐬".repeat(60) + "…'");
  }
}
