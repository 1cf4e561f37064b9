package dev.clusterctl.download;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Debian package files as far as a reader that doesn't unpack them can tell. */
final class TestDebs {
  private TestDebs() {}

  /**
   * A package file.
   *
   * @param data what its data member holds; another text gives another file of the same form
   */
  static byte[] deb(String data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
    member(out, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
    member(out, "control.tar.xz", new byte[] {1, 2, 3});
    member(out, "data.tar.xz", data.getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static void member(ByteArrayOutputStream out, String name, byte[] content) {
    out.writeBytes(
        String.format(
                Locale.ROOT,
                "%-16s%-12d%-6d%-6d%-8s%-10d`\n",
                name,
                0,
                0,
                0,
                "100644",
                content.length)
            .getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(content);
    if (content.length % 2 == 1) {
      out.write('\n');
    }
  }
}
