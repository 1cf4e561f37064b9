package dev.clusterctl.operation.failover;

import dev.clusterctl.mysql.GroupMember.State;
import dev.clusterctl.remote.RemoteException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Waits until a healed node is a member again, in its own eyes and in everybody else's, and stays
 * so: a server that was frozen believes for a moment that nothing has happened, and where its
 * expulsion was on its way already, the others see it ONLINE for that moment too. Helps it once
 * where it can't do so by itself: a 5.7 server that was expelled stays in ERROR, later ones let
 * minutes pass between two tries to rejoin.
 */
final class NodeReturn {
  /** How long a member may be in ERROR before it is helped: a first try of its own takes less. */
  private static final Duration ERROR_PATIENCE = Duration.ofSeconds(6);

  /**
   * The same for OFFLINE: a server that has just started says so while it tries to join, for up to
   * a minute before it gives up; who starts it again meanwhile only throws it back.
   */
  private static final Duration OFFLINE_PATIENCE = Duration.ofSeconds(70);

  /**
   * How long everybody must see the node ONLINE: an expulsion that was decided shows in a second.
   */
  private static final Duration SETTLED = Duration.ofSeconds(4);

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final NodeAccess node;
  private final List<NodeAccess> others;
  private final FaultSite site;
  private final Consumer<String> note;
  private String last = "nothing yet";
  private String state = "";
  private long stateSince = System.nanoTime();
  private boolean started;

  /**
   * @param note told what was done to the node
   */
  NodeReturn(NodeAccess node, List<NodeAccess> others, FaultSite site, Consumer<String> note) {
    this.node = node;
    this.others = others;
    this.site = site;
    this.note = note;
  }

  /** What was seen last, for a message. */
  String last() {
    return last;
  }

  /**
   * @return since when the node has been ONLINE for all, as {@link System#nanoTime}; empty: the
   *     time was over, {@link #last} says why
   */
  OptionalLong await(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    OptionalLong since = OptionalLong.empty();
    while (true) {
      long now = System.nanoTime();
      if (!isBack()) {
        since = OptionalLong.empty();
      } else if (since.isEmpty()) {
        since = OptionalLong.of(now);
      }
      if (since.isPresent() && now - since.getAsLong() >= SETTLED.toNanos()) {
        return since;
      }
      if (since.isEmpty() && now - deadline >= 0) {
        return since;
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private boolean isBack() throws InterruptedException {
    try {
      String own = ownState();
      last = "its state is " + own;
      if (own.equals(State.ONLINE.name())) {
        return othersSeeAll();
      }
      help(own);
    } catch (SQLException | IOException e) {
      if (e instanceof RemoteException r && r.kind() == RemoteException.Kind.INTERRUPTED) {
        throw new InterruptedException(e.getMessage());
      }
      last = String.valueOf(e.getMessage());
      startIfDown();
    }
    return false;
  }

  private String ownState() throws SQLException, IOException {
    try (Connection connection = node.connect()) {
      GroupView view = GroupView.seenBy(connection);
      if (view.isOnline() && view.online() <= others.size()) {
        return "ONLINE, but it sees %d of %d members".formatted(view.online(), others.size() + 1);
      }
      return view.own().name();
    }
  }

  private boolean othersSeeAll() throws SQLException, IOException {
    for (NodeAccess other : others) {
      try (Connection connection = other.connect()) {
        long online = GroupView.seenBy(connection).online();
        if (online <= others.size()) {
          last =
              "%s sees %d of %d members ONLINE".formatted(other.name(), online, others.size() + 1);
          return false;
        }
      }
    }
    return true;
  }

  private void help(String own) throws SQLException, IOException {
    if (!own.equals(state)) {
      state = own;
      stateSince = System.nanoTime();
    }
    Duration inState = Duration.ofNanos(System.nanoTime() - stateSince);
    boolean stuck =
        (own.equals("ERROR") && inState.compareTo(ERROR_PATIENCE) > 0)
            || (own.equals("OFFLINE") && inState.compareTo(OFFLINE_PATIENCE) > 0);
    if (!stuck) {
      return;
    }
    stateSince = System.nanoTime();
    note.accept(
        "%s stayed in state %s and didn't rejoin by itself; clusterctl ran STOP and START"
                .formatted(node.name(), own)
            + " GROUP_REPLICATION");
    try (Connection connection = node.connect();
        Statement statement = connection.createStatement()) {
      // No member is ever writable outside its group. Starting lifts it where that is right.
      statement.execute("SET GLOBAL super_read_only = ON");
      statement.execute("STOP GROUP_REPLICATION");
      statement.execute("START GROUP_REPLICATION");
    }
  }

  /** exit_state_action=ABORT_SERVER, or a supervisor that doesn't restart. */
  private void startIfDown() {
    if (started) {
      return;
    }
    try {
      if (site.service().down()) {
        started = true;
        note.accept(
            "MySQL on %s wasn't running and nothing restarted it; clusterctl started it"
                .formatted(node.name()));
        site.start();
      }
    } catch (RemoteException e) {
      last = String.valueOf(e.getMessage());
    }
  }
}
