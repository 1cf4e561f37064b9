package dev.clusterctl.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many bytes: {@code 500KB}, {@code 100MB}, {@code 2GB}; powers of ten. */
final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})\\s*([kmg]?)b?");

  @Override
  public Long convert(String value) {
    Matcher matcher = TEXT.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException("'%s' is no size such as 100MB".formatted(value));
    }
    long factor =
        switch (matcher.group(2)) {
          case "k" -> 1_000L;
          case "m" -> 1_000_000L;
          case "g" -> 1_000_000_000L;
          default -> 1L;
        };
    return Long.parseLong(matcher.group(1)) * factor;
  }
}
