"""The peer's side of bench/rules: makes the population, and computes eleven variables with OpenFisca.

peer.py make SIZE FILE.csv     persons as CSV, the same every time
peer.py run FILE.npz           CPU seconds of building and computing, sums of the variables, peak memory
peer.py api REQUESTS           CPU and wall time of the Web API for one household of three, eight results
"""
import http.client
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

PERIOD, YEAR = "2016-06", "2016"
PERSON = ["age", "basic_income", "income_tax", "social_security_contribution", "pension"]
HOUSEHOLD = ["household_income", "parenting_allowance", "housing_allowance", "total_benefits", "disposable_income"]


def make(size, path):
    """Households of one to five; the shares are our own round figures."""
    rng = np.random.default_rng(20160601)
    sizes = rng.choice([1, 2, 3, 4, 5], size=size, p=[0.35, 0.29, 0.19, 0.13, 0.04])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), size)) + 1]
    sizes[-1] -= int(sizes.sum()) - size
    homes = len(sizes)
    owner = np.repeat(np.arange(homes), sizes)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    place = np.arange(size) - first[owner]
    role = np.where(place == 0, 0, np.where(place == 1, 1, 2))
    age_days = np.where(place < 2, rng.integers(20 * 365, 90 * 365, size), rng.integers(0, 20 * 365, size))
    birth = np.datetime64("2016-05-31") - age_days
    salary = np.where((place < 2) & (rng.random(size) < 0.6), rng.integers(200, 20000, size), 0)
    capital = np.where(rng.random(size) < 0.1, rng.integers(0, 3000, size), 0)
    rent = rng.integers(0, 2000, homes)
    area = rng.integers(10, 200, homes)
    status = rng.choice(4, size=homes, p=[0.55, 0.38, 0.06, 0.01])
    np.savez(path.replace(".csv", ".npz"), owner=owner, role=role, birth=birth, salary=salary, capital=capital, rent=rent, area=area, status=status)
    roles, states = ["head", "adult", "child"], ["owner", "tenant", "free_lodger", "homeless"]
    births = np.datetime_as_string(birth, unit="D")
    with open(path, "w", encoding="utf-8") as out:
        out.write("household_id,person_id,dong_code,role,birth_date,salary,capital_returns,rent,accommodation_size,housing_occupancy_status\n")
        for i in range(size):
            h = owner[i]
            out.write(f"H{h},P{i},2914057500,{roles[role[i]]},{births[i]},{salary[i]},{capital[i]},{rent[h]},{area[h]},{states[status[h]]}\n")


def run(path):
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_country_template import CountryTaxBenefitSystem

    system = CountryTaxBenefitSystem()
    data = dict(np.load(path))
    size, homes = len(data["owner"]), len(data["rent"])
    begun = time.process_time()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(size))
    household = builder.declare_entity("household", np.arange(homes))
    roles = np.array(["adult", "adult", "child"])[data["role"]]
    builder.join_with_persons(household, data["owner"], roles=roles)
    simulation = builder.build(system)
    occupancy = system.get_variable("housing_occupancy_status").possible_values
    simulation.set_input("birth", "ETERNITY", data["birth"])
    simulation.set_input("salary", PERIOD, data["salary"].astype(np.float32))
    simulation.set_input("capital_returns", PERIOD, data["capital"].astype(np.float32))
    simulation.set_input("rent", PERIOD, data["rent"].astype(np.float32))
    for month in (PERIOD, "2016-01"):
        simulation.set_input("accommodation_size", month, data["area"].astype(np.float32))
        names = np.array(["owner", "tenant", "free_lodger", "homeless"])[data["status"]]
        simulation.set_input("housing_occupancy_status", month, occupancy.encode(names))
    built = time.process_time()
    results = {name: simulation.calculate(name, PERIOD) for name in PERSON + HOUSEHOLD}
    results["housing_tax"] = simulation.calculate("housing_tax", YEAR)
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({
        "persons": size, "build": built - begun, "compute": done - built, "peak_mb": peak,
        "sums": {name: float(np.sum(values, dtype=np.float64)) for name, values in results.items()},
    }))


def body():
    people = {"a": {"birth": {"ETERNITY": "1980-03-02"}, "salary": {PERIOD: 2000}}, "b": {"birth": {"ETERNITY": "1981-01-01"}, "salary": {PERIOD: 0}}, "c": {"birth": {"ETERNITY": "2013-01-01"}}}
    for one in people.values():
        for name in ("age", "basic_income", "income_tax"):
            one[name] = {PERIOD: None}
    home = {"adults": ["a", "b"], "children": ["c"], "rent": {PERIOD: 500}, "accommodation_size": {"2016-01": 60}, "housing_occupancy_status": {"2016-01": "tenant"}}
    for name in ("household_income", "parenting_allowance", "housing_allowance", "total_benefits", "disposable_income"):
        home[name] = {PERIOD: None}
    return json.dumps({"persons": people, "households": {"_": home}})


def cpu_of(pid):
    """CPU seconds of a process and of those it started."""
    seconds = 0.0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(entry) == pid or int(fields[1]) == pid:
                seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def api(requests):
    port = 5917
    command = [os.path.join(os.path.dirname(sys.executable), "openfisca"), "serve", "--country-package", "openfisca_country_template", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        text, walls = body(), []

        def ask():
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            link.request("POST", "/trace", text, {"Content-Type": "application/json"})
            answer = link.getresponse()
            answer.read()
            link.close()
            return answer.status

        for _ in range(120):
            try:
                assert ask() == 200
                break
            except OSError:
                time.sleep(0.5)
        before = cpu_of(server.pid)
        for _ in range(requests):
            begun = time.perf_counter()
            assert ask() == 200
            walls.append(time.perf_counter() - begun)
        spent = cpu_of(server.pid) - before
        walls.sort()
        print(json.dumps({"requests": requests, "per_cpu_s": requests / spent, "p50_ms": walls[requests // 2] * 1e3, "p99_ms": walls[requests * 99 // 100] * 1e3}))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", size, path]:
            make(int(size), path)
        case ["run", path]:
            run(path)
        case ["api", requests]:
            api(int(requests))
        case _:
            sys.exit(__doc__)
