"""Runs ours and the peer on the same files, one after the other, and prints the tables of RESULTS.md.

compare.py OURS PYTHON FOLDER [--large]   OURS is the built example bench_tally, PYTHON one with pabutools.
"""
import gzip, json, os, subprocess, sys, tempfile

ours, python, folder = sys.argv[1:4]
large = "--large" in sys.argv
oracle = json.load(open(f"{folder}/oracle.json"))["elections"]
here = os.path.dirname(os.path.abspath(__file__))
BASES = {
    "approval": ["greedy-votes", "greedy-cardinality", "mes-cost", "mes-cardinality", "phragmen"],
    "cumulative": ["greedy-votes", "greedy-cardinality", "greedy-points", "mes-cost", "mes-points"],
    "ordinal": ["greedy-votes", "greedy-cardinality", "greedy-borda", "mes-cost", "mes-borda"],
}


def run(*command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def ms(side, rule):
    return f"{side['rules'][rule]['cpu_s'] * 1000:.2f}" if rule in side["rules"] else "–"


def row(name, election, mine, theirs, rules):
    """One line of the table, and how many times faster the slowest rule is together with reading, which belongs to it."""
    pair = lambda rule: f"{ms(mine, rule)} / {ms(theirs, rule)}"
    times = lambda extra: min(
        (theirs["rules"][r]["cpu_s"] + extra(theirs)) / (mine["rules"][r]["cpu_s"] + extra(mine)) for r in rules
    )
    alone, both = times(lambda side: 0), times(lambda side: side["parse"]["cpu_s"])
    print(
        f"| {name} | {election['ballots']:,} × {election['projects']} | {mine['distinct']:,} "
        f"| {mine['parse']['cpu_s'] * 1000:.2f} / {theirs['parse']['cpu_s'] * 1000:.1f} | {pair('greedy-votes')} "
        f"| {pair('mes-cost')} | {pair('phragmen')} | {alone:.0f} | {both:.0f} "
        f"| {mine['most_kib'] * 1024 / mine['bytes']:.1f} / {theirs['most_kib'] * 1024 / mine['bytes']:.1f} |",
        flush=True,
    )
    return alone, both


chosen = [one for one in oracle if 1000 < one.get("ballots", 0) <= (10**9 if large else 40_000)]
chosen.sort(key=lambda one: one["ballots"])
# Every fifth first, so that a run that is cut short has seen small and large ones.
chosen = [one for start in range(5) for one in chosen[start::5]]
print("CPU milliseconds, ours / pabutools; times faster: the least over all rules of the election.\n")
print("| election | voters × projects | distinct | read | greedy-votes | mes-cost | phragmen | rule alone, × | read and rule, × | memory / file |")
print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
least, differ = [], 0
with tempfile.TemporaryDirectory() as scratch:
    for election in chosen:
        name = election["file"].removesuffix(".pb")
        path = f"{scratch}/{name}.pb"
        with open(path, "wb") as plain:
            plain.write(gzip.open(f"{folder}/{name}.pb.gz").read())
        rules = BASES[election["meta"]["vote_type"]]
        mine, theirs = run(ours, path, *rules), run(python, f"{here}/peer.py", path, *rules)
        for rule in rules:
            a, b = mine["rules"][rule]["winners"], theirs["rules"][rule]["winners"]
            # The peer gives Phragmén's winners sorted.
            if (sorted(a) if rule == "phragmen" else a) != b:
                differ += 1
                print(f"DIFFERENT: {name} {rule}", flush=True)
        least.append(row(name, election, mine, theirs, rules))
alone, both = (min(times) for times in zip(*least))
print(f"\n{len(least)} elections; {differ} outcomes differ; least: rule alone {alone:.0f} ×, read and rule {both:.0f} ×.")
