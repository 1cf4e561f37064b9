
# ---- What MySQL Router needs -------------------------------------------------------------------

installed_version() {
  ! have mysqlrouter ||
    mysqlrouter --version 2>/dev/null | sed -nE 's/.*Ver ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p'
}

missing() {
  local version
  version=$(installed_version)
  if [ -z "$version" ]; then
    [ "$packages" != preinstalled ] ||
      die "cluster.yaml says that MySQL Router is on this machine already, but there is no mysqlrouter"
    say "MySQL Router $wanted_version"
  else
    version_serves "$version" ||
      die "MySQL Router $version is on this machine, but cluster.yaml asks for $wanted_version: clusterctl" \
        "upgrade changes it together with the servers"
  fi
  getent passwd mysqlrouter >/dev/null || say "user mysqlrouter"
  [ -d /etc/mysqlrouter ] || say "directory /etc/mysqlrouter"
  firewall_lacks | sed 's/^/firewall rule from /; s/ \([0-9]*\)$/ to port \1/'
}

# fetch or install, both of the packages that are asked for.
get_router() {
  require_os
  case "$packages" in
    distro) get_package "$1" mysql-router ;;
    debs) get_debs "$1" ;;
    apt)
      use_mysql_repository
      get_package "$1" mysql-router-community
      ;;
    *) die "packages: $packages isn't known" ;;
  esac
}

provision() {
  if [ -z "$(installed_version)" ] && [ "$packages" != preinstalled ]; then
    get_router install
  fi
  # Debian's package makes neither a user nor a service.
  getent passwd mysqlrouter >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir /var/lib/mysqlrouter \
      --shell /usr/sbin/nologin mysqlrouter
  mkdir -p /etc/mysqlrouter
  open_firewall
}

require_packages() {
  [ "$packages" != preinstalled ] ||
    die "MySQL Router $(installed_version) is on this machine. With packages: preinstalled it is yours to" \
      "replace: install MySQL Router $wanted_version, then run clusterctl upgrade again"
}

fetch_upgrade() {
  require_packages
  get_router fetch
}

# A running one goes on with the old program until it is restarted.
install_upgrade() {
  require_packages
  get_router install
}
