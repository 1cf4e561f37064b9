package dev.clusterctl.operation;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A test's result as CI servers read it: JUnit's XML. */
public final class JUnitXml {
  private JUnitXml() {}

  /**
   * Something that had to be true.
   *
   * @param name as a sentence
   * @param detail what was found
   * @param more lines about it
   */
  public record Case(String name, boolean passed, String detail, List<String> more) {
    public Case {
      more = List.copyOf(more);
    }
  }

  /**
   * A suite of which each check is a test case.
   *
   * @param output what people are shown
   */
  public static String of(String name, Duration took, List<Case> cases, String output) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", name);
      xml.writeAttribute("tests", Integer.toString(cases.size()));
      xml.writeAttribute(
          "failures", Long.toString(cases.stream().filter(c -> !c.passed()).count()));
      xml.writeAttribute("errors", "0");
      xml.writeAttribute("skipped", "0");
      xml.writeAttribute("time", seconds(took));
      for (Case testCase : cases) {
        write(xml, name, testCase);
      }
      xml.writeStartElement("system-out");
      xml.writeCharacters(printable(output));
      xml.writeEndElement();
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML can be written to a string", e);
    }
    return text.append('\n').toString();
  }

  private static void write(XMLStreamWriter xml, String suite, Case testCase)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", suite);
    xml.writeAttribute("name", testCase.name());
    xml.writeAttribute("time", "0");
    if (!testCase.passed()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", printable(testCase.detail()));
      xml.writeCharacters(printable(String.join("\n", testCase.more())));
      xml.writeEndElement();
    }
    xml.writeEndElement();
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
