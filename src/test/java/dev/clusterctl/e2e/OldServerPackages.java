package dev.clusterctl.e2e;

import dev.clusterctl.mysql.RealServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.utility.MountableFile;

/**
 * Package files of the old servers that the integration tests run, made on a machine with dpkg: the
 * real {@code mysqld} with the data files that came with it, and what it lacks to be a service.
 *
 * <p>It lacks four things that MySQL's own packages have, each of which is stood in for:
 *
 * <ul>
 *   <li>The plugin {@code auth_socket}: root logs in from anywhere without a password.
 *   <li>{@code mysql_ssl_rsa_setup} of 5.7: openssl makes the certificates.
 *   <li>{@code mysql_upgrade} of 8.0: the system tables of 8.0.12 are made by the server's own
 *       script, and changed by statements.
 *   <li>A systemd service.
 * </ul>
 */
final class OldServerPackages {
  private static final String MAKE =
      """
      set -e
      version=%s
      make=/var/make/$version
      base=opt/test-mysql
      mkdir -p $make/DEBIAN $make/$base/lib $make/usr/sbin $make/usr/bin $make/etc/systemd/system
      tar -xzf /var/make/server.tar.gz -C $make/$base
      # Debian has the same library by another name.
      ln -s /usr/lib/x86_64-linux-gnu/libaio.so.1t64 $make/$base/lib/libaio.so.1
      cat >$make/usr/sbin/mysqld <<'EOF'
      #!/bin/sh
      base=/opt/test-mysql
      export LD_LIBRARY_PATH=$base/lib
      case " $* " in
        *' --initialize-insecure '*) set -- "$@" --init-file=$base/root.sql --super-read-only=OFF --read-only=OFF ;;
      esac
      exec $base/bin/mysqld "$@" --basedir=$base --datadir=/var/lib/mysql --lc-messages-dir=$base/share \\
        --character-sets-dir=$base/share/charsets --socket=/var/run/mysqld/mysqld.sock \\
        --pid-file=/var/run/mysqld/mysqld.pid --secure-file-priv=NULL
      EOF
      cat >$make/$base/root.sql <<'EOF'
      SET sql_log_bin = OFF;
      RENAME USER 'root'@'localhost' TO 'root'@'%%';
      EOF
      cat >$make/$base/answers <<'EOF'
      #!/bin/sh
      until mysql --no-defaults --protocol=socket --user=root --execute='DO 0' 2>/dev/null; do
        kill -0 "$1" || exit 1
        sleep 0.2
      done
      EOF
      cat >$make/etc/systemd/system/mysql.service <<'EOF'
      [Service]
      User=mysql
      RuntimeDirectory=mysqld
      ExecStart=/usr/sbin/mysqld
      ExecStartPost=/opt/test-mysql/answers $MAINPID
      [Install]
      WantedBy=multi-user.target
      EOF
      if [ $version = 5.7.22 ]; then
        cat >$make/usr/bin/mysql_ssl_rsa_setup <<'EOF'
      #!/bin/sh
      set -e
      cd /var/lib/mysql
      openssl req -newkey rsa:2048 -noenc -x509 -days 30 -subj /CN=ca -keyout ca-key.pem -out ca.pem
      # Its TLS library reads no other form.
      openssl genrsa -traditional -out server-key.pem 2048
      openssl req -new -key server-key.pem -subj /CN=server |
        openssl x509 -req -days 30 -CA ca.pem -CAkey ca-key.pem -set_serial 1 -out server-cert.pem
      chown mysql:mysql ./*.pem
      EOF
      else
        cat >$make/usr/bin/mysql_upgrade <<'EOF'
      #!/bin/sh
      { echo "SET sql_log_bin = OFF; SET sql_mode = ''; USE mysql;"
        cat /opt/test-mysql/share/mysql_system_tables.sql /opt/test-mysql/upgrade.sql
      } | mysql --no-defaults --protocol=socket --user=root --force >/dev/null
      EOF
        cat >$make/$base/upgrade.sql <<'EOF'
      USE mysql;
      ALTER TABLE user
        ADD COLUMN Create_role_priv ENUM('N','Y') CHARACTER SET utf8 NOT NULL DEFAULT 'N' AFTER account_locked,
        ADD COLUMN Drop_role_priv ENUM('N','Y') CHARACTER SET utf8 NOT NULL DEFAULT 'N' AFTER Create_role_priv,
        ADD COLUMN Password_reuse_history SMALLINT UNSIGNED NULL AFTER Drop_role_priv,
        ADD COLUMN Password_reuse_time SMALLINT UNSIGNED NULL AFTER Password_reuse_history,
        ENGINE=InnoDB;
      ALTER TABLE slave_master_info
        ADD COLUMN Public_key_path TEXT CHARACTER SET utf8 COLLATE utf8_bin,
        ADD COLUMN Get_public_key BOOL NOT NULL DEFAULT FALSE;
      ALTER TABLE db ENGINE=InnoDB;
      ALTER TABLE tables_priv ENGINE=InnoDB;
      ALTER TABLE columns_priv ENGINE=InnoDB;
      ALTER TABLE procs_priv ENGINE=InnoDB;
      ALTER TABLE proxies_priv ENGINE=InnoDB;
      ALTER TABLE func ENGINE=InnoDB;
      UPDATE user SET Create_role_priv = 'Y', Drop_role_priv = 'Y' WHERE Create_user_priv = 'Y';
      FLUSH PRIVILEGES;
      CREATE USER IF NOT EXISTS 'mysql.infoschema'@localhost ACCOUNT LOCK;
      GRANT SELECT ON *.* TO 'mysql.infoschema'@localhost;
      EOF
      fi
      chmod 755 $make/usr/sbin/* $make/usr/bin/* $make/$base/answers
      printf '%%s\\n' 'Package: test-mysql-server' "Version: $version-1" 'Architecture: amd64' \\
        'Replaces: mysql-server-core, mysql-server' 'Maintainer: test <test@localhost>' \\
        'Description: test' >$make/DEBIAN/control
      dpkg-deb -Znone --root-owner-group -b $make /var/make/package.deb
      """;

  private OldServerPackages() {}

  /** The package's file name. */
  static String name(RealServer.Release release) {
    return "test-mysql-server_%s.deb".formatted(release.version());
  }

  /**
   * Makes one.
   *
   * @param machine with dpkg and room for 200 MB
   * @param directory where the file is put
   */
  static void make(RealServer.Release release, SshMachine machine, Path directory)
      throws Exception {
    Path archive =
        Path.of("target", "mysql", release.version().toString(), "mysql-Linux-amd64.tar.gz");
    machine.bash("mkdir -p /var/make");
    machine.copyFileToContainer(MountableFile.forHostPath(archive), "/var/make/server.tar.gz");
    machine.bash(MAKE.formatted(release.version()));
    machine.copyFileFromContainer(
        "/var/make/package.deb",
        Files.createDirectories(directory).resolve(name(release)).toString());
    machine.bash("rm -r /var/make");
  }
}
