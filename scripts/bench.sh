#!/usr/bin/env bash
# Prints how long clusterctl's commands take and what each kind of fail-over costs clients, as
# medians with the least and the most of several runs. Uses a cluster of its own, and removes it.
#
# From the environment:
#   BENCH_RUNS       runs of each command (5)
#   BENCH_FAILOVERS  runs of each fail-over mode (1); 0: none
#   BENCH_SWITCHOVERS  planned changes of roles, under load (2); 0: none
#   BENCH_INNODB     runs of each fail-over of an InnoDB Cluster's primary and of a secondary (1); 0: none
#   BENCH_MODES      the modes ("stop kill freeze partition")
#   BENCH_SUBNET     the first three numbers of the cluster's network (172.28.19)
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
runs=${BENCH_RUNS:-5}
failovers=${BENCH_FAILOVERS:-1}
switchovers=${BENCH_SWITCHOVERS:-2}
subnet=${BENCH_SUBNET:-172.28.19}
innodb=${BENCH_INNODB:-1}
read -r -a modes <<<"${BENCH_MODES:-stop kill freeze partition}"

[[ $runs =~ ^[1-9][0-9]*$ && $failovers$switchovers$innodb =~ ^[0-9]+$ ]] || {
  printf 'BENCH_RUNS must be 1 or more, BENCH_FAILOVERS, BENCH_SWITCHOVERS and BENCH_INNODB 0 or more\n' >&2
  exit 2
}

work=$(mktemp -d)
file=$work/cluster.yaml
clusterctl() { "$home/clusterctl" -f "$file" "$@"; }

