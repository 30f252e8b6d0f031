#!/bin/sh
# Request Tracker, Redmine and Maeul receive one after another in one run; see README.md. As root: it installs, and runs servers as others.
# MAEUL=… TOOLS=… for programs built elsewhere; WORKERS="2 4 8" THREADS=5 SECONDS_EACH=10 PORT=8941 change what their names say.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD/bench/peers
port=${PORT:-8941}
pgport=$((port + 1))
seconds=${SECONDS_EACH:-10}
warm=${WARM_UP:-5}
workers=${WORKERS:-2 4 8}
connections=${CONNECTIONS:-1 16 64}
threads=${THREADS:-5}
programs=${PROGRAMS:-maeul rt redmine}
maeul=${MAEUL:-target/release/maeul}
tools=${TOOLS:-target/release/examples}
"$here/install.sh"
[ -n "${BUILT:-}${MAEUL:-}" ] || bench/build.sh
pgbin=${PGBIN:-$(pg_config --bindir)}
BUNDLER_VERSION=$(dpkg -L ruby-bundler | sed -n 's|.*/specifications/bundler-\(.*\)\.gemspec$|\1|p')
rtserver=$(dpkg -L request-tracker5 | grep "/rt-server$")
instance=/var/lib/redmine/bench-peers
folder=$(mktemp -d)
chmod 755 "$folder"
results=$folder/results
server=
postgres=

