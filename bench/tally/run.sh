#!/bin/sh
# Counting beside pabutools 1.2.3 (PyPI) with exact fractions, on the same files in the same run: CPU milliseconds of
# reading and of each rule, memory, and whether the outcomes are identical.
#
#   bench/tally/run.sh FOLDER [--large]
#
# FOLDER holds oracle.json and the elections as .pb.gz. Without --large the four cities over 40,000 voters are left
# away: the peer needs ten minutes for them. Ours: the example bench_tally; a short run is repeated for a fifth of a
# second. The peer runs once. Needs python3 with venv; the peer is installed below target/.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:?which folder of elections?}
large=${2:-}
target=${CARGO_TARGET_DIR:-target}
venv="$target/bench-pabutools"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import pabutools, gmpy2' 2>/dev/null || "$venv/bin/python" -m pip install --quiet pabutools==1.2.3 gmpy2
cargo build --release --quiet -p maeul-tally --example bench_tally
date -u '+%Y-%m-%d %H:%M UTC'; nproc; cat /proc/loadavg
ours="$target/release/examples/bench_tally"
python3 bench/tally/compare.py "$ours" "$venv/bin/python" "$folder" $large
# What the peer needs minutes or hours for.
for name in poland_warszawa_2020_ursynow poland_lodz_2022_ poland_wieliczka_2023_green-budget; do
    "$ours" "$folder/$name.pb.gz" mes-cost mes-cost+add1 mes-cost+add1-exhaustive mes-cost+1pct |
        python3 -c 'import json,sys; d=json.load(sys.stdin); print(d["file"].split("/")[-1], "read", round(d["parse"]["cpu_s"],3), {k: [round(v["cpu_s"],4), len(v["winners"]), v["raises"]] for k, v in d["rules"].items()}, "s;", round(d["most_kib"]*1024/d["bytes"],1), "x the file")'
done
cat /proc/loadavg
