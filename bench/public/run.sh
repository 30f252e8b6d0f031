#!/bin/sh
# Serves an office with many cases and measures what everybody sees; see README.md.
set -eu
cd "$(dirname "$0")/../.."
port=${PORT:-8933}
cases=${CASES:-100000}
rounds=${ROUNDS:-300}
folder=$(mktemp -d)
server=
stop() { [ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"; }
trap stop EXIT INT TERM
[ -n "${BUILT:-}" ] || bench/build.sh
built=target/release
maeul=$built/maeul
database=
[ $# -gt 0 ] && database="--database $1"
# shellcheck disable=SC2086
"$maeul" demo --dir "$folder" --listen "127.0.0.1:$port" $database >"$folder/log" 2>&1 &
server=$!
until curl -sf "http://127.0.0.1:$port/healthz" >/dev/null; do sleep 0.2; done
kill "$server"; wait "$server" || true; server=
python3 bench/public/rows.py "$cases" >"$folder/rows.csv"
# Points of the rectangle that lie outside the office are kept without a 동.
printf 'source = "bench"\noutside = "keep"\n' >"$folder/rows.toml"
"$maeul" import cases "$folder/rows.csv" --mapping "$folder/rows.toml" --office 29140 --dir "$folder" --lang en | tail -1
"$maeul" public rebuild --office 29140 --dir "$folder" --lang en
sed -i "1i metrics_listen = \"127.0.0.1:$((port + 1))\"" "$folder/maeul.toml"
"$maeul" serve --config "$folder/maeul.toml" >>"$folder/log" 2>&1 &
server=$!
until curl -sf "http://127.0.0.1:$port/healthz" >/dev/null; do sleep 0.2; done
# What follows from the imported cases is worked off first.
until [ "$(curl -sf "http://127.0.0.1:$((port + 1))/metrics" | awk '/^maeul_jobs\{/ && /ready/ { sum += $2 } END { print sum + 0 }')" -lt 5 ]; do sleep 2; done
uname -mnr; date -u; uptime
"$built/examples/bench_pages" "127.0.0.1:$port" "$rounds" \
  /cases "/cases?state=open&service=streetlight" "/cases?q=%EA%B0%80%EB%A1%9C%EB%93%B1" /map /figures "/figures?service=streetlight" /open-data \
  /open-data/cases.atom /open-data/cases.rss "/open-data/cases.json?from=2025-11-01&to=2025-11-30"
"$built/examples/bench_pages" "127.0.0.1:$port" 3 /open-data/cases.csv /open-data/cases.geojson
