package dev.clusterctl.operation.failover;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report as CI servers read it: JUnit's XML, a test case for each check. */
final class ReportJUnit {
  private ReportJUnit() {}

  static String of(FailoverReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      suite(xml, report);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML can be written to a string", e);
    }
    return text.append('\n').toString();
  }

  private static void suite(XMLStreamWriter xml, FailoverReport report) throws XMLStreamException {
    String name =
        "failover-test %s --how %s"
            .formatted(report.options().node(), report.options().fault().how());
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", name);
    xml.writeAttribute("tests", Integer.toString(report.checks().size()));
    xml.writeAttribute("failures", Integer.toString(report.reasons().size()));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", "0");
    xml.writeAttribute("time", seconds(end(report)));
    for (FailoverReport.Check check : report.checks()) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", name);
      xml.writeAttribute("name", check.name());
      xml.writeAttribute("time", "0");
      if (!check.passed()) {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", printable(check.detail()));
        xml.writeCharacters(printable(String.join("\n", report.verification().examples())));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeStartElement("system-out");
    xml.writeCharacters(printable(report.text()));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static Duration end(FailoverReport report) {
    return report.timeline().stream()
        .map(FailoverReport.Moment::at)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static String seconds(Duration d) {
    return BigDecimal.valueOf(d.toMillis(), 3).setScale(3, RoundingMode.HALF_UP).toPlainString();
  }

  /** A server's message may hold what XML 1.0 can't. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> c < 0x20 && c != '\n' && c != '\t' || c == 0xFFFE || c == 0xFFFF ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
