#!/bin/sh
# Intake and reading at growing sizes; see README.md.
# run.sh [SIZE…]   DATABASE=postgres://… for PostgreSQL; FOLDER=… to keep what was filled.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 10000 100000 1000000
port=${PORT:-8932}
seconds=${SECONDS_EACH:-5}
writes=${WRITES:-200}
clients=${CLIENTS:-16}
office=29140
folder=${FOLDER:-$(mktemp -d)}
server=
stop() {
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  server=
}
end() {
  stop || true
  [ -n "${FOLDER:-}" ] || rm -rf "$folder"
}
trap end EXIT INT TERM
[ -n "${BUILT:-}" ] || bench/build.sh
maeul=target/release/maeul
tools=target/release/examples
database=${DATABASE:-sqlite:$folder/demo.db}
start() {
  began=$(date +%s%N)
  "$maeul" demo --dir "$folder" --listen "127.0.0.1:$port" ${DATABASE:+--database "$DATABASE"} >>"$folder/log" 2>&1 &
  server=$!
  until curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; do sleep 0.02; done
  echo "ready after $((($(date +%s%N) - began) / 1000000)) ms"
}
uname -mnr
date -u
uptime
start
stop
for size in "$@"; do
  echo "== $size cases in $office"
  "$tools/bench_fill" "$database" "$office" "$size" 2>/dev/null
  start
  grep VmRSS "/proc/$server/status"
  [ -n "${key:-}" ] || key=$("$maeul" api-client add "부하 시험 $(date +%s)" --office "$office" --per-minute 1000000 --dir "$folder" --json | sed 's/.*"key":"\([^"]*\)".*/\1/')
  # A one-time code serves once.
  [ -n "${cookie:-}" ] || {
    cookie=$(node bench/speed/sign-in.mjs "http://127.0.0.1:$port" "$folder" coordinator)
    officer=$(node bench/speed/sign-in.mjs "http://127.0.0.1:$port" "$folder" officer)
  }
  for many in 1 16 64; do
    "$tools/bench_open311" "127.0.0.1:$port" "$key" post "$many" "$seconds"
    # Each row begins without what the one before left to be done.
    "$tools/bench_idle" "$database" 300
  done
  case=$(curl -s -b "$officer" "http://127.0.0.1:$port/staff/queue/unit" | grep -o '/staff/case/[0-9a-f-]*' | head -1)
  echo "-- the coordinator's pages"
  "$tools/bench_read" "127.0.0.1:$port" "$key" "$cookie" "$clients" "$seconds" "$writes" \
    unit=/staff/queue/unit unassigned=/staff/queue/unassigned overdue=/staff/queue/overdue \
    search_common=/staff/search?q=%EA%B0%80%EB%A1%9C%EB%93%B1 search_phrase='/staff/search?q=%EA%B0%80%EB%A1%9C%EB%93%B1%20%EA%BA%BC%EC%A1%8C' \
    search_two=/staff/search?q=%EC%88%98%EB%8F%84 search_none=/staff/search?q=%EB%8B%A4%EB%9E%8C%EC%A5%90 \
    stats=/staff/stats groups=/staff/groups texts=/staff/texts publication=/staff/publication
  echo "-- an officer's pages"
  "$tools/bench_read" "127.0.0.1:$port" "$key" "$officer" "$clients" "$seconds" "$writes" \
    mine=/staff/queue/mine unit=/staff/queue/unit case="$case" search_common=/staff/search?q=%EA%B0%80%EB%A1%9C%EB%93%B1 stats=/staff/stats
  echo "-- public pages"
  "$tools/bench_read" "127.0.0.1:$port" "$key" "none=1" "$clients" "$seconds" "$writes" \
    home=/ report=/report cases=/cases cases_dong=/cases?dong=2914083000 cases_words=/cases?q=%EA%B0%80%EB%A1%9C%EB%93%B1 \
    figures=/figures map=/map dong=/dong/2914083000 feed=/open-data/cases.atom requests='/open311/v2/requests.json?page_size=50'
  grep VmRSS "/proc/$server/status"
  stop
done
uptime
