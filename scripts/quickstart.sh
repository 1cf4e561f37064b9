#!/usr/bin/env bash
# From a fresh Debian 12 to a running cluster: installs what is missing, starts the Docker engine,
# builds clusterctl and brings examples/sandbox.yaml up. May be run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/engine.sh
. scripts/lib/engine.sh

topology=${1:-examples/sandbox.yaml}

ensure_packages
ensure_engine

clusterctl=(./clusterctl)
if ! docker version >/dev/null 2>&1; then
  # Not a member of the group docker, which would take a new login: sudo does until then.
  say "this user may not use Docker: running clusterctl with sudo (to avoid it: usermod -aG docker)"
  clusterctl=(sudo ./clusterctl)
fi

say "building clusterctl"
"${clusterctl[@]}" --version
say "bringing $topology up"
"${clusterctl[@]}" -f "$topology" up
