"""Writes v5.onnx, v4.onnx and xhc.onnx, graphs of exactly the tensors of Silero VAD that need no training, and golden.tsv: the
probability of every window by onnxruntime, fed as Silero's own wrapper feeds it, and whether sherpa-onnx calls it speech.

A window is as likely speech as it is loud; the states remember loudness, and the rate counts, so that a context, state or rate that is
wrong changes the figures.

Run: pip install onnx onnxruntime numpy sherpa-onnx && python asr/silero/testdata/make_silero.py
"""

from pathlib import Path

import numpy as np
import onnxruntime
import sherpa_onnx
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
# name: (samples, states with their shapes, whether there is a rate, names of outputs); inputs in the exports' order
FORMS = {
    "v5": ("input", [("state", [2, "N", 128])], "last", ["output", "stateN"]),
    "v4": ("input", [("h", [2, "N", 64]), ("c", [2, "N", 64])], "second", ["output", "hn", "cn"]),
    "xhc": ("x", [("h", [2, 1, 64]), ("c", [2, 1, 64])], "none", ["prob", "new_h", "new_c"]),
}
THRESHOLD = 0.5


def signal(n):
    """Integer arithmetic only, so that Go makes the same samples: noise that swells and falls."""
    out, state = np.zeros(n, np.int16), 1
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        swell = abs((i // 16) % 600 - 300)
        out[i] = ((state >> 16) % 2001 - 1000) * swell // 60  # // rounds down
    return out


def make(name):
    samples, states, rate, outputs = FORMS[name]
    nodes, weights = [], []

    def add(op, inputs, output=None, **attributes):
        output = output or f"{op.lower()}_{len(nodes)}"
        nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def const(value, kind=np.float32):
        weights.append(numpy_helper.from_array(np.asarray(value, kind), f"const_{len(weights)}"))
        return weights[-1].name

    loud = add("ReduceMean", [add("Abs", [samples])], axes=[1], keepdims=1)  # [N, 1]
    past = []
    for i, (state, shape) in enumerate(states):
        fresh = add("Mul", [add("Reshape", [loud, const([1, -1, 1], np.int64)]), const(0.3 + 0.2 * i)])
        add("Add", [add("Mul", [state, const(0.7 - 0.1 * i)]), fresh], outputs[i + 1])
        past.append(add("Reshape", [add("ReduceMean", [state], axes=[0, 2], keepdims=0), const([-1, 1], np.int64)]))
    score = add("Sum", [loud, *[add("Mul", [p, const(0.5)]) for p in past]])
    score = add("Sub", [add("Mul", [score, const(60)]), const(3)])
    if rate != "none":
        part = add("Mul", [add("Cast", ["sr"], to=FLOAT), const(1 / 16000)])
        score = add("Add", [score, part])
    add("Sigmoid", [score], outputs[0])

    port = helper.make_tensor_value_info
    inputs = [port(samples, FLOAT, [None, None] if rate != "none" else [1, 512]), *[port(s, FLOAT, d) for s, d in states]]
    if rate != "none":
        inputs.insert(len(inputs) if rate == "last" else 1, port("sr", INT64, []))
    outs = [port(outputs[0], FLOAT, [None, 1]), *[port(o, FLOAT, [None] * 3) for o in outputs[1:]]]
    model = helper.make_model(helper.make_graph(nodes, name, inputs, outs, weights), opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")
    print(name, (HERE / f"{name}.onnx").stat().st_size, "bytes")


def probabilities(name, pcm, rate):
    """Window by window: version 5 sees the end of the window before."""
    samples, states, has_rate, _ = FORMS[name]
    session = onnxruntime.InferenceSession(str(HERE / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    window = 512 * rate // 16000
    context = np.zeros((1, window // 8 if name == "v5" else 0), np.float32)
    held = {s: np.zeros([1 if d == "N" else d for d in shape], np.float32) for s, shape in states}
    probs = []
    for at in range(0, len(pcm) - window + 1, window):
        x = np.concatenate([context, pcm[None, at:at + window].astype(np.float32) / 32768], 1)
        feed = {samples: x, **held} | ({} if has_rate == "none" else {"sr": np.array(rate, np.int64)})
        prob, *fresh = session.run(None, feed)
        held = dict(zip(held, fresh))
        context = x[:, x.shape[1] - context.shape[1]:]
        probs.append(float(prob[0, 0]))
    return probs


def flags(name, pcm):
    """What sherpa-onnx calls speech, without its least durations."""
    c = sherpa_onnx.VadModelConfig()
    c.silero_vad.model = str(HERE / f"{name}.onnx")
    c.silero_vad.threshold, c.silero_vad.min_silence_duration, c.silero_vad.min_speech_duration = THRESHOLD, 1e-4, 1e-4
    c.sample_rate = 16000
    model = sherpa_onnx.VadModel.create(c)
    size, shift = model.window_size(), 512
    x = np.concatenate([np.zeros(size - shift, np.float32), pcm.astype(np.float32) / 32768])
    return [int(model.is_speech(x[at:at + size].tolist())) for at in range(0, len(x) - size + 1, shift)]


if __name__ == "__main__":
    with open(HERE / "golden.tsv", "w") as f:
        for name in FORMS:
            make(name)
            for rate in (16000, 8000) if name != "xhc" else (16000,):
                pcm = signal(3 * rate)
                probs = probabilities(name, pcm, rate)
                spoken = flags(name, pcm) if name != "xhc" and rate == 16000 else [-1] * len(probs)
                print(name, rate, len(probs), len(spoken), sum(p > THRESHOLD for p in probs))
                for p, s in zip(probs, spoken):
                    f.write(f"{name}\t{rate}\t{p:.6f}\t{s}\n")
