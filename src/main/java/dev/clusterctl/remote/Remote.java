package dev.clusterctl.remote;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One machine, reached over SSH. Connects when first used, keeps the session, and may be used by
 * many threads. Everything runs as root: directly, or through sudo without a password.
 */
public interface Remote extends Closeable {

  /** The machine's name, for messages. */
  String machine();

  /**
   * Runs a command and waits for it.
   *
   * @return what it printed and its exit status, whatever that is
   * @throws RemoteException if it can't be run, times out (it is killed then), or the thread is
   *     interrupted
   */
  Result run(Command command) throws RemoteException;

  /**
   * Runs a command that must succeed.
   *
   * @return what it printed on standard output
   * @throws RemoteException also where the exit status isn't 0: with the command's title and last
   *     lines
   */
  default String check(Command command) throws RemoteException {
    Result result = run(command);
    if (result.status() != 0) {
      throw RemoteException.commandFailed(machine(), command, result);
    }
    return result.out();
  }

  /**
   * Runs a command whose input and output are too large to be kept, or aren't text. It has a
   * connection of its own, so that it holds up nobody else while it waits for whoever reads or
   * writes at the other end.
   *
   * @param command its own standard input is not used; its listener is told of each line of
   *     standard error
   * @param in what it reads, to its end; closed at the end
   * @param out where its standard output goes; closed at the end, also where it failed
   * @return its exit status and what it printed on standard error; its standard output is empty
   * @throws RemoteException as {@link #run}; also where {@code out} refuses what is written to it
   */
  Result stream(Command command, InputStream in, OutputStream out) throws RemoteException;

  /**
   * Puts a file in place atomically: written beside its target, owner and mode set, flushed, then
   * renamed. Missing parent directories are made (0755, root).
   */
  void put(RemoteFile file) throws RemoteException;

  /**
   * Puts a large file in place, atomically as {@link #put} does, reading it as it is sent: memory
   * stays flat. Does nothing where it is there already.
   */
  void send(Upload file) throws RemoteException;

  /**
   * Opens a way to a TCP port that the machine can reach; kept open until this Remote is closed,
   * and the same one is given for the same target.
   *
   * @return the port on 127.0.0.1 that leads there
   */
  int tunnel(String host, int port) throws RemoteException;

  /** Closes the session and its tunnels; the next use connects anew. */
  @Override
  void close();
}
