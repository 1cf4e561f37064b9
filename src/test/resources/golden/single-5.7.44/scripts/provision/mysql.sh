#!/usr/bin/env bash
# rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
#
# bash -s -- check < THIS    prints what is missing; exit status 0: nothing, 10: something, else: error
# bash -s -- apply < THIS    does it
set -euo pipefail

# ---- What is asked for -------------------------------------------------------------------------

wanted_version='5.7'
os='debian-sid'
packages='distro'
debs=()
rules=(
  '10.99.2.11 3306'
  '10.99.2.12 3306'
  '10.99.2.13 3306'
  '10.99.2.10 3306'
  '10.99.2.11 33061'
  '10.99.2.12 33061'
  '10.99.2.13 33061'
)
apt_url='https://repo.mysql.com/apt/debian'
apt_suite='sid'
apt_component='mysql-5.7'
apt_key_url='https://repo.mysql.com/RPM-GPG-KEY-mysql-2023'
apt_key_fingerprint='BCA43417C3B485DD128EC6D4B7B3B788A8D3785C'

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

install_from_mysql() {
  local key=/usr/share/keyrings/clusterctl-mysql.gpg home
  if ! have curl || ! have gpg; then
    install_packages ca-certificates curl gnupg
  fi
  [ -e /usr/lib/apt/methods/https ] || install_packages apt-transport-https
  home=$(mktemp -d)
  curl --proto '=https' --fail --location --silent --show-error --max-time "$download_limit" \
    --output "$home/key" "$apt_key_url"
  gpg --homedir "$home" --batch --quiet --import "$home/key"
  gpg --homedir "$home" --batch --with-colons --fingerprint | grep -q "^fpr:*$apt_key_fingerprint:" ||
    die "the key at $apt_key_url isn't the one with fingerprint $apt_key_fingerprint"
  gpg --homedir "$home" --batch --export "$apt_key_fingerprint" >"$key"
  rm -rf "$home"
  printf 'deb [signed-by=%s] %s %s %s\n' "$key" "$apt_url" "$apt_suite" "$apt_component" \
    >/etc/apt/sources.list.d/clusterctl-mysql.list
  lists_updated=
  require_candidate mysql-community-server
  install_packages mysql-community-server
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
        install_debs
        ;;
      apt)
        require_os
        install_from_mysql
        ;;
      *) die "packages: $packages isn't known" ;;
    esac
  fi
  make_directories
  open_firewall
}

# ---- Means -------------------------------------------------------------------------------------

export DEBIAN_FRONTEND=noninteractive
# Seconds to wait for another apt or dpkg, and seconds for one download.
lock_limit=300
download_limit=900
policy=/usr/sbin/policy-rc.d
policy_mark='# by clusterctl: nothing starts while packages are installed'
packages_dir=/var/cache/clusterctl

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

say() {
  printf '%s\n' "$*"
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# Process ids of whoever holds a lock of apt or dpkg. They are fcntl locks, which flock(1) doesn't see.
lock_holders() {
  local file inode
  for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock \
    /var/cache/apt/archives/lock; do
    [ -e "$file" ] || continue
    inode=$(stat -c %i "$file")
    awk -v inode="$inode" '$2 == "POSIX" && $4 == "WRITE" && $6 ~ (":" inode "$") {print $5}' /proc/locks
  done
}

wait_for_locks() {
  local deadline=$((SECONDS + lock_limit)) holders
  while holders=$(lock_holders) && [ -n "$holders" ]; do
    [ "$SECONDS" -lt "$deadline" ] ||
      die "waited $lock_limit s for another apt or dpkg: process $(echo "$holders" | sort -u | tr '\n' ' ')still holds the lock"
    sleep 1
  done
}

# apt-get; waits for others that use it. Old ones don't know the time-out and ignore it: hence
# the look at the locks first, and another try where someone was faster.
apt_get() {
  local deadline=$((SECONDS + lock_limit)) log status
  log=$(mktemp)
  while :; do
    wait_for_locks
    status=0
    apt-get -o DPkg::Lock::Timeout="$lock_limit" -o Dpkg::Options::=--force-confold -y -q "$@" \
      >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ] && [ "$SECONDS" -lt "$deadline" ] &&
      grep -Eq 'Could not get lock|Unable to (lock|acquire)|is locked by another process' "$log"; then
      continue
    fi
    break
  done
  cat "$log"
  rm -f "$log"
  [ "$status" -eq 0 ] || die "apt-get $* failed with status $status; its last lines are above"
}

update_lists() {
  [ -n "${lists_updated:-}" ] || apt_get update
  lists_updated=yes
}

policy_is_ours() {
  [ -e "$policy" ] && grep -qxF "$policy_mark" "$policy"
}

allow_starts() {
  if policy_is_ours; then
    rm -f "$policy"
  fi
  if [ -e "$policy.before-clusterctl" ]; then
    mv -f "$policy.before-clusterctl" "$policy"
  fi
}

# A package's service must not start before its own option file is in place.
forbid_starts() {
  trap allow_starts EXIT
  if [ -e "$policy" ] && ! policy_is_ours; then
    mv "$policy" "$policy.before-clusterctl"
  fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
  chmod 755 "$policy"
}

