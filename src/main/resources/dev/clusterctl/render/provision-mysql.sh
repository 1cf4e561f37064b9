
# ---- What MySQL needs --------------------------------------------------------------------------

mysqld_path() {
  PATH=$PATH:/usr/sbin:/usr/local/sbin:/usr/local/mysql/bin command -v mysqld || true
}

installed_version() {
  local mysqld
  mysqld=$(mysqld_path)
  [ -z "$mysqld" ] || "$mysqld" --no-defaults --version 2>/dev/null |
    sed -nE 's/.*Ver ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p'
}

# The directories that the option file names.
directories_lack() {
  local directory
  for directory in /etc/mysql/clusterctl.d /var/log/mysql; do
    [ -d "$directory" ] || say "directory $directory"
  done
}

make_directories() {
  mkdir -p /etc/mysql/clusterctl.d
  [ -d /var/log/mysql ] || install -d -m 0750 -o mysql -g adm /var/log/mysql
}

missing() {
  local version
  version=$(installed_version)
  if [ -z "$version" ]; then
    [ "$packages" != preinstalled ] ||
      die "cluster.yaml says that MySQL is on this machine already, but there is no mysqld"
    say "MySQL $wanted_version"
  else
    version_serves "$version" ||
      die "MySQL $version is on this machine, but cluster.yaml asks for $wanted_version"
    find_unit mysql mysqld >/dev/null ||
      die "MySQL $version is on this machine, but no systemd service mysql or mysqld"
  fi
  directories_lack
  firewall_lacks | sed 's/^/firewall rule from /; s/ \([0-9]*\)$/ to port \1/'
}

# MySQL's own packages ask for a password of MySQL's root. With an empty one, root of the machine is
# root of MySQL, through its socket, and nobody else is: no password has to be kept anywhere.
answer_questions() {
  debconf-set-selections <<'ANSWERS'
mysql-community-server mysql-community-server/root-pass password
mysql-community-server mysql-community-server/re-root-pass password
ANSWERS
}

provision() {
  if [ -z "$(installed_version)" ]; then
    case "$packages" in
      preinstalled) ;;
      distro)
        require_os
        require_candidate mysql-server
        install_packages mysql-server
        ;;
      debs)
        require_os
        answer_questions
        install_debs
        ;;
      apt)
        require_os
        answer_questions
        use_mysql_repository
        require_candidate mysql-community-server
        install_packages mysql-community-server
        ;;
      *) die "packages: $packages isn't known" ;;
    esac
  fi
  make_directories
  open_firewall
}
