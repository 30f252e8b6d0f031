#!/usr/bin/env bash
# Due times for 7-day periods: Maeul against numpy.busday_offset with the same holidays.
# Needs Rust and Python 3 with venv; installs numpy into the target folder. One command: bench/due/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
work=$target/bench-due
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import numpy' 2>/dev/null || "$work/venv/bin/pip" install -q numpy
cargo build -q --release -p maeul-calendar --example bench_due
ours=$target/release/examples/bench_due
"$ours" holidays >"$work/holidays"
# 500,000 receipts spread over 2014-2040 in no order.
awk 'BEGIN { for (i = 0; i < 500000; i++) print 16071 + (i * 7919) % 9800 }' >"$work/receipts"

echo "date $(date +%F), $(nproc) cores, load before $(cut -d' ' -f1 /proc/loadavg)"
: >"$work/rows"
for _ in 1 2 3 4 5 6 7; do
    echo "ours $("$ours" days "$work/receipts")" >>"$work/rows"
    echo "numpy $("$work/venv/bin/python" bench/due/peer.py "$work/holidays" "$work/receipts")" >>"$work/rows"
done
echo "load after $(cut -d' ' -f1 /proc/loadavg)"
"$work/venv/bin/python" - "$work/rows" <<'PY'
import statistics, sys
rows = [line.split() for line in open(sys.argv[1])]
sums = {row[1] for row in rows}
assert len(sums) == 1, f"the answers differ: {sums}"
def median(name, column):
    return statistics.median(float(row[column]) for row in rows if row[0] == name)
ours, explained, numpy = median("ours", 2), median("ours", 3), median("numpy", 2)
print(f"due time            {ours:8.1f} ns each  {1e9 / ours / 1e6:6.1f} million/s")
print(f"numpy.busday_offset {numpy:8.1f} ns each  {1e9 / numpy / 1e6:6.1f} million/s")
print(f"with all its steps  {explained:8.0f} ns each  {1e9 / explained / 1e3:6.1f} thousand/s")
print(f"ratio               {numpy / ours:8.1f} x (goal 5 x), same 500,000 answers")
PY
