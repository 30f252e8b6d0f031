#!/bin/sh
# Routing against scikit-learn on the same split in the same run. See README.md.
# Usage: bench/routing/run.sh LABELLED.jsonl[.gz] [FOLDS]
set -eu
cd "$(dirname "$0")/../.."
data=${1:?"name a file of labelled texts (JSON lines with text and label or category)"}
folds=${2:-0}
target=${CARGO_TARGET_DIR:-target}
cargo build --release --quiet -p maeul-language --example bench_routing
venv=$target/bench-routing-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c "import sklearn" 2>/dev/null || "$venv/bin/pip" install --quiet scikit-learn
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
  "$venv/bin/python" bench/routing/peer.py "$data" "$target/release/examples/bench_routing" "$folds"
