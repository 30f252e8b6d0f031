#!/usr/bin/env python3
"""Derives an office's boundaries, population and legal-dong files from the public source files.

Usage (Python 3.11 or later, standard library only; a source ending in .gz is unpacked on the fly):

    derive.py boundaries  SOURCE.geojson OFFICE OUT.geojson --valid-from 2021-04-01
    derive.py population  SOURCE.csv     OFFICE OUT.csv     --on 2024-06-30 --boundaries OUT.geojson
    derive.py legal-dongs SOURCE.csv     OFFICE OUT.csv     --boundaries OUT.geojson

OFFICE is the five-digit code of the 시·군·구 in the source. Everything that does not join is printed;
sums are checked before a file is written. The sources and their licences are in data/README.md.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from pathlib import Path

# Revised Romanization of the name of each 행정동 without its number and the ending 동.
ROMAN = {
    "양": "Yang", "농성": "Nongseong", "광천": "Gwangcheon", "유덕": "Yudeok", "치평": "Chipyeong",
    "상무": "Sangmu", "화정": "Hwajeong", "서창": "Seochang", "금호": "Geumho", "풍암": "Pungam",
    "동천": "Dongcheon",
    "의정부": "Uijeongbu", "호원": "Howon", "장암": "Jangam", "신곡": "Singok", "송산": "Songsan",
    "자금": "Jageum", "가능": "Ganeung", "흥선": "Heungseon", "녹양": "Nogyang",
    "녹번": "Nokbeon", "불광": "Bulgwang", "갈현": "Galhyeon", "구산": "Gusan", "대조": "Daejo",
    "응암": "Eungam", "역촌": "Yeokchon", "신사": "Sinsa", "증산": "Jeungsan", "수색": "Susaek",
    "진관": "Jingwan",
}
SEX = {"남": "male", "여": "female"}
ATTRIBUTION = "SGIS (통계지리정보서비스); vuski/admdongkor, April 2021"
LICENCE = "free use with attribution to SGIS and admdongkor"


def read_text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    return raw.decode("utf-8-sig")


def english_name(name_ko: str) -> str:
    match = re.fullmatch(r"(\D+?)(\d*)동", name_ko)
    if match is None or match[1] not in ROMAN:
        sys.exit(f"no romanisation for {name_ko}: add it to ROMAN")
    number = f" {match[2]}" if match[2] else ""
    return f"{ROMAN[match[1]]}{number}-dong"


def rounded(ring: list) -> list:
    """Six decimals (about 10 cm); points that fall together become one; the ring stays closed."""
    points = []
    for lon, lat in ring:
        point = [round(lon, 6), round(lat, 6)]
        if not points or points[-1] != point:
            points.append(point)
    if points[0] != points[-1] or len(points) < 4:
        sys.exit("a ring is not closed or has fewer than four points")
    return points


def boundaries(args) -> None:
    features = []
    for feature in json.loads(read_text(args.source))["features"]:
        given = feature["properties"]
        if given["sgg"] != args.office:
            continue
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        parts = [[rounded(ring) for ring in part] for part in parts]
        features.append({
            "type": "Feature",
            "properties": {
                "dong_code": given["adm_cd2"],
                "name_ko": given["emd_nm"],
                "name_en": english_name(given["emd_nm"]),
            },
            "geometry": {"type": "MultiPolygon", "coordinates": parts},
        })
    if not features:
        sys.exit(f"no feature of office {args.office}")
    features.sort(key=lambda feature: feature["properties"]["dong_code"])
    head = {"valid_from": args.valid_from, "source": ATTRIBUTION, "licence": LICENCE}
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    members = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in head.items())
    args.out.write_text(
        '{"type": "FeatureCollection",\n' + members + ',\n"features": [\n' + ",\n".join(lines) + "\n]}\n",
        encoding="utf-8",
    )
    print(f"{args.out.name}: {len(features)} dong")


def known_dongs(path: Path) -> dict:
    features = json.loads(read_text(path))["features"]
    return {f["properties"]["dong_code"]: f["properties"]["name_ko"] for f in features}


def write_csv(path: Path, header: list, rows: list) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def population(args) -> None:
    known = known_dongs(args.boundaries)
    rows, unknown, total = [], {}, 0
    for row in csv.DictReader(io.StringIO(read_text(args.source))):
        if not row["admi_cd"].startswith(args.office):
            continue
        # The source has the first eight digits; the last two are 00 for every 행정동.
        code = row["admi_cd"] + "00"
        residents = int(row["population"])
        total += residents
        if code not in known:
            unknown[code] = unknown.get(code, 0) + residents
            continue
        first, _, last = row["age_group"].partition("-")
        age_from = int(first.rstrip("+"))
        age_to = int(last) if last else ""
        rows.append([code, args.on, SEX[row["gender"]], age_from, age_to, residents])
    rows.sort(key=lambda row: (row[0], row[2], row[3]))
    kept = sum(row[5] for row in rows)
    if kept + sum(unknown.values()) != total:
        sys.exit("the sums do not match")
    write_csv(args.out, ["dong_code", "on", "sex", "age_from", "age_to", "residents"], rows)
    print(f"{args.out.name}: {len(rows)} rows, {kept} of {total} residents")
    for code in sorted(set(known) - {row[0] for row in rows}):
        print(f"  no residents in the source: {code} {known[code]}")
    for code, residents in sorted(unknown.items()):
        print(f"  not in the boundaries, left out: {code} {residents}")


def legal_dongs(args) -> None:
    known = known_dongs(args.boundaries)
    rows, unknown = [], []
    for row in csv.DictReader(io.StringIO(read_text(args.source))):
        code = row["행정동코드"]
        if not code.startswith(args.office) or not row["읍면동명"] or row["말소일자"]:
            continue
        entry = [code, row["법정동코드"], row["동리명"]]
        (rows if code in known else unknown).append(entry)
    rows.sort()
    write_csv(args.out, ["dong_code", "legal_dong_code", "legal_dong_name"], rows)
    print(f"{args.out.name}: {len(rows)} rows")
    for code in sorted(set(known) - {row[0] for row in rows}):
        print(f"  no legal dong in the source: {code} {known[code]}")
    for entry in unknown:
        print(f"  not in the boundaries, left out: {' '.join(entry)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["boundaries", "population", "legal-dongs"])
    parser.add_argument("source", type=Path, help="the source file")
    parser.add_argument("office", help="five digits")
    parser.add_argument("out", type=Path)
    parser.add_argument("--valid-from", help="boundaries: first day the borders are taken to hold")
    parser.add_argument("--on", help="population: the day the count stands for")
    parser.add_argument("--boundaries", type=Path, help="the office's boundaries.geojson")
    args = parser.parse_args()
    {"boundaries": boundaries, "population": population, "legal-dongs": legal_dongs}[args.what](args)


main()