# Replaces the shell that calls it, so that $! is the program itself.
as() {
  user=$1
  shift
  exec setpriv --reuid "$user" --regid "$user" --init-groups env HOME="$folder" "$@"
}
# A process and all that came of it.
tree() {
  echo "$1"
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do tree "$child"; done
}
# Ends one process with a signal and waits for what came of it, at most twenty seconds.
finish() {
  all=$(tree "$1")
  kill "-$2" "$1" 2>/dev/null || true
  for _ in $(seq 100); do
    left=
    for one in $all; do if kill -0 "$one" 2>/dev/null; then left="$left $one"; fi; done
    [ -n "$left" ] || break
    sleep 0.2
  done
  # shellcheck disable=SC2086
  [ -z "$left" ] || kill -KILL $left 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
stop() {
  if [ -n "$server" ]; then finish "$server" TERM; fi
  server=
}
end() {
  trap - EXIT INT TERM
  stop
  if [ -n "$postgres" ]; then finish "$postgres" INT; fi
  if [ -L "$instance" ]; then rm -f "$instance"; fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM
broken() {
  echo "$1" >&2
  tail -n 20 "$folder"/*.log >&2 || true
  exit 1
}
answers() {
  for _ in $(seq 600); do
    if curl -s -o "$folder/answer" "http://127.0.0.1:$port$1"; then return; fi
    kill -0 "$server" 2>/dev/null || broken "the server ended"
    sleep 0.2
  done
  broken "the server does not answer"
}
sql() { "$pgbin/psql" -qtAX -h 127.0.0.1 -p "$pgport" -U postgres -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
# Megabytes held by a process and all that came of it, shared pages counted once.
megabytes() {
  for one in $(tree "$1"); do cat "/proc/$one/smaps_rollup" 2>/dev/null || true; done | awk '/^Pss:/ { sum += $2 } END { printf "%.0f", sum / 1024 }'
}
# row PROGRAM WORKERS CONNECTIONS ROWS-BEFORE ROWS-AFTER "calls<tab>calls/s<tab>median<tab>p99"
row() {
  calls=$(echo "$6" | cut -f1)
  [ "$(($5 - $4))" -eq "$calls" ] || broken "$1: $calls acknowledged, but $(($5 - $4)) more rows"
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$6" | tee -a "$results"
}

# "… 120 calls, 12/s, median 1.5ms, p95 …, p99 2.5ms, …" as the fields of a row.
fields() {
  awk '{
    for (i = 1; i < NF; i++) {
      word = $(i + 1); sub(/,$/, "", word)
      if (word == "calls") calls = $i
      if (word ~ /\/s$/) { rate = word; sub(/\/s/, "", rate) }
      if ($i == "median") median = milliseconds(word)
      if ($i == "p99") tail = milliseconds(word)
    }
    printf "%s\t%s\t%.1f\t%.1f\n", calls, rate, median, tail
  }
  function milliseconds(word) { return word ~ /ms$/ ? word + 0 : word ~ /s$/ && word !~ /[^0-9.]s$/ ? word * 1000 : word / 1000 }'
}
cases_sqlite() {
  python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM cases_case").fetchone()[0])' "$folder/sqlite/demo.db"
}
cases_postgres() { sql maeul "SELECT count(*) FROM $schema.cases_case"; }
# serve_maeul HOME [--database URL]
serve_maeul() {
  home=$1
  shift
  "$maeul" demo --dir "$home" --listen "127.0.0.1:$port" "$@" >"$folder/maeul.log" 2>&1 &
  server=$!
  answers /readyz
}
# receives NAME COUNT [--database URL]
receives() {
  name=$1 count=$2 home=$folder/${2#cases_}
  shift 2
  # Once to fill the demonstration, then again: what the filling took is not what an idle server holds.
  serve_maeul "$home" "$@"
  stop
  serve_maeul "$home" "$@"
  schema=$(sql maeul "SELECT table_schema FROM information_schema.tables WHERE table_name = 'cases_case'")
  key=$("$maeul" api-client add "부하 시험" --office 29140 --per-minute 1000000 --dir "$home" --json | sed 's/.*"key":"\([^"]*\)".*/\1/')
  idle=$(megabytes "$server")
  "$tools/bench_open311" "127.0.0.1:$port" "$key" post 16 "$warm" >/dev/null
  for many in $connections; do
    before=$($count)
    said=$("$tools/bench_open311" "127.0.0.1:$port" "$key" post "$many" "$seconds")
    row "$name" 1 "$many" "$before" "$($count)" "$(echo "$said" | fields)"
  done
  echo "# $name: $idle MB idle, $(megabytes "$server") MB after"
  stop
}
# is_loaded PROGRAM rt|redmine WORKERS KEY DATABASE TABLE
is_loaded() {
  idle=$(megabytes "$server")
  python3 "$here/load.py" "$2" "$port" "$4" 16 "$warm" >/dev/null || broken "$1 does not receive"
  for many in $connections; do
    before=$(sql "$5" "SELECT count(*) FROM $6")
    said=$(python3 "$here/load.py" "$2" "$port" "$4" "$many" "$seconds") || broken "$1 refused"
    row "$1" "$3" "$many" "$before" "$(sql "$5" "SELECT count(*) FROM $6")" "$said"
  done
  echo "# $1, $3 workers: $idle MB idle, $(megabytes "$server") MB after"
}

echo "== $(uname -mnr), $(nproc) cores, $(date -u)"
dpkg-query -W -f '${Package} ${Version}\n' request-tracker5 starman redmine puma ruby3.1 perl 2>/dev/null || true

mkdir "$folder/data"
chown postgres "$folder/data"
(as postgres "$pgbin/initdb" -D "$folder/data" -A trust -E UTF8 --locale C.UTF-8 >"$folder/initdb.log" 2>&1) || broken "initdb failed"
as postgres "$pgbin/postgres" -D "$folder/data" -p "$pgport" -c listen_addresses=127.0.0.1 -c unix_socket_directories= >"$folder/postgres.log" 2>&1 &
postgres=$!
for _ in $(seq 100); do
  "$pgbin/pg_isready" -q -h 127.0.0.1 -p "$pgport" -U postgres && break
  sleep 0.2
done
sql postgres "SELECT version()" || broken "PostgreSQL does not answer"
sql postgres "SELECT name || ' ' || setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')"

maeul_part() {
  sql postgres "CREATE DATABASE maeul"
  receives "Maeul, SQLite" cases_sqlite
  receives "Maeul, PostgreSQL" cases_postgres --database "postgres://postgres@127.0.0.1:$pgport/maeul"
}
rt() { as www-data RT_SITE_CONFIG="$here/rt.pm" RT_SITE_CONFIG_DIR="$folder/rt.d" BENCH_PORT="$port" BENCH_PGPORT="$pgport" "$@"; }
serve_rt() {
  for many_workers in $workers; do
    # Behind a proxy, as such a server stands, a worker is not held by one connection.
    rt "$rtserver" --server Starman --env deployment --host 127.0.0.1 --port "$port" --workers "$many_workers" --max-requests 1000000 \
      --disable-keepalive 1 >"$folder/rt.log" 2>&1 &
    server=$!
    answers /
    is_loaded "$1" rt "$many_workers" "$key" rt tickets
    stop
  done
}
rt_part() {
  mkdir "$folder/rt.d"
  (rt rt-setup-database-5 --action init --dba postgres --dba-password none >"$folder/rt-setup.log" 2>&1) || broken "Request Tracker's database could not be made"
  key=$(rt perl "$here/rt-token.pl" 2>"$folder/rt-token.log") || broken "no token"
  serve_rt "Request Tracker"
  sql rt "UPDATE scrips SET disabled = 1"
  serve_rt "Request Tracker without scrips"
}
redmine() {
  cd /usr/share/redmine
  as www-data BUNDLER_VERSION="$BUNDLER_VERSION" REDMINE_INSTANCE="${instance##*/}" RAILS_ENV=production SCHEMA=/dev/null REDMINE_LANG=en \
    BENCH_PORT="$port" BENCH_THREADS="$threads" "$@"
}
redmine_part() {
  for part in config log files tmp public/plugin_assets; do mkdir -p "$folder/redmine/$part"; done
  sed "s/PORT/$pgport/; s/THREADS/$threads/" "$here/redmine.yml" >"$folder/redmine/config/database.yml"
  od -An -tx1 -N16 /dev/urandom | tr -d ' \n' >"$folder/redmine/config/secret_key.txt"
  chown -R www-data "$folder/redmine"
  [ ! -e "$instance" ] || broken "$instance is there already"
  ln -s "$folder/redmine" "$instance"
  sql postgres "CREATE DATABASE redmine"
  for chore in db:migrate redmine:load_default_data; do
    (redmine bundle exec rake "$chore" >>"$folder/redmine-setup.log" 2>&1) || broken "Redmine's database could not be made"
  done
  key=$(redmine bundle exec rails runner "$here/redmine.rb" 2>"$folder/redmine-key.log" | tail -1) || broken "no key"
  for many_workers in $workers; do
    redmine BENCH_WORKERS="$many_workers" puma -C "$here/puma.rb" >"$folder/redmine.log" 2>&1 &
    server=$!
    answers /
    is_loaded Redmine redmine "$many_workers" "$key" redmine issues
    stop
  done
}
for program in $programs; do
  echo "== $program"
  uptime
  "${program}_part"
done

uptime
echo "== the best of all numbers of workers"
awk -F '\t' -f "$here/table.awk" "$results"
