"""The peer's side: pabutools 1.2.3 with exact fractions (gmpy2) on one file; prints one JSON object.

peer.py FILE.pb RULE...   (our rule names)
"""
import json, resource, sys, time

import pabutools.fractions as fractions

fractions.FRACTION = "gmpy2"
from pabutools.election import (
    Additive_Borda_Sat, Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat, parse_pabulib,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

SAT = {
    "votes": Cost_Sat, "cost": Cost_Sat, "cardinality": Cardinality_Sat,
    "points": Additive_Cardinal_Sat, "borda": Additive_Borda_Sat,
}


def count(rule, instance, profile):
    if rule == "phragmen":
        return sequential_phragmen(instance, profile)
    base, _, completion = rule.partition("+")
    kind, _, worth = base.partition("-")
    if kind == "greedy":
        return greedy_utilitarian_welfare(instance, profile, sat_class=SAT[worth])
    more = {"voter_budget_increment": 1} if completion == "add1-exhaustive" else {}
    return method_of_equal_shares(instance, profile, sat_class=SAT[worth], **more)


def timed(run):
    wall, cpu = time.perf_counter(), time.process_time()
    done = run()
    return done, {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


(instance, profile), parse = timed(lambda: parse_pabulib(sys.argv[1]))
rules = {}
for rule in sys.argv[2:]:
    outcome, spent = timed(lambda: count(rule, instance, profile))
    rules[rule] = spent | {"winners": [project.name for project in outcome]}
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"parse": parse, "rules": rules, "most_kib": most}))
