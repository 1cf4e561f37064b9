package dev.clusterctl.operation;

import dev.clusterctl.topology.NodeName;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Lets nodes into a group one after the other. Two that join at the same moment get in each other's
 * way: seen on 9.7, members that couldn't connect to each other until all were expelled, and a
 * second one that is to be cloned finds its donor busy (error 3634). For many threads.
 */
final class JoinQueue {
  private final Semaphore free = new Semaphore(1, true);
  private volatile String joining = "";

  /** A node's turn, until it is closed. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until no other node is joining; first come, first served. */
  Turn await(NodeName node, Consumer<String> progress) throws InterruptedException {
    if (!free.tryAcquire()) {
      progress.accept("waiting until %s has joined".formatted(joining));
      free.acquire();
    }
    joining = node.value();
    return free::release;
  }
}
