
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
      die "MySQL $version is on this machine, but cluster.yaml asks for $wanted_version: clusterctl" \
        "upgrade changes the version, one node after the other"
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

# fetch or install, both of the packages that are asked for.
get_server() {
  require_os
  case "$packages" in
    distro) get_package "$1" mysql-server ;;
    debs)
      answer_questions
      get_debs "$1"
      ;;
    apt)
      answer_questions
      use_mysql_repository
      get_package "$1" mysql-community-server
      ;;
    *) die "packages: $packages isn't known" ;;
  esac
}

provision() {
  if [ -z "$(installed_version)" ] && [ "$packages" != preinstalled ]; then
    get_server install
  fi
  make_directories
  open_firewall
}

require_packages() {
  [ "$packages" != preinstalled ] ||
    die "MySQL $(installed_version) is on this machine. With packages: preinstalled its program is yours to" \
      "replace: install MySQL $wanted_version without stopping the server, then run clusterctl upgrade again"
}

# Another version in the place of the one that is there: its packages are got ready while the server runs.
fetch_upgrade() {
  require_packages
  get_server fetch
}

install_upgrade() {
  local unit
  require_packages
  unit=$(find_unit mysql mysqld) || unit=mysql
  ! systemctl is-active --quiet "$unit" || die "MySQL runs: its program is not replaced under it"
  get_server install
}
