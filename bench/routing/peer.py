"""Routing against its peer: TF-IDF of character 1-3-grams and a linear SVM (scikit-learn), both on
the same split in the same run. Prints one JSON object a split.

Usage: peer.py LABELLED.jsonl[.gz] BENCH_ROUTING_BINARY [FOLDS]

The held-out rows are a fifth, chosen by the SHA-256 of their id; FOLDS > 0 adds a cross-validation
over all rows. Times are CPU seconds of the process.
"""

import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    rows = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            label = row.get("label") or row.get("category")
            text = "\n".join(part for part in (row.get("title"), row["text"]) if part)
            rows.append((str(row.get("id", number)), text, label))
    return rows


def peer(taught, asked):
    begun = time.process_time()
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), dtype=np.float32)
    model = LinearSVC(random_state=1).fit(
        vectors.fit_transform([text for _, text, _ in taught]), [label for *_, label in taught]
    )
    trained = time.process_time()
    scores = model.decision_function(vectors.transform([text for _, text, _ in asked]))
    answered = time.process_time()
    truth = np.array([label for *_, label in asked])
    order = model.classes_[np.argsort(-scores, axis=1)]
    return {
        "top1": float((order[:, 0] == truth).mean()),
        "top3": float((order[:, :3] == truth[:, None]).any(axis=1).mean()),
        "macro_f1": float(f1_score(truth, order[:, 0], average="macro")),
        "train_seconds": trained - begun,
        "rank_per_second": len(asked) / (answered - trained),
    }


def ours(binary, taught, asked):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, rows in (("taught", taught), ("asked", asked)):
            path = Path(folder, name + ".jsonl")
            with path.open("w", encoding="utf-8") as out:
                for _, text, label in rows:
                    out.write(json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n")
            paths.append(str(path))
        return json.loads(subprocess.run([binary, *paths], check=True, capture_output=True).stdout)


def main():
    rows = read(sys.argv[1])
    binary, folds = sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0
    held = [int(hashlib.sha256(f"maeul:{row[0]}".encode()).hexdigest()[:8], 16) % 5 == 0 for row in rows]
    splits = [("held-out fifth", [i for i, h in enumerate(held) if not h], [i for i, h in enumerate(held) if h])]
    if folds:
        parts = StratifiedKFold(folds, shuffle=True, random_state=2026)
        labels = [label for *_, label in rows]
        splits += [(f"fold {n}", a, b) for n, (a, b) in enumerate(parts.split(labels, labels), 1)]
    for name, taught, asked in splits:
        taught, asked = [rows[i] for i in taught], [rows[i] for i in asked]
        print(json.dumps({
            "split": name, "taught": len(taught), "asked": len(asked),
            "ours": ours(binary, taught, asked), "peer": peer(taught, asked),
        }), flush=True)


if __name__ == "__main__":
    main()
