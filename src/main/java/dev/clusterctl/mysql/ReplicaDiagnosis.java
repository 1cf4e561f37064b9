package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a source or replica, by name, with what repairs it. */
public sealed interface ReplicaDiagnosis {
  /** Below this a server that writes will soon have to wait: 16 MB. */
  long LITTLE_ROOM = 16L * 1024 * 1024;

  /** Seconds behind its source from which on a replica is said to lag. */
  long LAG_SECONDS = 60;

  /** Whom it is about. */
  NodeName node();

  /** What is wrong, in a sentence without the node's name. */
  String text();

  /** What repairs it: a command, and more where that isn't all. */
  String repair();

  /** The name of the case for programs: {@code errant-transactions}. */
  default String code() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** For people, in one line. */
  default String sentence() {
    return "%s %s: %s".formatted(node(), text(), repair());
  }

  /** The disk is full: the server waits, or has given up writing. */
  record DiskFull(NodeName node, Optional<Long> freeBytes) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "has a full disk"
          + freeBytes.map(b -> " (%d MB free)".formatted(b / (1024 * 1024))).orElse("");
    }

    @Override
    public String repair() {
      return "make room (clusterctl ssh %1$s -- df -h shows where); a server that waits goes on by itself within a minute, after an error clusterctl up has it go on"
          .formatted(node);
    }
  }

  /**
   * The source's binary logs don't go back to where the replica stands (error 1236): it was away
   * too long.
   *
   * @param lost the transactions that it can't be sent any more
   */
  record Purged(NodeName node, NodeName source, GtidSet lost) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "was away too long: %s has purged %s that it needs"
          .formatted(
              source, lost.isEmpty() ? "transactions" : "%s (%s)".formatted(lost.counted(), lost));
    }

    @Override
    public String repair() {
      return reseed(node);
    }
  }

  /** It was written to: it has transactions that its source never had. */
  record ErrantTransactions(NodeName node, GtidSet transactions) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return transactions.isEmpty()
          ? "has transactions that the source lacks"
          : "was written to: it has %s that the source lacks (%s)"
              .formatted(transactions.counted(), transactions);
    }

    @Override
    public String repair() {
      return reseed(node) + " (what only it has is gone then)";
    }
  }

  /** It has a row already that the source inserts (error 1062): it was written to. */
  record DuplicateKey(NodeName node, String table, String entry) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "was written to: it has a row that the source inserts (table %s, %s; error 1062)"
          .formatted(table, entry);
    }

    @Override
    public String repair() {
      return reseed(node);
    }
  }

  /** It lacks a row that the source changes or deletes (error 1032): it was written to. */
  record MissingRow(NodeName node, String table) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "was written to: it lacks a row that the source changes or deletes (table %s; error 1032)"
          .formatted(table);
    }

    @Override
    public String repair() {
      return reseed(node);
    }
  }

  /** A transaction of the source can't be applied for another reason: its data differs. */
  record CannotApply(NodeName node, int error, String message) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "can't apply what the source did: %s (error %d)".formatted(message, error);
    }

    @Override
    public String repair() {
      return reseed(node);
    }
  }

  /** Its relay log can't be read (errors 1594, 13121): what it holds can be fetched again. */
  record RelayLogBroken(NodeName node, int error) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "has a relay log that it can't read (error %d)".formatted(error);
    }

    @Override
    public String repair() {
      return "clusterctl up has it fetch again what it hasn't applied";
    }
  }

  /** The source can't read its own binary log, or has one that ends in the middle. */
  record SourceLogUnreadable(NodeName node, NodeName source, String message)
      implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "isn't sent what it needs: %s can't read its own binary log: %s"
          .formatted(source, message);
    }

    @Override
    public String repair() {
      return reseed(node);
    }
  }

  /** The source refuses its account. */
  record CannotLogIn(NodeName node, int error, String message) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "can't log in to its source: %s (error %d)".formatted(message, error);
    }

    @Override
    public String repair() {
      return "clusterctl up makes the account right";
    }
  }

  /** The source doesn't answer it. */
  record SourceUnreachable(NodeName node, String host, String message) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "doesn't reach its source %s: %s".formatted(host, message);
    }

    @Override
    public String repair() {
      return "it tries again every second; bring the source or the network back";
    }
  }

  /** Somebody stopped it: there is no error. */
  record Stopped(NodeName node, boolean receiving, boolean applying) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "was stopped (receiving: %s, applying: %s)"
          .formatted(receiving ? "yes" : "no", applying ? "yes" : "no");
    }

    @Override
    public String repair() {
      return "clusterctl up starts it";
    }
  }

  /** It follows nobody. */
  record FollowsNobody(NodeName node) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "follows nobody";
    }

    @Override
    public String repair() {
      return "clusterctl up has it follow the source";
    }
  }

  /**
   * It was the source until another node became it, and its machine keeps it from taking writes.
   *
   * @param errant the transactions that only it has
   */
  record FormerSource(NodeName node, NodeName source, GtidSet errant) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "was the source before %s, and is kept read-only%s"
          .formatted(
              source,
              errant.isEmpty()
                  ? ""
                  : "; it has %s that %s lacks (%s)".formatted(errant.counted(), source, errant));
    }

    @Override
    public String repair() {
      return "clusterctl rejoin %s makes it a replica".formatted(node);
    }
  }

  /** It follows a server that isn't the source. */
  record FollowsAnother(NodeName node, String host) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "follows %s, which isn't the source".formatted(host);
    }

    @Override
    public String repair() {
      return "clusterctl up has it follow the source";
    }
  }

  /** It takes writes, though it is a replica. */
  record TakesWrites(NodeName node) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "is a replica and takes writes";
    }

    @Override
    public String repair() {
      return "clusterctl up stops that";
    }
  }

  /** It receives and applies, and is far behind. */
  record Lags(NodeName node, long seconds, long transactions) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "is %d s and %d transactions behind the source".formatted(seconds, transactions);
    }

    @Override
    public String repair() {
      return "it catches up by itself, if these numbers fall; if they don't, it is too slow for the writes it gets";
    }
  }

  /** Semi-synchronous replication is asked for, and off. */
  record SemiSyncOff(NodeName node) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "commits without waiting for a replica: semi-sync is asked for, and off";
    }

    @Override
    public String repair() {
      return "clusterctl up puts it on";
    }
  }

  /** The source goes on without waiting for a replica, though it was told to wait. */
  record SemiSyncDegraded(NodeName node, int replicas) implements ReplicaDiagnosis {
    @Override
    public String text() {
      return "commits without waiting for a replica (semi-sync is off for now, %d replicas take part): a fail-over now may lose what it commits"
          .formatted(replicas);
    }

    @Override
    public String repair() {
      return "bring the replicas back: clusterctl up; it waits again once one has caught up";
    }
  }

  /**
   * What is wrong with a replica, the gravest first; empty where nothing is.
   *
   * @param source what the source says; empty where there is none, or it can't be asked
   */
  static List<ReplicaDiagnosis> ofReplica(
      ReplicaObservation replica, ReplicaSymptoms symptoms, Optional<ReplicaObservation> source) {
    return new Examination(replica, symptoms, source).findings();
  }

  /**
   * What is wrong with the source; empty where nothing is.
   *
   * @param semiSync whether its commits are to wait for a replica
   */
  static List<ReplicaDiagnosis> ofSource(
      ReplicaObservation source, ReplicaSymptoms symptoms, boolean semiSync) {
    List<ReplicaDiagnosis> findings = new ArrayList<>();
    if (Examination.noRoom(symptoms)) {
      findings.add(new DiskFull(source.node(), symptoms.freeBytes()));
    }
    Optional<SemiSyncState> state = symptoms.semiSync().filter(SemiSyncState::enabled);
    if (semiSync && state.isEmpty()) {
      findings.add(new SemiSyncOff(source.node()));
    }
    state
        .filter(s -> !s.inEffect())
        .ifPresent(s -> findings.add(new SemiSyncDegraded(source.node(), s.replicas())));
    return List.copyOf(findings);
  }

  private static String reseed(NodeName node) {
    return "clusterctl reseed %s replaces its data by a copy of the source's".formatted(node);
  }

  /** One replica, looked at from all sides. */
  final class Examination {
    private static final int PURGED_OR_UNREADABLE = 1236;
    // The same in the numbering of 8.0 and later (ER_SERVER_SOURCE_FATAL_ERROR_READING_BINLOG).
    private static final int PURGED_OR_UNREADABLE_NOW = 13114;
    private static final List<Integer> RELAY_LOG = List.of(1594, 13121, 1595, 13122, 1872, 13124);
    private static final List<Integer> REFUSED = List.of(1045, 1130, 1129, 1251, 2059, 2061, 1862);
    private static final List<Integer> NO_ROOM = List.of(1021, 1114, 1026, 1041, 3);
    private static final Pattern TABLE = Pattern.compile("event on table (\\S+);");
    private static final Pattern ENTRY =
        Pattern.compile("(Duplicate entry '.*?' for key '[^']*')", Pattern.DOTALL);
    private static final Pattern MISSING = Pattern.compile("missing transactions are '([^']*)'");
    // "Worker 1 failed executing transaction '…' at source log …, end_log_pos 2863; "
    private static final Pattern WORKER =
        Pattern.compile("^(Coordinator stopped .*|Worker \\d+ failed executing [^;]*?; )");
    private static final Pattern QUOTED =
        Pattern.compile("when reading data from binary log: '(.*)'$", Pattern.DOTALL);

    // "error connecting to source '…' - retry-time: 1 retries: 5 message: Access denied …"
    private static final Pattern REASON = Pattern.compile("[Mm]essage: (.*)$", Pattern.DOTALL);

    private final ReplicaObservation replica;
    private final ReplicaSymptoms symptoms;
    private final Optional<ReplicaObservation> source;
    private final List<ReplicaDiagnosis> findings = new ArrayList<>();

    private Examination(
        ReplicaObservation replica, ReplicaSymptoms symptoms, Optional<ReplicaObservation> source) {
      this.replica = replica;
      this.symptoms = symptoms;
      this.source = source;
    }

    private NodeName node() {
      return replica.node();
    }

    private List<ReplicaDiagnosis> findings() {
      if (noRoom(symptoms)) {
        findings.add(new DiskFull(node(), symptoms.freeBytes()));
      }
      data();
      if (replica.writable()) {
        findings.add(new TakesWrites(node()));
      }
      replica
          .channel()
          .ifPresentOrElse(this::channel, () -> findings.add(new FollowsNobody(node())));
      return List.copyOf(findings);
    }

    static boolean noRoom(ReplicaSymptoms symptoms) {
      return symptoms.waitsForDisk()
          || symptoms.freeBytes().filter(free -> free < LITTLE_ROOM).isPresent()
          || symptoms.applyFailures().stream().anyMatch(Examination::forWantOfRoom);
    }

    private static boolean forWantOfRoom(ReplicationChannel.Failure failure) {
      return NO_ROOM.contains(failure.code())
          || failure.message().contains("No space left on device");
    }

    /** What the sets of transactions say, whatever the threads say. */
    private void data() {
      Optional<GtidSet> errant = source.map(replica::errant).filter(set -> !set.isEmpty());
      errant.ifPresent(set -> findings.add(new ErrantTransactions(node(), set)));
      source
          .map(s -> s.purged().subtract(replica.executed()))
          .map(lost -> lost.subtract(received()))
          .filter(lost -> !lost.isEmpty())
          .ifPresent(lost -> findings.add(new Purged(node(), sourceName(), lost)));
    }

    /** What it has received it needn't be sent again, as long as it can read it. */
    private GtidSet received() {
      return replica
          .channel()
          .filter(c -> applyFailures(c).stream().noneMatch(f -> RELAY_LOG.contains(f.code())))
          .map(ReplicationChannel::received)
          .orElse(GtidSet.EMPTY);
    }

    private NodeName sourceName() {
      return source.map(ReplicaObservation::node).orElse(node());
    }

    private void channel(ReplicationChannel channel) {
      List<ReplicationChannel.Failure> apply = applyFailures(channel);
      apply.stream().map(this::applying).flatMap(Optional::stream).forEach(this::addOnce);
      channel.receiveError().flatMap(e -> receiving(channel, e)).ifPresent(this::addOnce);
      source
          .filter(s -> !replica.follows(s.address()))
          .ifPresent(s -> findings.add(new FollowsAnother(node(), channel.sourceHost())));
      boolean idle = channel.receiving().equals("No") && channel.receiveError().isEmpty();
      if (idle || (!channel.applying() && apply.isEmpty())) {
        findings.add(new Stopped(node(), !channel.receiving().equals("No"), channel.applying()));
      }
      channel
          .lagSeconds()
          .filter(seconds -> channel.applying() && seconds >= LAG_SECONDS)
          .ifPresent(seconds -> findings.add(new Lags(node(), seconds, behind())));
    }

    private long behind() {
      return source.map(s -> s.executed().subtract(replica.executed()).count()).orElse(0L);
    }

    private void addOnce(ReplicaDiagnosis finding) {
      if (findings.stream().noneMatch(f -> f.code().equals(finding.code()))) {
        findings.add(finding);
      }
    }

    /** The threads' own words where there are any: they name table and key. */
    private List<ReplicationChannel.Failure> applyFailures(ReplicationChannel channel) {
      if (channel.applyError().isEmpty()) {
        return List.of();
      }
      return symptoms.applyFailures().isEmpty()
          ? channel.applyError().stream().toList()
          : symptoms.applyFailures();
    }

    private Optional<ReplicaDiagnosis> applying(ReplicationChannel.Failure failure) {
      String said = WORKER.matcher(failure.message()).replaceFirst("");
      String table = first(TABLE, said).orElse("unknown");
      if (forWantOfRoom(failure)) {
        return Optional.of(new DiskFull(node(), symptoms.freeBytes()));
      }
      if (RELAY_LOG.contains(failure.code())) {
        return Optional.of(new RelayLogBroken(node(), failure.code()));
      }
      return Optional.of(
          switch (failure.code()) {
            case 1062 ->
                new DuplicateKey(node(), table, first(ENTRY, said).orElse("a duplicate entry"));
            case 1032 -> new MissingRow(node(), table);
            default -> new CannotApply(node(), failure.code(), said);
          });
    }

    private Optional<ReplicaDiagnosis> receiving(
        ReplicationChannel channel, ReplicationChannel.Failure failure) {
      String said = failure.message();
      if (failure.code() == PURGED_OR_UNREADABLE || failure.code() == PURGED_OR_UNREADABLE_NOW) {
        return fatal(said);
      }
      if (RELAY_LOG.contains(failure.code())) {
        return Optional.of(new RelayLogBroken(node(), failure.code()));
      }
      return Optional.of(
          REFUSED.contains(failure.code())
              ? new CannotLogIn(node(), failure.code(), reason(said))
              : new SourceUnreachable(node(), channel.sourceHost(), reason(said)));
    }

    private Optional<ReplicaDiagnosis> fatal(String said) {
      if (said.contains("purged")) {
        return Optional.of(
            new Purged(
                node(),
                sourceName(),
                first(MISSING, said).map(GtidSet::parse).orElse(GtidSet.EMPTY)));
      }
      boolean ahead = said.contains("has more GTIDs than");
      if (ahead && findings.stream().anyMatch(ErrantTransactions.class::isInstance)) {
        return Optional.empty();
      }
      return Optional.of(
          ahead
              ? new ErrantTransactions(node(), GtidSet.EMPTY)
              : new SourceLogUnreadable(node(), sourceName(), first(QUOTED, said).orElse(said)));
    }

    /** What a server puts around it, how often it tried and whom, is of no use here. */
    private static String reason(String said) {
      return first(REASON, said).orElse(said);
    }

    private static Optional<String> first(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
  }
}
