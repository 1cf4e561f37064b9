package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.Quoting;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A column, and how its values are told apart exactly, by every version from 5.7 on.
 *
 * @param dataType as information_schema has it, such as {@code varchar}
 * @param columnType the whole type, such as {@code varchar(20)}
 * @param characterSet of character columns
 * @param virtual whether it is computed whenever it is read, and nowhere stored
 */
record TableColumn(
    String name,
    String dataType,
    String columnType,
    Optional<String> characterSet,
    Optional<String> collation,
    boolean nullable,
    boolean virtual) {
  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
  private static final Set<String> NUMBERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year");
  private static final Set<String> TIMES = Set.of("date", "time", "datetime", "timestamp");
  private static final Set<String> FLOATS = Set.of("float", "double");
  private static final Set<String> ENCODED = Set.of("bit", "enum", "set");
  private static final Set<String> STRINGS = Set.of("char", "varchar", "binary", "varbinary");
  private static final Set<String> LARGE =
      Set.of(
          "tinytext",
          "text",
          "mediumtext",
          "longtext",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob");

  TableColumn {
    dataType = dataType.toLowerCase(Locale.ROOT);
  }

  /** Its name as SQL takes it. */
  String sql() {
    return Quoting.identifier(name);
  }

  /**
   * What must be the same on every node. Without the display width of integers, which newer
   * versions don't show any more.
   */
  String description() {
    String type =
        INTEGERS.contains(dataType) || dataType.equals("year")
            ? columnType.replaceFirst("\\(\\d+\\)", "")
            : columnType;
    return type.replace("utf8mb3", "utf8")
        + collation.map(c -> " " + c.replace("utf8mb3_", "utf8_")).orElse("")
        + (nullable ? "" : " not null")
        + (virtual ? " virtual" : "");
  }

  /**
   * An expression that is never NULL, and different for different values.
   *
   * <p>Values that may be large are hashed, since a string longer than max_allowed_packet would
   * become NULL. Numbers with a floating point are printed with as many digits as tell them apart,
   * and not with the few that a FLOAT shows; multiplying (not adding) keeps the sign of a zero.
   */
  String digest() {
    String value;
    if (NUMBERS.contains(dataType) || TIMES.contains(dataType)) {
      value = "CAST(%s AS CHAR)".formatted(sql());
    } else if (FLOATS.contains(dataType)) {
      value = "CAST(%s * 1e0 AS CHAR)".formatted(sql());
    } else if (ENCODED.contains(dataType)) {
      value = "CAST(CAST(%s AS UNSIGNED) AS CHAR)".formatted(sql());
    } else if (STRINGS.contains(dataType)) {
      value = "CONCAT(LENGTH(%1$s), ':', CAST(%1$s AS BINARY))".formatted(sql());
    } else if (LARGE.contains(dataType)) {
      value = "SHA2(%s, 256)".formatted(sql());
    } else if (dataType.equals("json")) {
      value = "SHA2(CONVERT(%s USING utf8mb4), 256)".formatted(sql());
    } else {
      // Geometries, vectors, and what may come.
      value = "SHA2(HEX(%s), 256)".formatted(sql());
    }
    return "IFNULL(%s, 'NULL')".formatted(value);
  }

  /**
   * Whether ranges of it can be asked for as an index has them. An ENUM is compared by its words
   * and sorted by its numbers; a floating point number isn't what it is printed as.
   */
  boolean ordered() {
    return NUMBERS.contains(dataType)
        || TIMES.contains(dataType)
        || STRINGS.contains(dataType)
        || dataType.equals("bit");
  }

  /** An expression for the end of a range: what {@link #literal} reads. */
  String bound() {
    if (STRINGS.contains(dataType)) {
      return "HEX(%s)".formatted(sql());
    }
    return dataType.equals("bit")
        ? "CAST(CAST(%s AS UNSIGNED) AS CHAR)".formatted(sql())
        : "CAST(%s AS CHAR)".formatted(sql());
  }

  /** A {@link #bound} as SQL compares it with the column: in the column's own character set. */
  String literal(String bound) {
    if (STRINGS.contains(dataType)) {
      return characterSet.map(c -> "_" + c + " ").orElse("") + "x'" + bound + "'";
    }
    return TIMES.contains(dataType) ? Quoting.literal(bound) : bound;
  }

  /** A {@link #bound} for people. */
  String shown(String bound) {
    if (!STRINGS.contains(dataType)) {
      return bound;
    }
    byte[] bytes = HexFormat.of().parseHex(bound);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (characterSet.isPresent() && text.chars().noneMatch(Character::isISOControl)) {
        return "'" + text + "'";
      }
    } catch (CharacterCodingException e) {
      // In another character set, or no text at all.
    }
    return "0x" + bound;
  }
}
