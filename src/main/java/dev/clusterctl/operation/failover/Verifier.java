package dev.clusterctl.operation.failover;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what every node has with what clients were told. Rows are streamed: an hour's load
 * doesn't fit into memory, one bit a row does.
 */
final class Verifier {
  /** How many wrong rows are named. */
  static final int MOST_EXAMPLES = 20;

  private final Load load;
  private final LoadTable table;
  private final List<Ledger> ledgers;
  private final Map<String, Copy> copies = new TreeMap<>();
  private final Map<String, String> notCompared = new TreeMap<>();
  private final Map<Phase, Map<String, Long>> writeNodes = new EnumMap<>(Phase.class);
  private final List<String> examples = new ArrayList<>();
  private long lost;
  private long duplicated;
  private long refusedPresent;
  private long unknown;
  private long altered;
  private long inDoubtDiffering;

  /** What one node has: its rows' numbers by writer, their count, a digest of all columns. */
  private record Copy(List<BitSet> present, long rows, String digest) {}

  Verifier(Load load, LoadTable table) {
    this.load = load;
    this.table = table;
    this.ledgers = load.ledgers();
  }

  /**
   * Reads a node's copy.
   *
   * @param connection to it, of someone who may read the application's schema
   */
  void read(String node, Connection connection) throws SQLException {
    read(node, connection, table);
  }

  /** Reads a copy that lies in another schema, by the same measure. */
  void read(String node, Connection connection, LoadTable from) throws SQLException {
    boolean first = copies.isEmpty();
    List<BitSet> present = ledgers.stream().map(l -> new BitSet()).toList();
    MessageDigest digest = sha256();
    long count = 0;
    try (Statement statement =
        connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
      // Connector/J's way of saying: row by row.
      statement.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet row = statement.executeQuery(from.readAll())) {
        while (row.next()) {
          count++;
          Row r =
              new Row(
                  row.getInt(1),
                  row.getInt(2),
                  row.getLong(3),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6));
          r.addTo(digest);
          check(node, r, present);
          if (first) {
            remember(r);
          }
        }
      }
    }
    findLost(node, present);
    copies.put(node, new Copy(present, count, toHex(digest.digest())));
  }

  /** A node whose copy can't or needn't be read. */
  void skip(String node, String because) {
    notCompared.put(node, because);
  }

  /** By which node rows were taken, in each phase, as told by the copy that was read first. */
  Map<Phase, Map<String, Long>> writeNodes() {
    return writeNodes;
  }

  Verification result() {
    inDoubtDiffering = 0;
    compareRowsInDoubt();
    return new Verification(
        count(Ledger.Fate.ACKNOWLEDGED),
        count(Ledger.Fate.REFUSED),
        count(Ledger.Fate.IN_DOUBT),
        copies.values().stream().findFirst().map(this::inDoubtIn).orElse(0L),
        rows(),
        lost,
        duplicated,
        refusedPresent,
        unknown,
        altered,
        inDoubtDiffering,
        copies.values().stream().map(Copy::digest).distinct().count() <= 1,
        examples,
        notCompared);
  }

  private void check(String node, Row row, List<BitSet> present) {
    Ledger.Fate fate =
        row.writer() >= 0 && row.writer() < ledgers.size()
            ? ledgers.get(row.writer()).fate(row.seq())
            : Ledger.Fate.NOT_SENT;
    if (fate == Ledger.Fate.NOT_SENT) {
      unknown++;
      example(node, row, "was never written by this test");
      return;
    }
    if (present.get(row.writer()).get(row.seq())) {
      duplicated++;
      example(node, row, "is there more than once");
    }
    present.get(row.writer()).set(row.seq());
    if (fate == Ledger.Fate.REFUSED) {
      refusedPresent++;
      example(node, row, "was refused and is there");
    }
    if (row.token() != Ledger.token(table.run(), row.writer(), row.seq())) {
      altered++;
      example(node, row, "has another content than was written");
    }
  }

  private void remember(Row row) {
    if (row.writer() >= 0 && row.writer() < ledgers.size()) {
      writeNodes
          .computeIfAbsent(load.phaseOf(row.writer(), row.seq()), p -> new TreeMap<>())
          .merge(row.node(), 1L, Long::sum);
    }
  }

  private void findLost(String node, List<BitSet> present) {
    for (Ledger ledger : ledgers) {
      BitSet missing = ledger.missing(present.get(ledger.writer()));
      lost += missing.cardinality();
      missing.stream()
          .limit(MOST_EXAMPLES)
          .forEach(seq -> example(node, ledger.writer(), seq, "was acknowledged and isn't there"));
    }
  }

  private void compareRowsInDoubt() {
    for (Ledger ledger : ledgers) {
      BitSet somewhere = new BitSet();
      copies.values().forEach(c -> somewhere.or(inDoubt(ledger, c)));
      copies.forEach(
          (node, copy) -> {
            BitSet missing = (BitSet) somewhere.clone();
            missing.andNot(inDoubt(ledger, copy));
            inDoubtDiffering += missing.cardinality();
            missing.stream()
                .limit(MOST_EXAMPLES)
                .forEach(
                    seq ->
                        example(
                            node,
                            ledger.writer(),
                            seq,
                            "was in doubt, is on another node and isn't there"));
          });
    }
  }

  private static BitSet inDoubt(Ledger ledger, Copy copy) {
    return ledger.inDoubtAmong(copy.present().get(ledger.writer()));
  }

  private long inDoubtIn(Copy copy) {
    return ledgers.stream().mapToLong(l -> inDoubt(l, copy).cardinality()).sum();
  }

  private Map<String, Long> rows() {
    Map<String, Long> rows = new TreeMap<>();
    copies.forEach((node, copy) -> rows.put(node, copy.rows()));
    return rows;
  }

  private long count(Ledger.Fate fate) {
    return ledgers.stream().mapToLong(l -> l.count(fate)).sum();
  }

  private void example(String node, Row row, String what) {
    example(node, row.writer(), row.seq(), what + " (id %s)".formatted(row.id()));
  }

  private void example(String node, int writer, int seq, String what) {
    if (examples.size() < MOST_EXAMPLES) {
      examples.add("%s: row %d of writer %d %s".formatted(node, seq, writer, what));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String toHex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private record Row(int writer, int seq, long token, String id, String node, String created) {
    void addTo(MessageDigest digest) {
      digest.update(ByteBuffer.allocate(16).putInt(writer).putInt(seq).putLong(token).array());
      digest.update((id + '\n' + node + '\n' + created + '\n').getBytes(StandardCharsets.UTF_8));
    }
  }
}
