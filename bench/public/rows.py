"""Made-up cases of Gwangju Seo-gu in the Open311 bulk form, the same every time: rows.py COUNT > FILE."""

import csv
import datetime
import random
import sys

KINDS = [
    ("streetlight", "가로등이 꺼져 골목이 어둡습니다"),
    ("road-damage", "도로가 파여 차가 덜컹거립니다"),
    ("dumping", "쓰레기가 버려져 있습니다"),
    ("drain", "빗물받이가 막혀 물이 고입니다"),
    ("bus-stop", "정류장 의자가 부서졌습니다"),
]
chance = random.Random(311)
count = int(sys.argv[1])
start = datetime.datetime(2021, 1, 1, 9, 0)
out = csv.writer(sys.stdout)
out.writerow(["service_request_id", "requested_datetime", "closed_datetime", "status", "source", "service_code",
              "description", "address", "lat", "long", "outcome", "answer"])
for number in range(count):
    code, words = chance.choice(KINDS)
    came = start + datetime.timedelta(minutes=chance.randrange(5 * 365 * 24 * 60))
    done = came + datetime.timedelta(hours=chance.randrange(4, 400))
    is_open = chance.random() < 0.33 or done > start + datetime.timedelta(days=5 * 365)
    out.writerow([
        f"P-{number}", came.isoformat() + "+09:00", "" if is_open else done.isoformat() + "+09:00",
        "open" if is_open else "closed", "web", code, f"{words}. {number}번째 이야기입니다.", "상무대로",
        f"{35.10 + chance.random() * 0.07:.6f}", f"{126.83 + chance.random() * 0.07:.6f}",
        "" if is_open else "done", "" if is_open else "현장을 확인하고 고쳤습니다.",
    ])
