"""An independent check of the engine in numpy: EASE from its paper, every offline metric and every measure of the benchmark from
its definition. Reads the folder that engine-check.ts wrote; prints a line a check, and ends with 1 where one fails."""
import json
import math
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
case = json.loads((folder / "case.json").read_text())
failed = False


def check(name, ours, theirs, tolerance):
    global failed
    difference = float(np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))))
    holds = difference <= tolerance
    failed = failed or not holds
    print(f"{name}: largest difference {difference:.2g} (at most {tolerance:g}: {'holds' if holds else 'DOES NOT HOLD'})")


# EASE (Steck 2019): P = (XᵀX + λI)⁻¹, B = −P ÷ diag P off the diagonal, 0 on it.
x = np.zeros((len(case["sets"]), case["items"]))
for user, items in enumerate(case["sets"]):
    x[user, items] = 1
p = np.linalg.inv(x.T @ x + case["lambda"] * np.eye(case["items"]))
b = -p / np.diag(p)
np.fill_diagonal(b, 0)
ours = np.fromfile(folder / "ease.f32", dtype=np.float32).reshape(case["items"], case["items"])
check("EASE, weights", ours, b, 1e-4)
check("EASE, a person's scores", x[:50] @ ours, x[:50] @ b, 1e-3)

# The metrics of GetSolutionMetrics, of lists and of what was chosen.
lists, truths = case["lists"], [set(truth) for truth in case["truths"]]
gains = [[1 if item in truth else 0 for item in items] for items, truth in zip(lists, truths)]


def dcg(row):
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(row, 1))


def ndcg(row):
    ideal = dcg(sorted(row, reverse=True))
    return dcg(row) / ideal if ideal else 0


def reciprocal(row):
    return next((1 / rank for rank, gain in enumerate(row, 1) if gain), 0)


expected = {
    "coverage": len({item for items in lists for item in items}) / case["catalogue"],
    "mean_reciprocal_rank_at_25": np.mean([reciprocal(row[:25]) for row in gains]),
}
for k in (5, 10, 25):
    expected[f"precision_at_{k}"] = np.mean([sum(row[:k]) / k for row in gains])
    expected[f"normalized_discounted_cumulative_gain_at_{k}"] = np.mean([ndcg(row[:k]) for row in gains])
if set(expected) != set(case["metrics"]):
    print(f"metrics: {sorted(set(expected) ^ set(case['metrics']))} are on one side only")
    failed = True
for name, value in expected.items():
    check(name, case["metrics"].get(name, math.nan), value, 5.1e-5)

# The benchmark's own measures, of popularity: each last item among the negatives, and among all that the person did not have.
popularity = x.sum(axis=0)


def place(truth, others):
    scores = popularity[others]
    return int(np.sum(scores > popularity[truth]) + np.sum(scores == popularity[truth]) / 2)


def gain(rank):
    return 1 / math.log2(rank + 2) if rank < 10 else 0


hits, sampled, full, full_hits = [], [], [], []
for left in case["cases"]:
    rank = place(left["truth"], left["negatives"])
    hits.append(rank < 10)
    sampled.append(gain(rank))
    others = np.setdiff1d(np.arange(case["items"]), [*left["past"], left["truth"]])
    rank = place(left["truth"], others)
    full.append(gain(rank))
    full_hits.append(rank < 10)
for name, values in (("hitRate", hits), ("ndcg", sampled), ("fullNdcg", full), ("fullHitRate", full_hits)):
    check(f"{name} of popularity", case["measures"][name]["mean"], np.mean(values), 1e-9)
    error = np.std(values) / math.sqrt(len(values))
    check(f"{name} of popularity, standard error", case["measures"][name]["error"], error, 1e-9)
sys.exit(1 if failed else 0)
