#!/usr/bin/env bash
# From a fresh Debian 12 to a running cluster: installs what is missing, starts the Docker engine,
# builds clusterctl and brings examples/sandbox.yaml up. May be run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/engine.sh
. scripts/lib/engine.sh

usage() {
  cat <<'EOF'
usage: scripts/quickstart.sh [CLUSTER.YAML]

Installs what is missing on this Debian or Ubuntu host (Docker's engine, mmdebstrap, a JDK 17,
Maven), starts the engine, builds clusterctl and brings the cluster up: examples/sandbox.yaml, or the
one named. Run as root, or as a user who may use sudo. Safe to run again.
EOF
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
  -*)
    usage >&2
    exit 2
    ;;
esac
[ $# -le 1 ] || {
  usage >&2
  exit 2
}
topology=${1:-examples/sandbox.yaml}
[ -f "$topology" ] || die "there is no file $topology (paths start from $PWD)"

# shellcheck disable=SC2119 # its arguments are not ours
ensure_packages
ensure_engine

say "building clusterctl"
# As this user, so that the files in target/ are theirs.
./clusterctl --version

clusterctl=(./clusterctl)
if ! docker version >/dev/null 2>&1; then
  # Not a member of the group docker, which would take a new login: sudo does until then.
  say "this user may not use Docker: running clusterctl with sudo (to avoid it: usermod -aG docker $(id -un), and log in again)"
  clusterctl=(sudo ./clusterctl)
fi

say "bringing $topology up (the first time, its image is made from Debian's packages: a minute or two)"
"${clusterctl[@]}" -f "$topology" up

command="${clusterctl[*]} -f $topology"
# One that isn't the first: any does for a fail-over test.
node=$("${clusterctl[@]}" -f "$topology" --output json status |
  sed -n 's/.*"nodes":\[\([^]]*\)\].*/\1/p' | grep -o '"name":"[^"]*"' | cut -d'"' -f4 |
  head -n 2 | tail -n 1 || true)
cat <<EOF

The cluster is up. What to do next:

  $command status                who is what
  $command failover-test ${node:-NODE}     kill a node under load; see what clients felt
  $command connection            how an application connects
  $command down                  take it all away

./clusterctl --help lists the commands; README.md and docs/ tell the rest.
EOF
