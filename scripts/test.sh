#!/usr/bin/env bash
# Runs the tests: scripts/test.sh [unit|integration|e2e|all]. Needs nobody at the keyboard, installs
# what is missing, and leaves nothing running.
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd -- "$home"
exec </dev/null

# shellcheck source=scripts/lib/engine.sh
source scripts/lib/engine.sh

part=${1:-all}
case $part in
  unit | integration | e2e | all) ;;
  *)
    printf 'usage: scripts/test.sh [unit|integration|e2e|all]\n' >&2
    exit 2
    ;;
esac

failed=()

# run NAME COMMAND…: goes on where it fails, so that one run tells of every failure.
run() {
  local name=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: good (%d s)\n' "$name" $((SECONDS - began))
  else
    printf '== %s: FAILED (%d s)\n' "$name" $((SECONDS - began))
    failed+=("$name")
  fi
}

# tests INCLUDED EXCLUDED [OPTION…]: the JUnit tests with these tags; at the end, what Surefire
# counted.
tests() {
  local log status=0
  log=$(mktemp)
  mvn -B -ntp -Dtests.included="$1" -Dtests.excluded="$2" "${@:3}" test >"$log" 2>&1 || status=$?
  if [[ $status -ne 0 ]]; then
    cat -- "$log"
  fi
  grep -E 'Tests run:.*[0-9]$' "$log" | tail -n 1 || true
  # No test at all is no success: a tag was misspelt, or a test was lost.
  if ! grep -qE 'Tests run: [1-9]' "$log"; then
    printf 'no test ran\n'
    status=1
  fi
  rm -f -- "$log"
  return "$status"
}

# Rendered files that are kept in git are what clusterctl renders today.
rendered_files_are_current() {
  local list
  while IFS= read -r list; do
    ./clusterctl -f "$(dirname -- "$list")/cluster.yaml" render --check || return 1
  done < <(git ls-files '*.clusterctl-rendered')
}

scripts_are_clean() {
  local scripts
  # Not the fragments among the sources: they are whole only once they are rendered.
  mapfile -t scripts < <(git ls-files clusterctl .ci/run 'scripts/*.sh')
  shellcheck -x "${scripts[@]}"
}

stop_what_was_started() {
  engine_stop_if_started_here
}

# The MySQL servers from Maven Central that the integration tests start are linked with libaio1; the
# provisioning scripts, whose functions they run, download with curl.
ensure_packages git shellcheck libaio1 curl
if [[ $part != unit ]]; then
  # Some distributions have no Vagrant any more; its tests say that they were skipped there.
  if is_available vagrant; then
    ensure_packages vagrant
  fi
  trap stop_what_was_started EXIT
  ensure_engine
fi

if [[ $part == unit || $part == all ]]; then
  run "formatting" mvn -q -B -ntp spotless:check
  run "shell scripts" scripts_are_clean
  run "unit tests" tests "" "integration,e2e"
  run "rendered files" rendered_files_are_current
fi
if [[ $part == integration || $part == all ]]; then
  run "integration tests" tests integration e2e
fi
if [[ $part == e2e || $part == all ]]; then
  # End-to-end tests run the program as a user does, applications as they connect, and a real Vagrant.
  ensure_packages zstd php-cli php-mysql default-mysql-client vagrant
  run "launcher" ./clusterctl --version
  # Two stories at a time: most of each is waiting for machines.
  run "end-to-end tests" tests e2e "" \
    -Djunit.jupiter.execution.parallel.enabled=true \
    -Djunit.jupiter.execution.parallel.mode.default=same_thread \
    -Djunit.jupiter.execution.parallel.mode.classes.default=concurrent \
    -Djunit.jupiter.execution.parallel.config.strategy=fixed \
    -Djunit.jupiter.execution.parallel.config.fixed.parallelism=2 \
    -Djunit.jupiter.execution.parallel.config.fixed.max-pool-size=2
fi

if [[ ${#failed[@]} -gt 0 ]]; then
  printf '\nFAILED: %s\n' "$(printf '%s; ' "${failed[@]}")"
  exit 1
fi
printf '\nall good\n'
