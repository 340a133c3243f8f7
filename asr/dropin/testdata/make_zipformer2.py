"""Writes zipformer2-ctc, zipformer2-bbpe, zipformer2-transducer and zipformer-transducer (the first zipformer): models of exactly the
families' tensors that need no training.

They hear the language of tones (asr/segment/testdata/tones.py): a token is spoken when the mel bin of its pitch lies above a level.
Every state is carried on and has its share in the blank's score, so that a state which is mixed up, or batched along a wrong axis,
changes the output. 货 and 火 are the same pitch, 火 a little louder: a hotword must decide.

Run: pip install onnx onnxruntime numpy kaldi-native-fbank soundfile && python asr/dropin/testdata/make_zipformer2.py
Then, for golden.jsonl, what sherpa-onnx reads: python asr/dropin/testdata/golden.py
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

T, CHUNK, ROWS, POOL = 29, 16, 4, 8
STACKS = {"encoder_dims": (80, 8), "query_head_dims": (4, 3), "value_head_dims": (3, 2), "num_heads": (2, 1),
          "num_encoder_layers": (1, 2), "cnn_module_kernels": (3, 5), "left_context_len": (6, 4)}
FIRST = {"encoder_dims": (80, 8), "attention_dims": (6, 4), "num_encoder_layers": (1, 2), "cnn_module_kernels": (2, 5),
         "left_context_len": (6, 4)}
CHARACTERS = "你好我要退货谢瓷"  # one a pitch; 火 has the pitch of 货
TOKENS = ["<blk>", "<sos/eos>", "<unk>", *CHARACTERS, "火"]
SAME = (CHARACTERS.index("货"), 0.4)  # which pitch 火 has, and by how much it is louder
GAIN = 2.0


class Graph:
    """Nodes, weights, inputs and outputs as they are named."""

    def __init__(self):
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []

    def add(self, op, inputs, output=None, **attributes):
        output = output or f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def const(self, array, kind=np.float32):
        name = f"const_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array, kind), name))
        return name

    def ints(self, *values):
        return self.const(values, np.int64)

    def input(self, name, *shape, kind=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name, *shape, kind=TensorProto.FLOAT):
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def write(self, path, meta):
        graph = helper.make_graph(self.nodes, path.stem, self.inputs, self.outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, meta)
        checker.check_model(model)
        path.parent.mkdir(exist_ok=True)
        save(model, path)
        print(path.relative_to(HERE), path.stat().st_size, "bytes")


def carried(g, name, axis, shape, mean):
    """A state that halves and takes up the window's mean; returns its own mean for each stream, [N]."""
    rank = len(shape) + 1
    full = [*shape[:axis], "N", *shape[axis:]]
    g.input(name, *full)
    g.output("new_" + name, *full)
    place = [1] * rank
    place[axis] = -1
    fresh = g.add("Reshape", [mean, g.ints(*place)])
    half = g.add("Mul", [name, g.const(0.5)])
    g.add("Add", [half, fresh], "new_" + name)
    axes = [i for i in range(rank) if i != axis]
    return g.add("ReduceMean", [name], axes=axes, keepdims=0)


