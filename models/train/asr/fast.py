"""asr-zh as export.py writes it -> the same network as products that many streams share, its kernels in 8 bits.

    python models/train/asr/fast.py REFERENCE.onnx --out models/builtin/asr-zh.onnx --data ../shared/data
    python models/train/asr/fast.py REFERENCE.onnx --out OUT.onnx --float        kernels of 32 bits, for comparisons

ONNX Runtime runs a Conv stream by stream: a batch of 16 costs 16 times one. Here every convolution is a Gather of its taps and one
MatMul over all frames of all streams, so that the weights are read once for all of them. Time comes before channels, which needs
no transposing; batch norms and constant factors are folded. States are those of export.py with time before channels.

Kernels are int8 with a scale per output. What goes into them is uint8 with a fixed scale, found on recordings (--data), so that
what a stream hears does not depend on who shares its run, as it would with scales found at run time. Weights keep to seven bits:
pairs of products then fit the 16 bits in which processors without VNNI add them up. export.py ends with this step.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper

import cache
import dsp
import recordings
import stepgraph

CLIPPED = 1e-5  # share of values beyond the range of their scale, at each end
WHOLE = ("first", "head")  # kernels that stay float: little weight, and the ends of the network feel rounding most
RECORDINGS = 240


def dilations(proto, w):
    """From the lengths of the blocks' states, which follow x, the level and two convolutions in pairs of past and mean."""
    reach = w["blocks.0.conv.conv.weight"].shape[2] - 1
    return [port.type.tensor_type.shape.dim[2].dim_value // reach for port in proto.graph.input[4::2]]


def assemble(g, source):
    """A model with the metadata of the reference."""
    graph = helper.make_graph(g.nodes, "asr-zh", g.inputs, g.outputs, g.constants)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=8)
    helper.set_model_props(proto, {p.key: p.value for p in source.metadata_props})
    return proto


def session(proto):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])


def calibration(data):
    """Features of training recordings in rows of six with pauses, every other row in noise: batches [16, T, 80]."""
    rng, chance = np.random.default_rng(7), random.Random(7)
    entries = [e for e in recordings.load(data) if not e["held"] and e["syllables"]]
    rows = []
    for i in range(0, RECORDINGS, 6):
        parts = []
        for e in chance.sample(entries, 6):
            wave = cache.read(Path(data) / "speech" / e["path"])
            parts += [wave * 10 ** chance.uniform(-0.8, 0) / max(np.abs(wave).max(), 1e-3), np.zeros(chance.randrange(3200, 9600))]
        wave = np.concatenate(parts)
        loud = np.sqrt(np.percentile(wave**2, 95) / 2) * 10 ** (-rng.uniform(10, 25) / 20) if i % 12 else 1e-4
        rows.append(dsp.fbank((wave + rng.normal(0, loud, len(wave))).astype(np.float32)))
    length = min(len(r) for r in rows) // stepgraph.CHUNK * stepgraph.CHUNK
    return np.stack([r[:length] for r in rows])


def steps(run, x, names=None):
    """Feeds x chunk by chunk and yields what the session gives for `names` after the states."""
    feed = {p.name: np.zeros([len(x), *p.shape[1:]], np.float32) for p in run.get_inputs()}
    states = [p.name for p in run.get_inputs()[1:]]
    for at in range(0, x.shape[1], stepgraph.CHUNK):
        feed["x"] = np.ascontiguousarray(x[:, at:at + stepgraph.CHUNK])
        out, *new = run.run(["log_probs", *("new_" + s for s in states), *(names or [])], feed)
        feed.update(zip(states, new))
        yield out, new[len(states):]


def ranges(w, widths, source, x):
    """Scale and zero of what goes into each kernel, so that all but CLIPPED of it fits."""
    g = stepgraph.build(w, widths, {})
    probes = sorted({v for k, v in g.kernels.items() if k not in WHOLE})
    for v in probes:
        g.outputs.append(helper.make_empty_tensor_value_info(v))
    seen = {v: [] for v in probes}
    for _, values in steps(session(assemble(g, source)), x, probes):
        for v, value in zip(probes, values):
            seen[v].append(value.ravel()[::7])  # a seventh tells enough
    found = {}
    for kernel, v in g.kernels.items():
        if kernel not in WHOLE:
            low, high = np.quantile(np.concatenate(seen[v]), [CLIPPED, 1 - CLIPPED])
            low, high = min(low, 0), max(high, 0)
            scale = (high - low) / 255
            found[kernel] = (scale, int(np.clip(round(-low / scale), 0, 255)))
    return found


def agree(fast, reference, x):
    """How far the two graphs differ: the largest and the mean difference of a probability, and of the best unit."""
    a = np.concatenate([o for o, _ in steps(session(fast), x)], 1)
    b = np.concatenate([o for o, _ in steps(session(reference), x)], 1)
    apart = np.abs(np.exp(a) - np.exp(b))
    return apart.max(), apart.max(2).mean(), (a.argmax(2) != b.argmax(2)).mean()


def make(reference, out, data, whole=False):
    """Writes `out` from the graph in `reference`; whole keeps all kernels in 32 bits."""
    source = onnx.load(str(reference))
    w = stepgraph.weights(source)
    widths, x = dilations(source, w), calibration(data)
    proto = assemble(stepgraph.build(w, widths, {} if whole else ranges(w, widths, source, x)), source)
    onnx.checker.check_model(proto)
    largest, mean, other = agree(proto, source, x[:8])
    print(f"largest difference in a probability {largest:.3f}, mean {mean:.4f}; another best unit in {100 * other:.2f} % of frames")
    if other > 0.01 or whole and largest > 0.001:
        raise SystemExit(f"{out} would differ too much from {reference}")
    onnx.save(proto, str(out))
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def main():
    parser = recordings.arguments(__doc__)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep kernels in 32 bits")
    args = parser.parse_args()
    make(args.reference, args.out, args.data, args.float)


if __name__ == "__main__":
    main()
