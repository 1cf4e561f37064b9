package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.remote.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A machine that is a container, reached through the engine instead of SSH. */
record ContainerRemote(String container) implements Remote {

  @Override
  public String machine() {
    return container;
  }

  @Override
  public Result run(Command command) throws RemoteException {
    try {
      Process process =
          new ProcessBuilder("docker", "exec", "-i", container, "/bin/bash", "-c", command.script())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(command.stdin().getBytes(StandardCharsets.UTF_8));
      }
      var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw failed(RemoteException.Kind.TIMEOUT, command.title() + " took too long", null);
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(RemoteException.Kind.INTERRUPTED, command.title() + " was interrupted", e);
    } catch (RemoteException e) {
      throw e;
    } catch (IOException e) {
      throw failed(RemoteException.Kind.CONNECTION, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void put(RemoteFile file) throws RemoteException {
    String path = Command.quote(file.path());
    check(
        Command.shell(
                "put " + file.path(),
                "mkdir -p $(dirname %1$s) && base64 -d > %1$s && chmod %2$s %1$s && chown %3$s %1$s"
                    .formatted(path, file.mode(), file.owner()))
            .withStdin(Base64.getEncoder().encodeToString(file.content())));
  }

  @Override
  public int tunnel(String host, int port) {
    throw new UnsupportedOperationException("containers are reached by their addresses");
  }

  @Override
  public void close() {}

  private RemoteException failed(RemoteException.Kind kind, String message, Throwable cause) {
    return new RemoteException(kind, container + ": " + message, List.of(), "", cause);
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
