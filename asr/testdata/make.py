"""Writes tiny.onnx and tiny-vad.onnx: graphs of the shipped models' shape that need no training.

In tiny.onnx every sound unit is a pair of tones: of 14 carriers (centres of mel bins 10, 15, ... 75) unit i has the i-th pair. So
tests can say a sentence in tones and hear it through the whole chain. The output lags by one row, as real look-ahead would.

Run: pip install onnx numpy && python asr/testdata/make.py
"""

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent
CARRIERS = range(10, 76, 5)
CHUNK, SUB = 16, 4
FLOOR = 16  # added to the features, so that a state of zeros is silence


def tokens():
    with open(HERE.parents[1] / "mandarin" / "syllables.tsv", encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    initials = sorted({r["initial"] for r in rows} - {"-"})
    finals = sorted({r["final"] for r in rows})
    return ["<blk>", *initials, *finals]


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def value(name, *dims):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *dims])


def write(path, nodes, inputs, outputs, constants, meta):
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, meta)
    checker.check_model(model)
    save(model, path)
    print(path.name, path.stat().st_size, "bytes")


def recogniser():
    names = tokens()
    pairs = list(combinations(CARRIERS, 2))[: len(names) - 1]
    weight, bias = np.zeros((80, len(names)), np.float32), np.zeros(len(names), np.float32)
    for i, (a, b) in enumerate(pairs):
        weight[a, i + 1] = weight[b, i + 1] = 0.8
    bias[0] = 2 * 0.8 * FLOOR - 1
    rows = CHUNK // SUB
    nodes = [
        helper.make_node("Reshape", ["x", "grouped_shape"], ["grouped"]),
        helper.make_node("ReduceMean", ["grouped"], ["mean"], axes=[2], keepdims=0),
        helper.make_node("Add", ["mean", "floor"], ["pooled"]),
        helper.make_node("Concat", ["state_0", "pooled"], ["history"], axis=1),
        helper.make_node("Slice", ["history", "zero", "rows", "one"], ["delayed"]),
        helper.make_node("Slice", ["history", "rows", "rows1", "one"], ["new_state_0"]),
        helper.make_node("MatMul", ["delayed", "weight"], ["linear"]),
        helper.make_node("Add", ["linear", "bias"], ["logits"]),
        helper.make_node("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
        helper.make_node("Add", ["state_1", "step"], ["new_state_1"]),
    ]
    constants = [
        constant("grouped_shape", np.array([0, rows, SUB, 80], np.int64)), constant("weight", weight), constant("bias", bias),
        constant("zero", np.array([0], np.int64)), constant("rows", np.array([rows], np.int64)),
        constant("rows1", np.array([rows + 1], np.int64)), constant("one", np.array([1], np.int64)),
        constant("step", np.array([1], np.float32)), constant("floor", np.array([FLOOR], np.float32)),
    ]
    write(HERE / "tiny.onnx", nodes, [value("x", CHUNK, 80), value("state_0", 1, 80), value("state_1", 1)],
          [value("log_probs", rows, len(names)), value("new_state_0", 1, 80), value("new_state_1", 1)], constants, {
              "model_type": "waggle_ctc", "version": "1", "sample_rate": "16000", "feature": "kaldi_fbank80", "chunk": str(CHUNK),
              "subsampling": str(SUB), "lookahead_frames": "1", "blank": "0", "unit": "initial_final", "tokens": " ".join(names)})


def vad():
    nodes = [
        helper.make_node("ReduceMax", ["x"], ["loudest"], axes=[2], keepdims=0),
        helper.make_node("Add", ["loudest", "threshold"], ["shifted"]),
        helper.make_node("Sigmoid", ["shifted"], ["prob"]),
        helper.make_node("Add", ["state", "step"], ["new_state"]),
    ]
    constants = [constant("threshold", np.array([4], np.float32)), constant("step", np.array([1], np.float32))]
    write(HERE / "tiny-vad.onnx", nodes, [value("x", 4, 80), value("state", 1)], [value("prob", 4), value("new_state", 1)], constants,
          {"model_type": "waggle_vad", "version": "1", "feature": "kaldi_fbank80", "chunk": "4"})


recogniser()
vad()
