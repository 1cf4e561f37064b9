package dev.clusterctl.topology;

import dev.clusterctl.topology.Shape.Key;
import dev.clusterctl.topology.Shape.Keys;
import dev.clusterctl.topology.Shape.Text;
import dev.clusterctl.topology.Shape.Whole;
import dev.clusterctl.topology.Shape.Word;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of cluster.yaml: their shapes, standard values and descriptions. */
final class ClusterYaml {
  /** Keys at the top level that begin so are the user's own, to hold anchors. */
  static final String EXTENSION_PREFIX = "x-";

  /**
   * The names of MySQL's options, before hyphens become underscores. They are in lower case; those
   * of components have a dot ({@code validate_password.length}).
   */
  static final Pattern OPTION_NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,99}");

  private static final Text NAME =
      text(
          "[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
          "a name of lower-case letters, digits and hyphens, a letter first, at most 63",
          "db1");
  private static final Text ADDRESS =
      text(
          "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}"
              + "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])",
          "an IPv4 address", "192.168.16.13");
  private static final Text VERSION =
      new Text(
          Pattern.compile("[0-9]{1,4}\\.[0-9]{1,4}(\\.[0-9]{1,4})?"),
          "a version or a series",
          "8.4.6 or 8.4",
          true);
  private static final Text PATH = path("~/.ssh/id_ed25519");
  static final Text DEB_URL =
      text(
          "https://[A-Za-z0-9][A-Za-z0-9.:-]*/[A-Za-z0-9._~/+%:=&?,-]*",
          "an https URL", "https://downloads.mysql.com/archives/get/p/23/file/NAME.deb");
  static final Text SHA256 = text("[0-9a-f]{64}", "64 hexadecimal digits in lower case", "e3b0…");
  private static final Whole PORT = new Whole(1, 65535);
  private static final Whole MEMORY = new Whole(256, 1024 * 1024);
  private static final Whole HOSTGROUP = new Whole(0, Integer.MAX_VALUE);

  private static final Keys SSH =
      keys(
          Key.optional(
              "host",
              text(
                  "[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", "a host name or address", "db1"),
              "Name or address to connect to (default: the machine's address)"),
          Key.standard("port", PORT, 22L, "SSH port"),
          Key.standard(
              "user",
              text("[A-Za-z_][A-Za-z0-9._-]{0,31}", "a Unix account's name", "root"),
              "root",
              "Account to log in with: root, or one that may use sudo without a password"),
          Key.required(
              "identity-file",
              PATH,
              "Private key file; ~ is the home directory, a relative path starts from the"
                  + " directory of the cluster.yaml"),
          Key.optional(
              "host-key",
              text(
                  "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{16,}={0,2}",
                  "a public host key",
                  "ssh-ed25519 AAAAC3Nza…"),
              "Public host key as in a known_hosts line, such as 'ssh-ed25519 AAAA…' (default: your"
                  + " known_hosts file knows it)"));

  private static final Shape PACKAGES =
      new Shape.WordOrKeys(
          words(Packages.Source.class),
          keys(
              Key.required(
                  "debs",
                  new Shape.Items(
                      keys(
                          Key.optional("url", DEB_URL, "Where the package file is"),
                          Key.optional(
                              "urls",
                              new Shape.Items(DEB_URL),
                              "Places to have the package file from, tried in this order"),
                          Key.optional(
                              "sha256",
                              SHA256,
                              "SHA-256 of the package file (default: cluster.lock.yaml has the sum of what was"
                                  + " downloaded first)"))),
                  "Debian package files, in the order in which they are installed")));

  private static final String PACKAGES_ARE =
      "Where the packages come from: distro (the operating system's own), apt (the maker's own"
          + " repository), debs (package files by URL) or preinstalled (on the machine already)";

  private static final Keys MACHINES =
      keys(
          Key.required("provider", words(Machines.Provider.class), "Who makes the machines"),
          Key.standard(
              "backend",
              words(Machines.Backend.class),
              Replication.label(Machines.Backend.VIRTUALBOX),
              "What Vagrant makes the machines with; only with provider vagrant"),
          Key.required(
              "os",
              new Word(
                  Arrays.stream(OperatingSystem.values()).map(OperatingSystem::label).toList()),
              "What the machines run and what the packages are for"),
          Key.optional(
              "box",
              text("[A-Za-z0-9][A-Za-z0-9._/-]{0,254}", "a box's name", "bento/ubuntu-16.04"),
              "Vagrant box; only with provider vagrant, backend virtualbox or libvirt"),
          Key.optional(
              "image",
              text("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}", "an image's name", "my-mysql:9.7"),
              "Your own image, with systemd and sshd in it; only with provider docker, or vagrant"
                  + " with backend docker"),
          Key.standard("memory", MEMORY, 512L, "Memory of each machine in MB"),
          Key.standard(
              "subnet-prefix",
              new Whole(8, 30),
              24L,
              "Length in bits of the network that all addresses lie in"),
          Key.optional(
              "mirror",
              text(
                  "https?://[A-Za-z0-9][A-Za-z0-9.:-]*(/[A-Za-z0-9._~/+-]*)?",
                  "an http or https URL",
                  "https://mirror.example.org/debian"),
              "Package mirror to build the image from; only with provider docker, or vagrant with"
                  + " backend docker"));

  private static final Keys DOWNLOADS =
      keys(
          Key.optional(
              "directory",
              path("packages"),
              "Directory that has the package files; then nothing is downloaded. A relative path"
                  + " starts from the directory of the cluster.yaml"),
          Key.optional(
              "ca-file",
              path("company-ca.pem"),
              "Certificates (PEM) that are trusted besides Java's own, such as those of a"
                  + " company's proxy"));

  private static final Keys MYSQL =
      keys(
          Key.required(
              "version",
              VERSION,
              "MySQL version (8.4.6), or series (8.4) where any patch release of it will do"),
          Key.standard("packages", PACKAGES, "distro", PACKAGES_ARE),
          Key.optional("options", new Shape.Options(), "More options for [mysqld], on every node"));

  private static final Keys FAILOVER =
      keys(
          Key.optional(
              "member-expel-timeout",
              new Whole(0, 3600),
              "Seconds that a silent member stays suspected before it is expelled"),
          Key.optional(
              "exit-state-action",
              words(Replication.ExitStateAction.class),
              "What a member does that had to leave its group"),
          Key.optional(
              "consistency", words(Replication.Consistency.class), "What a transaction waits for"),
          Key.optional(
              "autorejoin-tries",
              new Whole(0, 2016),
              "How often an expelled member tries to rejoin, five minutes apart"),
          Key.optional(
              "unreachable-majority-timeout",
              new Whole(0, 31_536_000),
              "Seconds that a member in a minority waits before it leaves; 0 waits for ever"),
          Key.optional(
              "communication-stack",
              words(Replication.CommunicationStack.class),
              "Who carries the group's messages"));

  private static final Keys REPLICATION =
      keys(
          Key.standard(
              "type",
              words(Replication.Type.class),
              Replication.label(Replication.Type.GROUP),
              "Kind of replication"),
          Key.standard(
              "mode",
              words(Replication.Mode.class),
              Replication.label(Replication.Mode.SINGLE_PRIMARY),
              "Who takes writes; only with a group"),
          Key.optional(
              "source",
              NAME,
              "The node that is the source at first; only with type source-replica (default: the"
                  + " first one). After a switchover or a fail-over the servers know better"),
          Key.standard(
              "seeding",
              words(Replication.Seeding.class),
              Replication.label(Replication.Seeding.AUTO),
              "How a new replica gets the source's data; only with type source-replica"),
          Key.standard(
              "semi-sync",
              new Shape.Flag(),
              false,
              "Whether a commit waits until a replica has received it (semi-synchronous"
                  + " replication); only with type source-replica"),
          Key.optional(
              "group-name",
              text(
                  "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
                  "a UUID", "82a56cf6-86d5-420a-bc67-386bc98e3c8b"),
              "UUID of the group (default: made from the cluster's name, always the same)"),
          Key.optional(
              "failover",
              FAILOVER,
              "How fast and how safely the group gets over the loss of a member (default: what"
                  + " the version can do that is fast and safe)"));

  private static final Keys NODE =
      keys(
          Key.required("name", NAME, "Name of the machine and its host name"),
          Key.required("address", ADDRESS, "Fixed IPv4 address of the machine"),
          Key.optional(
              "server-id",
              new Whole(1, 4_294_967_295L),
              "MySQL's server_id (default: what tells the node's address from the others of its"
                  + " network, 13 for 192.168.16.13)"),
          Key.optional("memory", MEMORY, "Memory of this machine in MB (default: machines.memory)"),
          Key.optional(
              "options",
              new Shape.Options(),
              "More options for this node's [mysqld]; they win over mysql.options"),
          Key.optional("ssh", SSH, "How to reach this machine; only with provider ssh"));

  private static final Keys PROXY =
      keys(
          Key.required("type", new Word(List.of("proxysql", "mysql-router")), "The proxy software"),
          Key.optional(
              "version",
              VERSION,
              "Version or series of the proxy (default for mysql-router: the servers')"),
          Key.optional("packages", PACKAGES, PACKAGES_ARE),
          Key.standard("name", NAME, "proxy", "Name of the machine and its host name"),
          Key.required("address", ADDRESS, "Fixed IPv4 address of the machine"),
          Key.optional("memory", MEMORY, "Memory of this machine in MB (default: machines.memory)"),
          Key.optional("ssh", SSH, "How to reach this machine; only with provider ssh"),
          Key.standard("port", PORT, 6033L, "ProxySQL: port for clients"),
          Key.standard("admin-port", PORT, 6032L, "ProxySQL: port of its admin interface"),
          Key.optional(
              "hostgroups",
              keys(
                  Key.standard("writer", HOSTGROUP, 2L, "Servers that take writes"),
                  Key.standard(
                      "backup-writer",
                      HOSTGROUP,
                      4L,
                      "Servers that could take writes, above max-writers"),
                  // ProxySQL's own tables refuse a reader hostgroup 0.
                  Key.standard(
                      "reader", new Whole(1, Integer.MAX_VALUE), 3L, "Servers that take reads"),
                  Key.standard("offline", HOSTGROUP, 1L, "Servers that take nothing")),
              "ProxySQL: hostgroup numbers, all different"),
          Key.optional(
              "max-writers",
              new Whole(1, 9),
              "ProxySQL: most servers that take writes at a time (default: every node in"
                  + " multi-primary mode, else 1)"),
          Key.standard(
              "writer-is-also-reader",
              new Shape.Flag(),
              true,
              "ProxySQL: whether servers that take writes take reads too"),
          Key.standard(
              "max-transactions-behind",
              new Whole(0, Integer.MAX_VALUE),
              100L,
              "ProxySQL: a server with more transactions to apply than this gets no clients"),
          Key.standard(
              "read-write-split",
              new Shape.Flag(),
              false,
              "ProxySQL: whether SELECTs go to the servers that take reads"),
          Key.optional(
              "ports",
              keys(
                  Key.standard("read-write", PORT, 6446L, "Port for clients that write"),
                  Key.standard("read-only", PORT, 6447L, "Port for clients that only read"),
                  Key.optional(
                      "read-write-split",
                      PORT,
                      "Port for clients whose reads go to secondaries by themselves (default: 6450,"
                          + " from Router 8.2 on); only with innodb-cluster"),
                  Key.standard(
                      "rest",
                      PORT,
                      8443L,
                      "Port of its REST API, on its own machine; only with innodb-cluster")),
              "MySQL Router: its ports"),
          Key.optional(
              "options",
              new Shape.Options(),
              "MySQL Router: more settings, by section and name (routing.max_connections); only with"
                  + " innodb-cluster"),
          Key.optional(
              "more",
              new Shape.Items(
                  keys(
                      Key.required("name", NAME, "Name of the machine and its host name"),
                      Key.required("address", ADDRESS, "Fixed IPv4 address of the machine"),
                      Key.optional(
                          "memory",
                          MEMORY,
                          "Memory of this machine in MB (default: machines.memory)"),
                      Key.optional(
                          "ssh", SSH, "How to reach this machine; only with provider ssh"))),
              "MySQL Router: further machines with the same Router; only with innodb-cluster"));

  private static final Keys DATABASE =
      keys(
          Key.required(
              "name",
              text(
                  "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}",
                  "a schema name of letters, digits, underscores and hyphens, at most 64",
                  "shop"),
              "Name of the schema"),
          Key.required(
              "user",
              text(
                  "[A-Za-z0-9_][A-Za-z0-9_-]{0,31}",
                  "an account name of letters, digits, underscores and hyphens, at most 32",
                  "shop"),
              "The application's account: all privileges on the schema, nothing else"),
          Key.optional(
              "password",
              new Shape.Secret(),
              "${env:NAME} or ${file:PATH} (default: clusterctl makes one and keeps it)"),
          Key.optional(
              "character-set",
              text("[a-z][a-z0-9_]{1,31}", "a character set's name", "utf8mb4"),
              "Character set of the schema (default: the server's)"),
          Key.optional(
              "load",
              PATH,
              "Dump (.sql, also packed with gzip or zstd) that up loads into it once, while it has"
                  + " no tables; a relative path starts from the directory of the cluster.yaml"));

  /** The whole file. */
  static final Keys ROOT =
      keys(
          Key.required("name", NAME, "Name of the cluster"),
          Key.required("machines", MACHINES, "Where the machines come from"),
          Key.required("mysql", MYSQL, "The MySQL server that runs on every node"),
          Key.optional("replication", REPLICATION, "How the nodes replicate"),
          Key.required("nodes", new Shape.Items(NODE), "The machines with a MySQL server"),
          Key.optional("proxy", PROXY, "The machine that clients connect to"),
          Key.optional(
              "databases", new Shape.Items(DATABASE), "Schemas and the accounts that use them"),
          Key.optional(
              "downloads",
              DOWNLOADS,
              "How package files (packages: debs) come to the host that clusterctl runs on"));

  private ClusterYaml() {}

  private static Keys keys(Key... keys) {
    return new Keys(List.of(keys));
  }

  private static Text path(String example) {
    return text("[^\\u0000-\\u001f\\u007f]{1,4096}", "a path", example);
  }

  private static Text text(String pattern, String kind, String example) {
    return new Text(Pattern.compile(pattern), kind, example, false);
  }

  private static <E extends Enum<E>> Word words(Class<E> type) {
    return new Word(Arrays.stream(type.getEnumConstants()).map(Replication::label).toList());
  }
}
