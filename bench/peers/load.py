"""Posts one creation after another on each of so many connections and prints what was acknowledged.

load.py rt|redmine PORT KEY CONNECTIONS SECONDS -> calls, calls/s, median ms, p99 ms, separated by tabs
Anything but 201 stops the measurement. What is under way at the end is waited for and counted, and so is its time.
"""

import http.client
import json
import sys
import threading
import time

TEXT = "가로등이 꺼졌어요 {} {}"
what, port, key, connections, seconds = sys.argv[1], *sys.argv[2:]
connections, seconds = int(connections), float(seconds)


def rt(number, turn):
    text = TEXT.format(number, turn)
    body = {"Queue": "General", "Subject": text, "Content": text, "ContentType": "text/plain"}
    return "/REST/2.0/ticket", {"authorization": "token " + key}, body


def redmine(number, turn):
    text = TEXT.format(number, turn)
    body = {"issue": {"project_id": 1, "tracker_id": 1, "subject": text, "description": text}}
    return "/issues.json", {"x-redmine-api-key": key}, body


request = {"rt": rt, "redmine": redmine}[what]
times, wrong = [], []


def client(number):
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=300)
    turn = 0
    while time.monotonic() < until and not wrong:
        turn += 1
        path, headers, body = request(number, turn)
        headers["content-type"] = "application/json"
        began = time.monotonic()
        try:
            line.request("POST", path, json.dumps(body).encode(), headers)
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))
            return
        if answer.status != 201:
            wrong.append(f"{answer.status} {said[:400]!r}")
            return
        times.append(time.monotonic() - began)


began = time.monotonic()
until = began + seconds
clients = [threading.Thread(target=client, args=(number,)) for number in range(connections)]
for one in clients:
    one.start()
for one in clients:
    one.join()
passed = time.monotonic() - began
if wrong:
    sys.exit(f"{what}: {len(wrong)} of {len(times) + len(wrong)} calls failed, the first with {wrong[0]}")
times.sort()


def at(percent):
    return 1000 * times[min(len(times) * percent // 100, len(times) - 1)]


print(len(times), f"{len(times) / passed:.1f}", f"{at(50):.1f}", f"{at(99):.1f}", sep="\t")