remove() {
  # Whatever has failed: nothing of the cluster stays.
  clusterctl down --yes >/dev/null 2>&1 || printf 'the cluster clusterctl-bench could not be removed\n' >&2
  rm -rf -- "$work"
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# topology REPLICATION: writes the cluster's file.
topology() {
  cat >"$file" <<EOF
name: bench
machines: {provider: docker, os: debian-sid, memory: 512}
mysql: {version: 9.7, packages: distro}
replication: {$1}
nodes:
  - {name: db1, address: $subnet.11}
  - {name: db2, address: $subnet.12}
  - {name: db3, address: $subnet.13}
proxy: {type: mysql-router, address: $subnet.10, memory: 256}
databases:
  - {name: app, user: app}
EOF
}
topology 'type: group, mode: multi-primary'

now_ms() {
  local nanoseconds
  nanoseconds=$(date +%s%N)
  printf '%s' "$((nanoseconds / 1000000))"
}

# timed NAME COMMAND…: runs it quietly, and notes its milliseconds under that name. What it printed
# is shown where it fails.
timed() {
  local name=$1 began
  shift
  began=$(now_ms)
  "$@" >"$work/out" 2>&1 || {
    cat -- "$work/out" >&2
    printf '%s failed\n' "$name" >&2
    return 1
  }
  printf '%s\n' "$(($(now_ms) - began))" >>"$work/$name.ms"
}

# field FILE KEY…: a number out of a JSON object written on one line: the first one named so after
# the keys before it. Empty where it is null.
field() {
  local from=$1 text key
  text=$(<"$from")
  shift
  for key in "$@"; do
    text=${text#*\""$key"\":}
  done
  [[ $text =~ ^[0-9]+ ]] && printf '%s\n' "${BASH_REMATCH[0]}"
}

# row TITLE FILE: the median, least and most of a file of milliseconds, in seconds.
row() {
  if [[ ! -s $2 ]]; then
    printf '%-44s %9s %9s %9s %5d\n' "$1" - - - 0
    return
  fi
  sort -n -- "$2" | awk -v title="$1" '
    { v[NR] = $1 / 1000 }
    END {
      median = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
      printf "%-44s %7.2f s %7.2f s %7.2f s %5d\n", title, median, v[1], v[NR], NR
    }'
}

say() { printf '== %s\n' "$*" >&2; }

say "the program, the image and one round to warm up"
"$home/clusterctl" --version >/dev/null
clusterctl up >/dev/null
clusterctl down --yes >/dev/null

for ((run = 1; run <= runs; run++)); do
  say "run $run of $runs"
  timed version clusterctl --version
  timed up clusterctl up
  timed up-again clusterctl up
  grep -q 'nothing to do' "$work/out" || {
    printf 'a second up changed something:\n' >&2
    cat -- "$work/out" >&2
    exit 1
  }
  timed status clusterctl status
  timed down clusterctl down --yes
done

if ((failovers > 0)); then
  clusterctl up >/dev/null
fi
for ((run = 1; run <= failovers; run++)); do
  for mode in "${modes[@]}"; do
    say "fail-over by $mode, run $run of $failovers"
    clusterctl failover-test db2 --how "$mode" --json "$work/failover.json" >"$work/out" 2>&1 || {
      cat -- "$work/out" >&2
      exit 1
    }
    field "$work/failover.json" writes longest-gap length >>"$work/$mode-all.ms" || true
    field "$work/failover.json" writes longest-gap-of-one-connection >>"$work/$mode-one.ms" || true
    field "$work/failover.json" returned-after >>"$work/$mode-back.ms" || true
    field "$work/failover.json" data acknowledged >>"$work/acknowledged"
    field "$work/failover.json" data lost >>"$work/lost"
  done
done

if ((switchovers > 0)); then
  clusterctl down --yes >/dev/null
  topology 'type: source-replica, source: db1'
  clusterctl up >/dev/null
fi
for ((run = 1; run <= switchovers; run++)); do
  say "switchover under load, run $run of $switchovers"
  clusterctl --output json switchover "db$((run % 2 + 1))" --under-load >"$work/out" 2>&1 || {
    cat -- "$work/out" >&2
    exit 1
  }
  grep -F '"event":"switchover"' "$work/out" >"$work/switchover.json"
  field "$work/switchover.json" without-writes >>"$work/switchover-without.ms" || true
  field "$work/switchover.json" under-load writes longest-gap length >>"$work/switchover-all.ms" || true
  field "$work/switchover.json" under-load writes longest-gap-of-one-connection >>"$work/switchover-one.ms" || true
  field "$work/switchover.json" under-load data acknowledged >>"$work/switchover-acknowledged"
  field "$work/switchover.json" under-load data lost >>"$work/switchover-lost"
done

# member ROLE: a node that has it.
member() {
  clusterctl --output json status 2>/dev/null | grep -F '"event":"status"' | tr '{' '\n' |
    grep -F "\"role\":\"$1\"" | sed -n '1s/.*"name":"\([^"]*\)".*/\1/p'
}

if ((innodb > 0)); then
  clusterctl down --yes >/dev/null
  topology 'type: innodb-cluster'
  clusterctl up >/dev/null
fi
for ((run = 1; run <= innodb; run++)); do
  for role in primary secondary; do
    for mode in "${modes[@]}"; do
      say "InnoDB Cluster, $role: $mode, run $run of $innodb"
      clusterctl failover-test "$(member "$role")" --how "$mode" --json "$work/failover.json" >"$work/out" 2>&1 || {
        cat -- "$work/out" >&2
        exit 1
      }
      field "$work/failover.json" writes longest-gap-of-one-connection >>"$work/$role-$mode-writes.ms" || true
      field "$work/failover.json" reads longest-gap-of-one-connection >>"$work/$role-$mode-reads.ms" || true
      field "$work/failover.json" data acknowledged >>"$work/innodb-acknowledged"
      field "$work/failover.json" data lost >>"$work/innodb-lost"
    done
  done
  say "InnoDB Cluster, switchover under load, run $run of $innodb"
  clusterctl --output json switchover "$(member secondary)" --under-load >"$work/out" 2>&1 || {
    cat -- "$work/out" >&2
    exit 1
  }
  grep -F '"event":"switchover"' "$work/out" >"$work/switchover.json"
  field "$work/switchover.json" under-load writes longest-gap-of-one-connection >>"$work/innodb-switchover.ms" || true
  field "$work/switchover.json" under-load data acknowledged >>"$work/innodb-acknowledged"
  field "$work/switchover.json" under-load data lost >>"$work/innodb-lost"
done

printf '%s, %s CPUs, load %s, %s\n\n' "$("$home/clusterctl" --version)" "$(nproc)" \
  "$(cut -d' ' -f1-3 /proc/loadavg)" "$(date -u +%Y-%m-%d)"
printf '%-44s %9s %9s %9s %5s\n' '' median least most runs
row '--version' "$work/version.ms"
row 'up, from the cached image' "$work/up.ms"
row 'up, nothing to do' "$work/up-again.ms"
row 'status' "$work/status.ms"
row 'down' "$work/down.ms"
if ((failovers > 0)); then
  printf '\nfail-over, multi-primary behind MySQL Router\n'
  for mode in "${modes[@]}"; do
    row "$mode: longest gap in writes, all clients" "$work/$mode-all.ms"
    row "$mode: longest gap, one connection" "$work/$mode-one.ms"
    row "$mode: node ONLINE again after" "$work/$mode-back.ms"
  done
  awk '{ a += $1 } END { printf "acknowledged writes: %d", a }' "$work/acknowledged"
  awk '{ l += $1 } END { printf ", lost: %d\n", l }' "$work/lost"
fi
if ((switchovers > 0)); then
  printf '\nswitchover, source and two replicas behind MySQL Router\n'
  row 'no node took writes' "$work/switchover-without.ms"
  row 'longest gap in writes, all clients' "$work/switchover-all.ms"
  row 'longest gap, one connection' "$work/switchover-one.ms"
  awk '{ a += $1 } END { printf "acknowledged writes: %d", a }' "$work/switchover-acknowledged"
  awk '{ l += $1 } END { printf ", lost: %d\n", l }' "$work/switchover-lost"
fi
if ((innodb > 0)); then
  printf '\nInnoDB Cluster, single-primary, behind MySQL Router: longest gap of one connection\n'
  for role in primary secondary; do
    for mode in "${modes[@]}"; do
      row "$role, $mode: writes at 6446" "$work/$role-$mode-writes.ms"
      row "$role, $mode: reads at 6447" "$work/$role-$mode-reads.ms"
    done
  done
  row 'switchover: writes at 6446' "$work/innodb-switchover.ms"
  awk '{ a += $1 } END { printf "acknowledged writes: %d", a }' "$work/innodb-acknowledged"
  awk '{ l += $1 } END { printf ", lost: %d\n", l }' "$work/innodb-lost"
fi