install_packages() {
  update_lists
  forbid_starts
  apt_get install --no-install-recommends "$@"
  allow_starts
}

is_installed() {
  [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]
}

# This machine as cluster.yaml would name it.
this_os() {
  local ID='' VERSION_ID=''
  # shellcheck source=/dev/null
  . /etc/os-release
  echo "$ID-${VERSION_ID:-sid}"
}

require_os() {
  local found
  found=$(this_os)
  [ "$found" = "$os" ] || die "this machine runs $found, but machines.os in cluster.yaml says $os"
}

# A version 9.7.4 serves who asks for 9.7.4 or for the series 9.7.
version_serves() {
  case "$1" in
    "$wanted_version" | "$wanted_version".*) return 0 ;;
    *) return 1 ;;
  esac
}

# The first of these units that there is.
find_unit() {
  local unit
  for unit in "$@"; do
    if [ "$(systemctl show -p LoadState --value "$unit.service" 2>/dev/null ||
      systemctl show -p LoadState "$unit.service" | cut -d= -f2)" = loaded ]; then
      echo "$unit"
      return 0
    fi
  done
  return 1
}

# The version that the distribution's package would have; without the epoch and the packager's part.
candidate_version() {
  LC_ALL=C apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -vxF '(none)' |
    sed -E 's/^[0-9]+://; s/[-+~].*//' || true
}

require_candidate() {
  local candidate
  update_lists
  candidate=$(candidate_version "$1")
  [ -n "$candidate" ] || die "$os has no package $1; choose another mysql.packages in cluster.yaml"
  version_serves "$candidate" ||
    die "$os has $1 $candidate, but cluster.yaml asks for $wanted_version"
}

# download FILE SHA256 URL...: the first URL that gives a file with that sum.
download() {
  local file=$1 sum=$2 url
  shift 2
  if [ -e "$file" ] && echo "$sum  $file" | sha256sum --check --status; then
    return 0
  fi
  have curl || have wget || install_packages ca-certificates curl
  mkdir -p "$(dirname "$file")"
  for url in "$@"; do
    case "$url" in
      https://*) ;;
      *) die "$url isn't HTTPS" ;;
    esac
    if have curl; then
      curl --proto '=https' --fail --location --silent --show-error --max-time "$download_limit" \
        --output "$file.part" "$url" || { say "no luck with $url" >&2; continue; }
    else
      timeout "$download_limit" wget --https-only -nv -O "$file.part" "$url" ||
        { say "no luck with $url" >&2; continue; }
    fi
    if echo "$sum  $file.part" | sha256sum --check --status; then
      mv "$file.part" "$file"
      return 0
    fi
    say "$url has the wrong SHA-256 sum: $(sha256sum "$file.part" | cut -d' ' -f1), not $sum" >&2
    rm -f "$file.part"
  done
  die "none of these gave the file that cluster.yaml describes: $*"
}

# Each line of "debs": the sum, or - where none was given, then the URLs.
require_sums() {
  local line
  [ "${#debs[@]}" -gt 0 ] ||
    die "packages: debs in cluster.yaml needs the list of the package files, each with url and sha256"
  for line in "${debs[@]}"; do
    case "$line" in
      '- '*) die "no sha256 is given in cluster.yaml for ${line#- }: what isn't verified isn't installed" ;;
    esac
  done
}

install_debs() {
  local line words file files=()
  require_sums
  for line in "${debs[@]}"; do
    read -r -a words <<<"$line"
    file=$packages_dir/${words[1]##*/}
    download "$file" "${words[@]}"
    files+=("$file")
  done
  install_packages "${files[@]}"
}

# Rules are made only where the firewall is on; nobody is locked out by turning it on.
firewall_is_on() {
  have ufw && LC_ALL=C ufw status | grep -q '^Status: active'
}

# Each line of "rules": a source address or "any", and a port.
firewall_lacks() {
  local from port
  firewall_is_on || return 0
  printf '%s\n' "${rules[@]}" | while read -r from port; do
    LC_ALL=C ufw show added |
      grep -Eq "^ufw allow (from ${from//./\\.} to any port $port proto tcp|${port}/tcp)$" ||
      say "$from $port"
  done
}

open_firewall() {
  local from port
  firewall_lacks | while read -r from port; do
    if [ "$from" = any ]; then
      ufw allow "$port/tcp"
    else
      ufw allow proto tcp from "$from" to any port "$port"
    fi
  done
}

main() {
  local mode=${1:-}
  [ "$(id -u)" -eq 0 ] || die 'only root can do this'
  case "$mode" in
    check)
      local found
      found=$(missing)
      [ -n "$found" ] || exit 0
      say "$found"
      exit 10
      ;;
    apply)
      provision
      local left
      left=$(missing)
      [ -z "$left" ] || die "still missing after all was done: $left"
      ;;
    *) die 'usage: bash -s -- check|apply' ;;
  esac
}

# What this script reads must not be eaten by the programs that it runs.
main "$@" </dev/null
