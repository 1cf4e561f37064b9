package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.topology.NodeName;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class FailoverReportTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void aPersonReadsWhatHappenedWhatClientsFeltAndWhetherAnythingWasLost() {
    assertThat(report(verification(0), Duration.ofMillis(7125)).text())
        .isEqualTo(
            """
            Fail-over test: db2 killed (SIGKILL), as in a crash

              clients              proxy:6446 to write, proxy:6447 to read
              load                 2 writers, 1 readers, each 50/s

            What happened
                 3.00 s  db2: killed
                12.00 s  db2 is ONLINE again for every member

            What clients felt
              first error          0.01 s after the fault
              writing again        7.13 s after the fault (end of the longest gap)
              node ONLINE again    9.00 s after the fault

                                               writes      reads
              longest gap, all clients         7.13 s     0.50 s
              longest gap, one client          7.50 s     0.50 s
              reconnects                            2          1
              failed connects                       4          0
              per second before                   100         50
              per second during                    30         50
              per second after                     99         50

              writes answered by
                before   db2 300
                during   db1 270
                after    nobody

            Errors that clients met
               count  doing      code      first       last  message
                   2  write         0     3.01 s     3.02 s  Communications link failure

            Was anything lost?
              acknowledged rows    570
              refused rows         1
              in doubt             2, of which 1 are there
              rows on db1          571
              rows on db2          571
              lost                 0

            Note: by hand

            ok      no acknowledged write was lost: 570 acknowledged, 0 lost, 0 altered
            ok      the node returned: ONLINE 9000 ms after the fault
            ok      the change made meanwhile is on the node: a row and a database
            ok      the copies agree: the same rows on db1, db2
            FAILED  longest gap within --max-downtime: 7125 ms without an acknowledged write, 5000 ms allowed

            FAILED
            """);
  }

  @Test
  void aGapAsLongAsTheLimitPasses() {
    assertThat(report(verification(0), LIMIT).passed()).isTrue();
    assertThat(report(verification(0), LIMIT.plusNanos(1)).passed()).isFalse();
  }

  @Test
  void oneLostRowFailsTheTestAndIsNamed() throws Exception {
    FailoverReport report = report(verification(1), Duration.ofMillis(100));

    assertThat(report.passed()).isFalse();
    assertThat(report.reasons()).hasSize(1).first().asString().contains("1 lost");
    assertThat(report.text()).contains("    db2: row 7 of writer 1 was acknowledged");
    assertThat(report.junitXml()).contains("row 7 of writer 1");
  }

  @Test
  void withoutAnyCopyNothingIsProved() {
    Verification none =
        new Verification(5, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, true, List.of(), Map.of());
    assertThat(none.nothingLost()).isFalse();
  }

  @Test
  void aProgramReadsMillisecondsAndTheVerdict() throws Exception {
    Map<String, Object> json =
        JSON.std.mapFrom(report(verification(0), Duration.ofMillis(7125)).json());

    assertThat(json)
        .containsEntry("verdict", "failed")
        .containsEntry("node", "db2")
        .containsEntry("how", "kill")
        .containsEntry("max-downtime", 5000)
        .containsEntry("first-error-after", 10)
        .containsEntry("recovered-after", 7125);
    assertThat(json.get("writes"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("longest-gap", Map.of("length", 7125, "from", 3000, "to", 10125))
        .containsEntry("per-second", Map.of("before", 100.0, "during", 30.0, "after", 99.0));
  }

  @Test
  void aCiServerReadsATestCaseForEachCheck() throws Exception {
    String text = report(verification(0), Duration.ofMillis(7125)).junitXml();
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)));

    assertThat(xml.getDocumentElement().getAttribute("tests")).isEqualTo("5");
    assertThat(xml.getDocumentElement().getAttribute("failures")).isEqualTo("1");
    assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(5);
    assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
  }

  @Test
  void charactersThatXmlCannotHoldDoNotBreakTheReport() throws Exception {
    FailoverReport r = report(verification(0), LIMIT);
    FailoverReport odd =
        new FailoverReport(
            r.run(),
            r.options(),
            "a\u0000<b>&",
            r.timeline(),
            r.faultAt(),
            r.writes(),
            r.reads(),
            r.errors(),
            r.firstError(),
            r.recovery(),
            r.returned(),
            r.verification(),
            r.notes(),
            r.checks());
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(odd.junitXml())));

    assertThat(xml.getDocumentElement().getTextContent()).contains("a?<b>&");
  }

  private static Verification verification(long lost) {
    return new Verification(
        570,
        1,
        2,
        1,
        Map.of("db1", 571L, "db2", 571L - lost),
        lost,
        0,
        0,
        0,
        0,
        0,
        true,
        lost == 0 ? List.of() : List.of("db2: row 7 of writer 1 was acknowledged and isn't there"),
        Map.of());
  }

  private static FailoverReport report(Verification verification, Duration gap) {
    FailoverOptions d = FailoverOptions.defaults(new NodeName("db2"), new Fault.Kill(), "elaporan");
    FailoverOptions options =
        new FailoverOptions(
            d.node(),
            d.fault(),
            d.schema(),
            2,
            50,
            1,
            d.warmUp(),
            d.downFor(),
            d.coolDown(),
            d.returnWithin(),
            Optional.of(LIMIT));
    Duration fault = Duration.ofSeconds(3);
    Traffic writes =
        new Traffic(
            570,
            span(fault, gap),
            List.of(span(fault, gap), span(fault, gap.plusMillis(375))),
            2,
            4,
            Map.of(Phase.BEFORE, 100.0, Phase.DURING, 30.0, Phase.AFTER, 99.0),
            Map.of(Phase.BEFORE, Map.of("db2", 300L), Phase.DURING, Map.of("db1", 270L)));
    Traffic reads =
        new Traffic(
            600,
            span(fault, Duration.ofMillis(500)),
            List.of(span(fault, Duration.ofMillis(500))),
            1,
            0,
            Map.of(Phase.BEFORE, 50.0, Phase.DURING, 50.0, Phase.AFTER, 50.0),
            Map.of());
    Optional<Duration> returned = Optional.of(Duration.ofSeconds(9));
    return new FailoverReport(
        "20260101000000x0000",
        options,
        "proxy:6446 to write, proxy:6447 to read",
        List.of(
            new FailoverReport.Moment(fault, "db2: killed"),
            new FailoverReport.Moment(
                Duration.ofSeconds(12), "db2 is ONLINE again for every member")),
        fault,
        writes,
        reads,
        List.of(
            new FailoverReport.Error(
                "write",
                0,
                "08S01",
                "Communications link failure",
                2,
                fault.plusMillis(10),
                fault.plusMillis(20))),
        Optional.of(Duration.ofMillis(10)),
        Optional.of(gap),
        returned,
        verification,
        List.of("by hand"),
        Checks.of(options, writes, verification, returned, "", List.of(), true));
  }

  private static Traffic.Span span(Duration from, Duration length) {
    return new Traffic.Span(from, from.plus(length));
  }
}
