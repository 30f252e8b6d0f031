#!/usr/bin/env bash
# Screening and single answers: Maeul against OpenFisca-core with openfisca-country-template, the same eleven formulas over
# the same people, in one run. Needs Rust and Python 3 with venv; installs the peer into the target folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
work=$target/bench-rules
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import openfisca_country_template, flask' 2>/dev/null ||
    "$work/venv/bin/pip" install -q 'openfisca-core[web-api]==46.0.1' 'openfisca-country-template==8.2.0'
cargo build -q --release -p maeul-rules --example bench_screen
ours=$target/release/examples/bench_screen
python=$work/venv/bin/python
rules=bench/rules/country

echo "date $(date +%F), $(nproc) cores, load before $(cut -d' ' -f1 /proc/loadavg)"
for size in 100000 1000000; do
    [ -f "$work/$size.npz" ] || "$python" bench/rules/peer.py make $size "$work/$size.csv"
    [ -f "$work/$size.col" ] || "$ours" convert $rules "$work/$size.csv" "$work/$size.col" >/dev/null
    : >"$work/$size.rows"
    for _ in 1 2 3 4 5; do
        ROUNDS=$((2000000 / size)) "$ours" formulas $rules "$work/$size.col" | sed 's/^/ours /' >>"$work/$size.rows"
        "$python" bench/rules/peer.py run "$work/$size.npz" | sed 's/^/peer /' >>"$work/$size.rows"
    done
    "$python" bench/rules/compare.py "$work/$size.rows"
done
for size in 100000 300000 1000000; do
    [ -f "$work/syn$size.col" ] || "$ours" synth $size "$work/syn$size.col" >/dev/null
    for _ in 1 2 3 4 5; do "$ours" screen "$work/syn$size.col" "$work/lists"; done | "$python" bench/rules/compare.py --screen
    rm -r "$work/lists"
done
echo "single households, everything traced"
for _ in 1 2 3; do "$ours" one "$work/syn300000.col" 2000; done | "$python" bench/rules/compare.py --one
echo "OpenFisca Web API, /trace: $("$python" bench/rules/peer.py api 300)"
echo "load after $(cut -d' ' -f1 /proc/loadavg)"
