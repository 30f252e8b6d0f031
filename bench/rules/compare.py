"""Medians of the runs that bench/rules/run.sh made, and whether both sides gave the same answers."""
import json
import statistics
import sys


def median(rows, of):
    return statistics.median(of(row) for row in rows)


def lines():
    return [json.loads(line) for line in sys.stdin if line.strip()]


def formulas(path):
    rows = [line.split(" ", 1) for line in open(path, encoding="utf-8")]
    ours = [json.loads(text) for who, text in rows if who == "ours"]
    peer = [json.loads(text) for who, text in rows if who == "peer"]
    size = ours[0]["persons"]
    for name, value in peer[0]["sums"].items():
        # Theirs are 32-bit floats; ours rounds a month's share of the yearly tax to the unit.
        assert abs(ours[0]["sums"][name] - value) <= 1e-4 * abs(value) + 1, (name, ours[0]["sums"][name], value)
    rates = {}
    for who, runs in (("Maeul", ours), ("OpenFisca", peer)):
        compute, whole = median(runs, lambda row: row["compute"]), median(runs, lambda row: row["build"] + row["compute"])
        rates[who] = (size * 11 / compute / 1e6, size * 11 / whole / 1e6)
        print(f"{size:>9} persons {who:<9} compute {compute * 1e3:8.1f} ms {rates[who][0]:7.1f} M/CPU-s   with building {whole * 1e3:8.1f} ms {rates[who][1]:7.1f} M/CPU-s   peak {max(row['peak_mb'] for row in runs)} MB")
    print(f"{size:>9} persons ratio     compute {rates['Maeul'][0] / rates['OpenFisca'][0]:.1f} x (goal 5), with building {rates['Maeul'][1] / rates['OpenFisca'][1]:.1f} x (goal 10), the same sums")


def screen():
    rows = lines()
    one = rows[0]
    print(f"{one['persons']:>9} residents x {one['programmes']} programmes: {median(rows, lambda row: row['total_cpu']):.2f} CPU-s with load {median(rows, lambda row: row['load_cpu']):.2f}, {one['eligible']} eligible and {one['unknown']} unknown written, peak {max(row['peak_mb'] for row in rows)} MB")


def one():
    rows = lines()
    print(f"all {rows[0]['programmes']} programmes: {median(rows, lambda row: row['households_per_s']):.0f} households/s = {median(rows, lambda row: row['answers_per_s']):.0f} answers/s; one programme: {median(rows, lambda row: row['one_programme_per_s']):.0f} answers/s, per core")


match sys.argv[1:]:
    case ["--screen"]:
        screen()
    case ["--one"]:
        one()
    case [path]:
        formulas(path)