def states(g, mean):
    """All cached tensors in the family's order; the sum of their means, [N]. cached_conv1_0 is the caller's."""
    means, layer = [], 0
    for dim, q, v, heads, layers, kernel, left in zip(*STACKS.values()):
        for _ in range(layers):
            for name, axis, shape in (("key", 1, (left, q * heads)), ("nonlin_attn", 1, (1, left, 3 * dim // 4)),
                                      ("val1", 1, (left, v * heads)), ("val2", 1, (left, v * heads)),
                                      ("conv1", 0, (dim, kernel // 2)), ("conv2", 0, (dim, kernel // 2))):
                if (name, layer) == ("conv1", 0):
                    g.input("cached_conv1_0", "N", *shape)
                    g.output("new_cached_conv1_0", "N", *shape)
                else:
                    means.append(carried(g, f"cached_{name}_{layer}", axis, shape, mean))
            layer += 1
    means.append(carried(g, "embed_states", 0, (128, 3, 19), mean))
    g.input("processed_lens", "N", kind=TensorProto.INT64)
    g.output("new_processed_lens", "N", kind=TensorProto.INT64)
    g.add("Add", ["processed_lens", g.ints(CHUNK)], "new_processed_lens")
    seconds = g.add("Cast", ["processed_lens"], to=TensorProto.FLOAT)
    means.append(g.add("Mul", [seconds, g.const(0.001)]))
    return g.add("Sum", means)


def first_states(g, mean):
    """As states, of the first zipformer: kind by kind, one tensor a stack, its layers at axis 0."""
    means, stacks = [], list(zip(*FIRST.values()))
    for i, (_, _, layers, _, _) in enumerate(stacks):
        g.input(f"cached_len_{i}", layers, "N", kind=TensorProto.INT64)
        g.output(f"new_cached_len_{i}", layers, "N", kind=TensorProto.INT64)
        g.add("Add", [f"cached_len_{i}", g.ints(CHUNK)], f"new_cached_len_{i}")
        count = g.add("ReduceMean", [g.add("Cast", [f"cached_len_{i}"], to=TensorProto.FLOAT)], axes=[0], keepdims=0)
        means.append(g.add("Mul", [count, g.const(0.001)]))
    for name, axis, shape in (("avg", 1, lambda dim, att, kernel, left: (dim,)), ("key", 2, lambda dim, att, kernel, left: (left, att)),
                              ("val", 2, lambda dim, att, kernel, left: (left, att // 2)), ("val2", 2, lambda dim, att, kernel, left: (left, att // 2)),
                              ("conv1", 1, lambda dim, att, kernel, left: (dim, kernel - 1)), ("conv2", 1, lambda dim, att, kernel, left: (dim, kernel - 1))):
        for i, (dim, att, layers, kernel, left) in enumerate(stacks):
            whole = (layers, *shape(dim, att, kernel, left))
            if (name, i) == ("conv1", 0):
                g.input("cached_conv1_0", layers, "N", *whole[1:])
                g.output("new_cached_conv1_0", layers, "N", *whole[1:])
            else:
                means.append(carried(g, f"cached_{name}_{i}", axis, whole, mean))
    return g.add("Sum", means)


def scores(g, bins, floors, first=False):
    """Scores [N, ROWS, tokens] of x [N, T, 80] and the states: blank first, specials out of reach."""
    g.input("x", "N", T, 80)
    g.outputs.append(None)  # its place; named by the caller
    window = [g.add("Slice", ["x", g.ints(4 * r), g.ints(4 * r + POOL), g.ints(1)]) for r in range(ROWS)]
    pooled = g.add("Concat", [g.add("ReduceMean", [w], axes=[1], keepdims=1) for w in window], axis=1)
    mean = g.add("Mul", [g.add("ReduceMean", ["x"], axes=[1, 2], keepdims=0), g.const(0.1)])
    total = first_states(g, mean) if first else states(g, mean)
    past = g.add("Squeeze", ["cached_conv1_0", g.ints(0)]) if first else "cached_conv1_0"
    before = g.add("Transpose", [past], perm=[0, 2, 1])
    shifted = g.add("Concat", [before, g.add("Slice", [pooled, g.ints(0), g.ints(ROWS - 1), g.ints(1)])], axis=1)
    last = g.add("Slice", [pooled, g.ints(ROWS - 1), g.ints(ROWS), g.ints(1)])
    if first:
        g.add("Unsqueeze", [g.add("Transpose", [last], perm=[0, 2, 1]), g.ints(0)], "new_cached_conv1_0")
    else:
        g.add("Transpose", [last], "new_cached_conv1_0", perm=[0, 2, 1])
    smooth = g.add("Add", [g.add("Mul", [pooled, g.const(0.9)]), g.add("Mul", [shifted, g.const(0.1)])])
    above = [g.add("Sub", [g.add("Gather", [p, g.ints(*bins)], axis=2), g.const(floors)]) for p in (smooth, shifted)]
    onset = g.add("Sub", [above[0], g.add("Mul", [g.add("Relu", [above[1]]), g.const(6)])])  # said once, as it begins
    spoken = g.add("Mul", [onset, g.const(GAIN)])
    blank = g.add("Reshape", [g.add("Mul", [total, g.const(0.02)]), g.ints(-1, 1, 1)])
    blank = g.add("Expand", [blank, g.ints(1, ROWS, 1)])
    special = g.add("Sub", [g.add("Concat", [blank, blank], axis=2), g.const(20)])
    return g.add("Concat", [blank, special, spoken], axis=2)


def pitches():
    bins, floors = tones.gates(lambda pcm: tones.fbank(pcm))
    return [*bins, bins[SAME[0]]], np.append(floors, floors[SAME[0]] - SAME[1] / GAIN).astype(np.float32)


def meta(kind, stacks):
    return {"model_type": kind, "version": "1", "T": str(T), "decode_chunk_len": str(CHUNK),
            **{key: ",".join(map(str, values)) for key, values in stacks.items()}}


META, FIRST_META = meta("zipformer2", STACKS), meta("zipformer", FIRST)


def ctc(folder, table, fill=0):
    """table: tokens in order; the first are those of TOKENS, then come fill more that are never spoken."""
    g = Graph()
    out = scores(g, *pitches())
    if fill:
        pads = g.ints(0, 0, 0, 0, 0, fill)
        out = g.add("Pad", [out, pads, g.const(-30)])
    g.add("LogSoftmax", [out], "log_probs", axis=2)
    g.outputs[0] = helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["N", ROWS, len(table)])
    g.write(folder / "model.onnx", META)
    words(folder, table)


def words(folder, table):
    (folder / "tokens.txt").write_text("".join(f"{t} {i}\n" for i, t in enumerate(table)), encoding="utf-8")


def transducer(folder, first=False):
    width = len(TOKENS)
    g = Graph()
    out = scores(g, *pitches(), first)
    g.nodes[-1].output[0] = "encoder_out"
    assert out
    g.outputs[0] = helper.make_tensor_value_info("encoder_out", TensorProto.FLOAT, ["N", ROWS, width])
    g.write(folder / "encoder.onnx", FIRST_META if first else META)

    rng = np.random.default_rng(1)
    last = np.zeros((width, width), np.float32)
    for i in range(3, width):
        last[i, i] = -9  # a tone lasts for several frames and is said once
    pair = (TOKENS.index("货"), TOKENS.index("火"))
    last[pair[0], pair[1]] = last[pair[1], pair[0]] = -9
    first = rng.normal(0, 0.05, (width, width)).astype(np.float32)
    g = Graph()
    g.input("y", "N", 2, kind=TensorProto.INT64)
    parts = []
    for i, table in enumerate((first, last)):
        token = g.add("Gather", ["y", g.const(i, np.int64)], axis=1)
        known = g.add("Clip", [token, g.const(0, np.int64)])
        vector = g.add("Gather", [g.const(table), known], axis=0)
        there = g.add("Cast", [g.add("GreaterOrEqual", [token, g.const(0, np.int64)])], to=TensorProto.FLOAT)
        parts.append(g.add("Mul", [vector, g.add("Unsqueeze", [there, g.ints(1)])]))
    g.add("Add", parts, "decoder_out")
    g.output("decoder_out", "N", width)
    g.write(folder / "decoder.onnx", {"vocab_size": str(width), "context_size": "2"})

    g = Graph()
    g.input("encoder_out", "N", width)
    g.input("decoder_out", "N", width)
    g.add("Add", ["encoder_out", "decoder_out"], "logit")
    g.output("logit", "N", width)
    g.write(folder / "joiner.onnx", {"joiner_dim": str(width)})
    words(folder, TOKENS)


def letters(text):
    """The byte alphabet of byte-level BPE (Unicode letters that NFKC leaves alone)."""
    runs = ((0x100, 0x11f), (0x20, 0x7e), (0x120, 0x131), (0x134, 0x13e), (0x141, 0x148), (0x14a, 0x17e), (0x180, 0x1a6))
    alphabet = [chr(c) for a, b in runs for c in range(a, b + 1)]
    assert len(alphabet) == 256
    return "".join(alphabet[b] for b in text.encode())


def bbpe(folder):
    pieces = ["▁" + letters(c) for c in (*CHARACTERS, "火")]
    single = [letters(chr(c)) for c in range(0x21, 0x7f)] + sorted({x for c in "".join(map(chr, range(0x4e00, 0x9fff))) for x in letters(c)})
    single = [s for s in dict.fromkeys(single)]
    ctc(folder, [*TOKENS[:3], *pieces, *single], fill=len(single))


def nan(folder):
    """As zipformer2-ctc, but silence is 0/0."""
    g = Graph()
    out = scores(g, *pitches())
    level = g.add("Sub", ["x", "x"])
    broken = g.add("ReduceMean", [g.add("Div", [level, level])], axes=[1, 2], keepdims=1)
    g.add("LogSoftmax", [g.add("Add", [out, broken])], "log_probs", axis=2)
    g.outputs[0] = helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["N", ROWS, len(TOKENS)])
    g.write(folder / "model.onnx", META)


def golden_steps(path):
    """What onnxruntime gives for steps.flac, window by window, for the test of asr/zipformer."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    sound = tones.say([0, 3, 5])
    soundfile.write(HERE / "steps.flac", sound, tones.RATE, subtype="PCM_16")
    frames = tones.fbank(sound)
    feed = {}
    for value in session.get_inputs()[1:]:
        shape = [1 if d == "N" else d for d in value.shape]
        feed[value.name] = np.zeros(shape, np.int64 if "int64" in value.type else np.float32)
    rows = []
    for at in range(0, len(frames) - T + 1, CHUNK):
        out = session.run(None, {"x": frames[None, at:at + T], **feed})
        feed = dict(zip(feed, out[1:]))
        rows.extend(out[0][0])
    np.savetxt(path.parent / "steps.tsv", rows, fmt="%.4f", delimiter="\t")


SENTENCES = {"hello": [0, 1], "return": [2, 3, 4, 5], "thanks": [6, 6, 7], "all": [0, 1, 2, 3, 4, 5, 6, 7]}

if __name__ == "__main__":
    ctc(HERE / "zipformer2-ctc", TOKENS)
    golden_steps(HERE / "zipformer2-ctc" / "model.onnx")
    bbpe(HERE / "zipformer2-bbpe")
    nan(HERE / "zipformer2-nan")
    transducer(HERE / "zipformer2-transducer")
    transducer(HERE / "zipformer-transducer", first=True)
    for name, units in SENTENCES.items():
        soundfile.write(HERE / f"{name}.flac", tones.say(units), tones.RATE, subtype="PCM_16")
