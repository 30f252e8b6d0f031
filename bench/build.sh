#!/bin/sh
# The programs that are measured and those that measure, built together: with one set of features nothing is compiled twice.
set -eu
cd "$(dirname "$0")/.."
exec cargo build --quiet --release --locked -p maeul -p maeul-db -p maeul-testkit --bin maeul --examples
