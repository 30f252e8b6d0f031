#!/bin/sh
# Serves a new demonstration office and loads its Open311 endpoint; see README.md.
set -eu
cd "$(dirname "$0")/../.."
port=${PORT:-8931}
seconds=${SECONDS_EACH:-5}
folder=$(mktemp -d)
server=
stop() { [ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"; }
trap stop EXIT INT TERM
[ -n "${BUILT:-}" ] || bench/build.sh
maeul=target/release/maeul
database=
[ $# -gt 0 ] && database="--database $1"
# shellcheck disable=SC2086
"$maeul" demo --dir "$folder" --listen "127.0.0.1:$port" $database >"$folder/log" 2>&1 &
server=$!
until curl -sf "http://127.0.0.1:$port/healthz" >/dev/null; do sleep 0.2; done
key=$("$maeul" api-client add "부하 시험" --office 29140 --per-minute 1000000 --dir "$folder" --json | sed 's/.*"key":"\([^"]*\)".*/\1/')
uname -mnr; date -u; uptime
for what in post list one; do
  for clients in 1 16 64; do
    target/release/examples/bench_open311 "127.0.0.1:$port" "$key" "$what" "$clients" "$seconds"
  done
done
