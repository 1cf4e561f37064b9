package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.render.FollowingRouter;
import java.io.IOException;
import java.util.Set;

/**
 * Router's REST API lets clusterctl in, and nobody else; the password is on the machine as a hash.
 */
final class RouterApiStep extends ClusterStep {
  private final Cluster cluster;
  private final Remote remote;

  RouterApiStep(Cluster cluster, Remote remote, Set<String> needs) {
    super(remote.machine(), "proxy-api", "router's REST API lets clusterctl in", needs, Set.of());
    this.cluster = cluster;
    this.remote = remote;
  }

  @Override
  public Check check() throws IOException {
    return remote
            .run(
                command(
                    "check who may ask the router's API",
                    "[ \"$(stat -c %%a:%%U %1$s 2>/dev/null)\" = 600:mysqlrouter ] && mysqlrouter_passwd verify %1$s %2$s"))
            .ok()
        ? Check.satisfied()
        : Check.differs("write " + FollowingRouter.API_ACCOUNTS);
  }

  @Override
  public void apply(Progress progress) throws IOException {
    remote.check(
        command(
            "let clusterctl ask the router's API",
            """
            set -eu
            umask 077
            rm -f %1$s.new
            mysqlrouter_passwd set %1$s.new %2$s
            chown mysqlrouter:mysqlrouter %1$s.new
            chmod 0600 %1$s.new
            mv -f %1$s.new %1$s
            """));
  }

  private Command command(String title, String script) throws IOException {
    Credentials account = cluster.routerApi();
    return Command.shell(
            title, script.formatted(FollowingRouter.API_ACCOUNTS, Command.quote(account.user())))
        .withStdin(account.password() + "\n");
  }
}
