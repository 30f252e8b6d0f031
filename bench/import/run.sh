#!/bin/sh
# Imports real rows of two cities and says how many a second; see README.md.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 FOLDER [postgres://…]" >&2; exit 2; }
data=$(realpath "$1")
cd "$(dirname "$0")/../.."
port=${PORT:-8932}
rows=${ROWS:-1000000}
folder=$(mktemp -d)
server=
stop() { [ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"; }
trap stop EXIT INT TERM
[ -n "${BUILT:-}" ] || bench/build.sh
maeul=target/release/maeul
database=
[ $# -gt 1 ] && database="--database $2"
# An office to import into; it is stopped before the rows come.
# shellcheck disable=SC2086
"$maeul" demo --dir "$folder" --listen "127.0.0.1:$port" $database >"$folder/log" 2>&1 &
server=$!
until curl -sf "http://127.0.0.1:$port/healthz" >/dev/null; do sleep 0.2; done
kill "$server"; wait "$server" || true; server=
uname -mnr; date -u; uptime
for city in boston nyc; do
  zcat "$data/${city}311"_*.csv.gz | head -n $((rows + 1)) >"$folder/$city.csv"
  for round in first again; do
    began=$(date +%s.%N)
    said=$("$maeul" import cases "$folder/$city.csv" --mapping "bench/import/$city.toml" --office 29140 --dir "$folder" --lang en) || [ $? -eq 3 ]
    ended=$(date +%s.%N)
    echo "$said" | tail -2 | awk -v city="$city" -v round="$round" -v seconds="$(echo "$ended $began" | awk '{ print $1 - $2 }')" '
      / rows: / { rows = $1 } { last = $0 }
      END { printf "%s %s: %d rows in %.1f s, %d rows/s (%s)\n", city, round, rows, seconds, rows / seconds, last }'
  done
done
