"""Writes model.onnx, a graph of exactly the tensors and metadata of TEN VAD that needs no training, and golden.tsv: for every window of
16 ms its probability by onnxruntime on features from kaldi-native-fbank's filters, and whether sherpa-onnx calls it speech.

A window is as likely speech as it and the two before it are loud in the lower mels; each state remembers another part of that, and the
pitch's place counts, so that a state, a frame or a value that is out of place changes the figures.

Run: pip install onnx onnxruntime numpy kaldi-native-fbank sherpa-onnx && python asr/tenvad/testdata/make_tenvad.py
"""

from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import onnxruntime
import sherpa_onnx
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent
WINDOW, THRESHOLD = 256, 0.5


def signal(n):
    """Integer arithmetic only, so that Go makes the same samples: noise that swells and falls."""
    out, state = np.zeros(n, np.int16), 1
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        swell = abs((i // 16) % 600 - 300)
        out[i] = ((state >> 16) % 2001 - 1000) * swell // 60  # // rounds down
    return out


MEAN = (np.arange(41) * -0.1 - 5).astype(np.float32)
GAIN = (0.2 + np.arange(41) * 0.002).astype(np.float32)
TAPER = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(768) / 768)).astype(np.float32)


def make():
    nodes, weights = [], []

    def add(op, inputs, output=None, **attributes):
        output = output or f"{op.lower()}_{len(nodes)}"
        nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def const(value, kind=np.float32):
        weights.append(numpy_helper.from_array(np.asarray(value, kind), f"const_{len(weights)}"))
        return weights[-1].name

    share = np.zeros((3, 41), np.float32)
    share[:, :20] = np.array([0.2, 0.3, 0.5])[:, None] / 20
    share[2, 40] = 0.1
    loud = add("ReduceSum", [add("Mul", ["input_1", const(share)]), const([1, 2], np.int64)], keepdims=0)  # [1]
    past = []
    for i in range(4):
        fresh = add("Mul", [add("Reshape", [loud, const([-1, 1], np.int64)]), const(np.linspace(0.1, 0.2 + 0.1 * i, 64)[None])])
        add("Add", [add("Mul", [f"input_{i + 2}", const(0.8 - 0.1 * i)]), fresh], f"output_{i + 2}")
        past.append(add("ReduceMean", [f"input_{i + 2}"], axes=[1], keepdims=0))
    score = add("Sum", [loud, *[add("Mul", [p, const(0.3)]) for p in past]])
    score = add("Sub", [add("Mul", [score, const(2.5)]), const(1.2)])
    add("Sigmoid", [add("Reshape", [score, const([1, 1, 1], np.int64)])], "output_1")
    port = helper.make_tensor_value_info
    inputs = [port("input_1", TensorProto.FLOAT, [1, 3, 41]), *[port(f"input_{i}", TensorProto.FLOAT, [1, 64]) for i in range(2, 6)]]
    outs = [port("output_1", TensorProto.FLOAT, [1, 1, 1]), *[port(f"output_{i}", TensorProto.FLOAT, [1, 64]) for i in range(2, 6)]]
    model = helper.make_model(helper.make_graph(nodes, "ten", inputs, outs, weights), opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    text = lambda v: ",".join(f"{x:.6g}" for x in v)  # noqa: E731
    helper.set_model_props(model, {"model_type": "ten-vad", "mean": text(MEAN), "inv_stddev": text(GAIN), "window": text(TAPER)})
    checker.check_model(model)
    save(model, HERE / "model.onnx")
    print((HERE / "model.onnx").stat().st_size, "bytes")


def filters():
    frame = knf.FrameExtractionOptions()
    frame.frame_length_ms = 64
    mel = knf.MelBanksOptions()
    mel.is_librosa, mel.norm, mel.use_slaney_mel_scale, mel.floor_to_int_bin = True, "", True, True
    mel.low_freq, mel.high_freq, mel.num_bins = 0, 8000, 40
    return np.array(knf.MelBanks(mel, frame, 1.0).get_matrix())


def probabilities(pcm):
    session = onnxruntime.InferenceSession(str(HERE / "model.onnx"), providers=["CPUExecutionProvider"])
    bank, last = filters(), 0.0
    x, held = np.zeros((3, 41), np.float32), [np.zeros((1, 64), np.float32) for _ in range(4)]
    probs = []
    for at in range(0, len(pcm) - WINDOW + 1, WINDOW):
        now = pcm[at:at + WINDOW].astype(np.float64)
        before = np.concatenate([[last], now[:-1]])
        last = now[-1]
        power = np.abs(np.fft.rfft((now - 0.97 * before) * TAPER[:WINDOW], 1024)) ** 2
        row = np.append(np.log(bank @ power + 1e-10) - 2 * np.log(32768), 0)
        x = np.vstack([x[1:], ((row - MEAN) * GAIN)[None]]).astype(np.float32)
        prob, *held = session.run(None, {"input_1": x[None], **{f"input_{i + 2}": h for i, h in enumerate(held)}})
        probs.append(float(prob.item()))
    return probs


def flags(pcm):
    """What sherpa-onnx calls speech, without its least durations."""
    c = sherpa_onnx.VadModelConfig()
    c.ten_vad.model = str(HERE / "model.onnx")
    c.ten_vad.threshold, c.ten_vad.min_silence_duration, c.ten_vad.min_speech_duration = THRESHOLD, 1e-4, 1e-4
    c.ten_vad.window_size, c.sample_rate = WINDOW, 16000
    model = sherpa_onnx.VadModel.create(c)
    x = pcm.astype(np.float32) / 32768
    return [int(model.is_speech(x[at:at + WINDOW].tolist())) for at in range(0, len(x) - WINDOW + 1, WINDOW)]


if __name__ == "__main__":
    make()
    sound = signal(3 * 16000)
    with open(HERE / "golden.tsv", "w") as f:
        rows = list(zip(probabilities(sound), flags(sound)))
        print(len(rows), "windows,", sum(p > THRESHOLD for p, _ in rows), "above the threshold,", sum(s for _, s in rows), "speech to sherpa-onnx")
        for p, s in rows:
            f.write(f"{p:.6f}\t{s}\n")
