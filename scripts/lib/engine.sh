# shellcheck shell=bash
# Makes a Debian host able to run clusterctl's containers. Sourced by scripts/quickstart.sh and
# scripts/test.sh; needs `set -euo pipefail` in whoever sources it. Everything may be called again.

# How long to wait for somebody else's apt, and for the engine's first answer, in seconds.
APT_LOCK_TIMEOUT=${APT_LOCK_TIMEOUT:-300}
ENGINE_START_TIMEOUT=${ENGINE_START_TIMEOUT:-60}
ENGINE_LOG=${ENGINE_LOG:-/var/log/clusterctl-dockerd.log}

# The process id of a dockerd that this script started; empty: it started none.
ENGINE_STARTED_PID=""

say() { printf '%s\n' "==> $*" >&2; }

die() {
  printf '%s\n' "error: $*" >&2
  exit 1
}

# Runs its arguments as root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this must be done as root, and there is no sudo: $*"
  fi
}

# apt_get ARGUMENT…: waits for the lock, asks nothing.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o "DPkg::Lock::Timeout=$APT_LOCK_TIMEOUT" "$@"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Whether apt could install it, or has.
is_available() {
  is_installed "$1" || apt-cache show "$1" >/dev/null 2>&1 || {
    # A host that was made from an image often has no lists of packages yet.
    apt_get update >&2
    apt-cache show "$1" >/dev/null 2>&1
  }
}

# ensure_packages [PACKAGE…]: installs what clusterctl needs and this host hasn't, and the packages
# named; no more than that.
ensure_packages() {
  command -v apt-get >/dev/null ||
    die "this host has no apt-get: install Docker, mmdebstrap, a JDK 17 and Maven yourself"
  local missing=() package
  # A Docker that is there, whatever way it came, is left alone.
  command -v dockerd >/dev/null || engine_answers || missing+=(docker.io)
  command -v docker >/dev/null || is_installed docker.io ||
    if [ "$(apt-cache policy docker-cli 2>/dev/null)" ]; then missing+=(docker-cli); fi
  command -v javac >/dev/null || missing+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null || missing+=(maven)
  command -v ssh >/dev/null || missing+=(openssh-client)
  for package in mmdebstrap debian-archive-keyring iptables iproute2 procps ca-certificates "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  # mmdebstrap makes images without being root with the help of these.
  [ "$(id -u)" -eq 0 ] || is_installed uidmap || missing+=(uidmap)
  if [ "${#missing[@]}" -eq 0 ]; then
    return
  fi
  say "installing ${missing[*]}"
  apt_get update
  apt_get install --yes --no-install-recommends "${missing[@]}"
}

# Whether an engine answers, perhaps to root only.
engine_answers() {
  command -v docker >/dev/null || return 1
  timeout 10 docker version >/dev/null 2>&1 || as_root timeout 10 docker version >/dev/null 2>&1
}

# ensure_engine: starts Docker's engine unless one answers.
ensure_engine() {
  if engine_answers; then
    return
  fi
  if [ -d /run/systemd/system ]; then
    say "starting the Docker engine (systemctl start docker)"
    as_root systemctl start docker || die "systemd can't start docker: see journalctl -u docker"
  else
    start_dockerd
  fi
  await_engine
}

# Where no systemd runs: in the background, in a session of its own, so that it outlives us.
start_dockerd() {
  command -v dockerd >/dev/null || die "there is no dockerd to start"
  local pid_file=/var/run/docker.pid pid
  if [ -e "$pid_file" ]; then
    pid=$(as_root cat "$pid_file")
    # One that was killed may still be a zombie, whose program can't be told any more.
    if [ -n "$pid" ] && [[ "$(as_root readlink "/proc/$pid/exe")" == */dockerd ]]; then
      say "dockerd (process $pid) is starting already"
      return
    fi
    say "removing $pid_file, which an engine left that was killed"
    as_root rm -f "$pid_file" /var/run/docker/containerd/containerd.pid
  fi
  say "starting dockerd in the background; its log is $ENGINE_LOG"
  # shellcheck disable=SC2016 # expanded by the shell that root runs
  ENGINE_STARTED_PID=$(as_root sh -c \
    'umask 077; setsid nohup dockerd >>"$1" 2>&1 </dev/null & echo $!' sh "$ENGINE_LOG")
}

await_engine() {
  local deadline=$((SECONDS + ENGINE_START_TIMEOUT))
  until engine_answers; do
    if [ -n "$ENGINE_STARTED_PID" ] && ! [ -d "/proc/$ENGINE_STARTED_PID" ]; then
      as_root tail -n 15 "$ENGINE_LOG" >&2 || true
      die "dockerd ended at once; its last lines are above, its log is $ENGINE_LOG"
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      as_root tail -n 15 "$ENGINE_LOG" >&2 || true
      die "the Docker engine didn't answer within $ENGINE_START_TIMEOUT s"
    fi
    sleep 0.2
  done
}

# engine_stop_if_started_here: ends the dockerd that ensure_engine started in this process, if any.
engine_stop_if_started_here() {
  if [ -z "$ENGINE_STARTED_PID" ]; then
    return
  fi
  say "stopping the dockerd that was started here"
  as_root kill "$ENGINE_STARTED_PID" 2>/dev/null || true
  local deadline=$((SECONDS + 30))
  while [ -d "/proc/$ENGINE_STARTED_PID" ] && [ "$SECONDS" -lt "$deadline" ]; do
    sleep 0.2
  done
  ENGINE_STARTED_PID=""
}
