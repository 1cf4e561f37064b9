
# ---- What ProxySQL needs -----------------------------------------------------------------------

installed_version() {
  ! have proxysql ||
    proxysql --version 2>&1 | sed -nE 's/.*version v?([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' | head -n 1
}

missing() {
  local version
  version=$(installed_version)
  if [ -z "$version" ]; then
    [ "$packages" != preinstalled ] ||
      die "cluster.yaml says that ProxySQL is on this machine already, but there is no proxysql"
    say "ProxySQL $wanted_version"
  else
    version_serves "$version" ||
      die "ProxySQL $version is on this machine, but cluster.yaml asks for $wanted_version"
    find_unit proxysql >/dev/null ||
      die "ProxySQL $version is on this machine, but no systemd service proxysql"
  fi
  firewall_lacks | sed 's/^/firewall rule from /; s/ \([0-9]*\)$/ to port \1/'
}

provision() {
  if [ -z "$(installed_version)" ]; then
    require_os
    case "$packages" in
      preinstalled) ;;
      distro)
        require_candidate proxysql
        install_packages proxysql
        ;;
      debs) install_debs ;;
      apt) die "ProxySQL from its own repository isn't supported; use debs" ;;
      *) die "packages: $packages isn't known" ;;
    esac
  fi
  open_firewall
}
