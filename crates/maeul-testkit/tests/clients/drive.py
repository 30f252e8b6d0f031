"""Drives programs of others against a running server: georeport, three, and JSON Schemas.

Arguments: the server's address, a key, a second key that is answered with tokens, a picture.
"""

import itertools
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

# `three` 0.8.0 imports a function that Python 3 does not have; this is all it needs.
itertools.ifilter = filter
import jsonschema  # noqa: E402
import three  # noqa: E402
from georeport import GeoReport  # noqa: E402

host, key, token_key, picture = sys.argv[1:5]
base = f"{host}/open311/v2"
schemas = json.loads((Path(__file__).parent / "schemas.json").read_text(encoding="utf-8"))
ran = 0


def fits(name, value):
    global ran
    schema = {"$ref": f"#/definitions/{name}", "definitions": schemas["definitions"]}
    jsonschema.Draft4Validator(schema).validate(value)
    ran += 1
    return value


def check(condition, words):
    global ran
    assert condition, words
    ran += 1


def fetch(path):
    try:
        with urllib.request.urlopen(path) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


# three: discovery, services, a definition, sending with a photo, reading, a token.
client = three.dev(base, api_key=key, discovery=f"{host}/open311/discovery.json")
fits("discovery", client.discovery())
services = fits("services", client.services())
for service in services:
    if service["metadata"]:
        fits("definition", client.services(service["service_code"]))
check(fits("requests", client.requests()) == [], "nothing was sent yet")
sent = client.post(
    "streetlight",
    name="Gildong Hong",
    phone="555-5555",
    lat="35.127",
    long="126.877",
    description="정자 옆 가로등이 꺼져 있어요.\r\n둘째 줄",
    media=open(picture, "rb"),
    **{"attribute[fault]": "out"},
)
number = fits("receipt", sent)[0]["service_request_id"]
one = fits("requests", client.request(number, api_key=key))[0]
# Addresses begin with the office's public one.
media = one["media_url"].replace("http://maeul.test", host)
check(one["description"] == "정자 옆 가로등이 꺼져 있어요.\n둘째 줄", one)
check(media.startswith(host), one)
with urllib.request.urlopen(media) as photo:
    check(photo.headers["content-type"] == "image/jpeg", "a photo at media_url")
public = fits("requests", client.request(number))[0]
check(public["description"] is None and public["media_url"] is None, public)
check(len(fits("requests", client.requests("streetlight", count=1))) == 1, "count is page_size")
day = "06-08-2026", "06-10-2026"
check(len(fits("requests", client.requests(between=day))) == 1, "between two days")
tokens = three.dev(base, api_key=token_key)
token = fits("receipt", tokens.post("streetlight", address="풍암동 정자 옆", description="토큰"))[0]["token"]
check(tokens.token(token)[0]["service_request_id"], "a token is exchanged")
fits("errors", client.post("no-such", lat="35.127", long="126.877", description="x"))
fits("errors", client.post("streetlight", description="nowhere"))

# georeport: everything it can, in both formats.
for form in ("json", "xml"):
    report = GeoReport(base, output_format=form)
    check(len(report.get_service_list()) == len(services), form)
    definition = report.get_service_definition("streetlight")
    check(definition["service_code"] == "streetlight", definition)
    check(report.get_service_requests(service_code="streetlight"), form)
    check(report.get_service_requests(status="open", start_date="2026-06-01T00:00:00Z"), form)
    check(report.get_service_request(number), form)
    if form == "json":
        fits("definition", definition)
        fits("requests", report.get_service_requests())
        check(report.get_service_requests(status="closed") == [], "an empty list")

for path, status in [
    ("requests/none.json", 404),
    ("services/none.json", 404),
    ("requests.json?status=lost", 400),
    ("requests.json?api_key=wrong", 403),
]:
    got, body = fetch(f"{base}/{path}")
    check(got == status, (path, got, body))
    fits("errors", body)

print(f"{ran} checks of georeport {'0.3.1'}, three {'0.8.0'} and the schemas passed")
