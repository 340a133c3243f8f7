"""Measures hnswlib and faiss on vectors that `waggle bench search` wrote: python -c THIS DIR DIM. Prints a JSON list."""

import json
import os
import sys
import time

import numpy as np

folder, dim = sys.argv[1], int(sys.argv[2])
base = np.fromfile(os.path.join(folder, "base.f32"), np.float32).reshape(-1, dim)
base /= np.linalg.norm(base, axis=1, keepdims=True)
queries = np.fromfile(os.path.join(folder, "queries.f32"), np.float32).reshape(-1, dim)
queries /= np.linalg.norm(queries, axis=1, keepdims=True)
truth = np.fromfile(os.path.join(folder, "truth.i32"), np.int32).reshape(len(queries), -1)
K, LINKS, BUILD, RECALL = truth.shape[1], 16, 128, 0.99
WIDTHS = (48, 64, 85, 113, 150, 200, 266, 354, 472, 629, 838, 1117, 1489)


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure(name, build, widen, search):
    before, cpu = resident(), time.process_time()
    index = build()
    built, used = time.process_time() - cpu, resident() - before
    for width in WIDTHS:
        widen(index, width)
        times, found, cpu = [], 0, time.process_time()
        for q, t in zip(queries, truth):
            at = time.perf_counter()
            ids = search(index, q[None])
            times.append(time.perf_counter() - at)
            found += len(np.intersect1d(ids, t))
        cpu = (time.process_time() - cpu) / len(queries)
        recall = found / truth.size
        if recall >= RECALL:
            break
    times.sort()
    return {"name": name, "build_cpu_s": built, "width": width, "bytes_per_million": int(used / len(base) * 1e6),
            "p50_ms": times[len(times) // 2] * 1e3, "p95_ms": times[len(times) * 95 // 100] * 1e3, "cpu_ms": cpu * 1e3, "recall_at_10": recall}


def with_hnswlib():
    import hnswlib

    def build():
        x = hnswlib.Index(space="ip", dim=dim)
        x.init_index(max_elements=len(base), M=LINKS, ef_construction=BUILD)
        x.set_num_threads(1)
        x.add_items(base, num_threads=1)
        return x

    return measure("hnswlib float32", build, lambda x, w: x.set_ef(w), lambda x, q: x.knn_query(q, K, num_threads=1)[0][0])


def with_faiss():
    import faiss

    faiss.omp_set_num_threads(1)

    def build():
        x = faiss.IndexHNSWFlat(dim, LINKS, faiss.METRIC_INNER_PRODUCT)  # in int8 it takes seven times as long to build
        x.hnsw.efConstruction = BUILD
        x.add(base)
        return x

    def widen(x, w):
        x.hnsw.efSearch = w

    return measure("faiss float32", build, widen, lambda x, q: x.search(q, K)[1][0])


out = []
for peer in (with_hnswlib, with_faiss):
    try:
        out.append(peer())
    except ImportError as e:
        print(e, file=sys.stderr)
if not out:
    sys.exit("neither hnswlib nor faiss is installed")
json.dump(out, sys.stdout)
