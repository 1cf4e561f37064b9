package dev.clusterctl.remote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Keeps everything of one stream, and tells each line as soon as it is whole. */
final class LineSplitter {
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> listener;

  LineSplitter(Consumer<String> listener) {
    this.listener = listener;
  }

  void accept(byte[] bytes) {
    all.writeBytes(bytes);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        tell();
        start = i + 1;
      }
    }
    line.write(bytes, start, bytes.length - start);
  }

  /** Tells the last line if it had no end. */
  void end() {
    if (line.size() > 0) {
      tell();
    }
  }

  private void tell() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    listener.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  String text() {
    return all.toString(StandardCharsets.UTF_8);
  }
}
