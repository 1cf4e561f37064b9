
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
      die "MySQL Router $version is on this machine, but cluster.yaml asks for $wanted_version"
  fi
  getent passwd mysqlrouter >/dev/null || say "user mysqlrouter"
  [ -d /etc/mysqlrouter ] || say "directory /etc/mysqlrouter"
  firewall_lacks | sed 's/^/firewall rule from /; s/ \([0-9]*\)$/ to port \1/'
}

provision() {
  if [ -z "$(installed_version)" ]; then
    require_os
    case "$packages" in
      preinstalled) ;;
      distro)
        require_candidate mysql-router
        install_packages mysql-router
        ;;
      debs) install_debs ;;
      apt)
        use_mysql_repository
        require_candidate mysql-router-community
        install_packages mysql-router-community
        ;;
      *) die "packages: $packages isn't known" ;;
    esac
  fi
  # Debian's package makes neither a user nor a service.
  getent passwd mysqlrouter >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir /var/lib/mysqlrouter \
      --shell /usr/sbin/nologin mysqlrouter
  mkdir -p /etc/mysqlrouter
  open_firewall
}
