#!/usr/bin/env bash
# rendered by clusterctl from cluster.yaml: edit that and run clusterctl render
#
# bash -s -- check < THIS    prints what is missing; exit status 0: nothing, 10: something, else: error
# bash -s -- files < THIS    prints which package files it would download
# bash -s -- apply < THIS    does it
# outdated, fetch and upgrade are for another version in the place of one: clusterctl upgrade
set -euo pipefail

# ---- What is asked for -------------------------------------------------------------------------

wanted_version='1.4.4'
os='ubuntu-16.04'
packages='debs'
# Package files in the order in which they need each other: name, SHA-256 sum (-: unknown yet),
# places to have it from.
debs=(
  'proxysql_1.4.4-ubuntu16_amd64.deb - https://github.com/sysown/proxysql/releases/download/v1.4.4/proxysql_1.4.4-ubuntu16_amd64.deb'
)
rules=(
  'any 6033'
)

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

# ---- Means -------------------------------------------------------------------------------------

export DEBIAN_FRONTEND=noninteractive
# Seconds to wait for another apt or dpkg.
lock_limit=300
policy=/usr/sbin/policy-rc.d
policy_mark='# by clusterctl: nothing starts while packages are installed'
# Where clusterctl puts the package files that it has verified, and where they are downloaded to.
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

install_now() {
  forbid_starts
  apt_get install --no-install-recommends "$@"
  allow_starts
}

fetch_now() {
  apt_get install --no-install-recommends --download-only "$@"
}

install_packages() {
  update_lists
  install_now "$@"
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
  [ -n "$candidate" ] || die "$os has no package $1; choose other packages in cluster.yaml"
  version_serves "$candidate" ||
    die "$1 is to be had in version $candidate only, but cluster.yaml asks for $wanted_version:" \
      "ask for ${candidate%.*}, or choose packages: debs and name the files"
}

# has_sum FILE SHA256
has_sum() {
  [ -f "$1" ] && echo "$2  $1" | sha256sum --check --status
}

# fetch URL FILE: over HTTPS only, whatever the server redirects to. Not with wget: its --https-only
# is about recursive downloads.
fetch() {
  have curl || install_packages ca-certificates curl
  curl --proto '=https' --fail --location --silent --show-error --connect-timeout 20 \
    --speed-limit 1000 --speed-time 60 --output "$2" "$1"
}

# obtain NAME SHA256 URL...: the file is in $packages_dir and is what it should be. The next place is
# tried where one has no file, never where it has another file than it should.
obtain() {
  local name=$1 sum=$2 file=$packages_dir/$1 url found
  shift 2
  if [ "$sum" != - ] && has_sum "$file" "$sum"; then
    return 0
  fi
  [ "$sum" != - ] || [ "${ALLOW_UNVERIFIED:-}" = yes ] ||
    die "no SHA-256 sum of $name is known, so it can't be verified. Give it in cluster.yaml; or let" \
      "clusterctl up download it once, which keeps the sum in cluster.lock.yaml, and run clusterctl render;" \
      "or set ALLOW_UNVERIFIED=yes to install it as it comes"
  mkdir -p "$packages_dir"
  for url in "$@"; do
    fetch "$url" "$file.part" || {
      say "not to be had from $url" >&2
      continue
    }
    found=$(sha256sum <"$file.part" | cut -d' ' -f1)
    if [ "$sum" = - ]; then
      say "NOT VERIFIED: $name from $url has the SHA-256 sum $found" >&2
    elif [ "$found" != "$sum" ]; then
      rm -f "$file.part"
      die "$url gave another file than it should: its SHA-256 sum is $found, not $sum. Nothing was installed." \
        "If its maker replaced it, put the new sum, checked elsewhere, into cluster.yaml or cluster.lock.yaml"
    fi
    chmod 644 "$file.part"
    mv -f "$file.part" "$file"
    return 0
  done
  die "$name is to be had from none of its places: $*"
}

wanted_is_installed() {
  local version
  version=$(installed_version)
  [ -n "$version" ] && version_serves "$version"
}

# The package files that have to be put into $packages_dir or downloaded before the rest can be done.
absent_files() {
  local line words
  ! wanted_is_installed || return 0
  for line in "${debs[@]+"${debs[@]}"}"; do
    read -r -a words <<<"$line"
    if [ "${words[1]}" = - ] || ! has_sum "$packages_dir/${words[0]}" "${words[1]}"; then
      say "${words[0]}"
    fi
  done
}

# Whether installing these files takes packages of the operating system too.
needs_archive() {
  local plan
  plan=$(LC_ALL=C apt-get -s --allow-downgrades install --no-install-recommends "$@" 2>/dev/null) || return 0
  [ "$(grep -c '^Inst ' <<<"$plan")" -gt "$#" ]
}

install_debs() {
  get_debs install
}

# Whoever was killed may have left packages half installed.
finish_interrupted() {
  wait_for_locks
  if [ -n "$(dpkg --audit)" ]; then
    forbid_starts
    dpkg --force-confold --configure -a
    allow_starts
  fi
}

# get_debs fetch|install
get_debs() {
  local line words files=()
  [ "${#debs[@]}" -gt 0 ] || die "cluster.yaml says packages: debs, but no package file is known"
  for line in "${debs[@]}"; do
    read -r -a words <<<"$line"
    obtain "${words[@]}"
    files+=("$packages_dir/${words[0]}")
  done
  # A machine without a way to the archives can do without them where nothing is missing.
  if needs_archive "${files[@]}"; then
    update_lists
  fi
  # The operating system may have a later release of one of them, such as mysql-common.
  "$1"_now --allow-downgrades "${files[@]}"
}

# get_package fetch|install PACKAGE
get_package() {
  require_candidate "$2"
  update_lists
  "$1"_now "$2"
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
    files) absent_files ;;
    outdated) wanted_is_installed || installed_version ;;
    fetch | upgrade)
      declare -F fetch_upgrade >/dev/null || die "clusterctl doesn't upgrade this program"
      finish_interrupted
      ! wanted_is_installed || exit 0
      if [ "$mode" = fetch ]; then
        fetch_upgrade
      else
        install_upgrade
        wanted_is_installed ||
          die "version $(installed_version) is here after the upgrade, not $wanted_version"
      fi
      ;;
    *) die 'usage: bash -s -- check|files|apply|outdated|fetch|upgrade' ;;
  esac
}

# What this script reads must not be eaten by the programs that it runs.
main "$@" </dev/null
