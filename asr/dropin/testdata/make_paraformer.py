"""Writes paraformer-streaming: an encoder and a decoder of exactly the family's tensors that need no training.

They hear the language of tones. The encoder weighs the row in which a pitch begins, and the row after it, so that each fires one token;
overlap of chunks, positions and the scale of rows all have their share in the scores. The decoder keeps the last embeddings in its
caches, as the real one's convolutions do, and lets them count a little.

Run: pip install onnx numpy kaldi-native-fbank && python asr/dropin/testdata/make_paraformer.py, then golden.py
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from make_zipformer2 import CHARACTERS, Graph, tones, words  # noqa: E402

ROWS, WINDOW, WIDTH, BLOCKS, KERNEL = 18, 7, 16, 2, 4
TOKENS = ["<blank>", "<s>", "</s>", *CHARACTERS, "re@@", "turn", "<unk>"]
SPOKEN = [*CHARACTERS[:6], "re@@", "turn"]
MEAN, STD = 10.0, 4.0


def encoder(path):
    bins, floors = tones.gates(lambda pcm: tones.fbank(pcm, window="hamming", snip=True, high=0, scale=1))
    n = len(bins)
    rng = np.random.default_rng(2)
    weights = rng.normal(0, 0.002, (80 * WINDOW, WIDTH)).astype(np.float32)
    weights[:, :n] = 0
    for u, b in enumerate(bins):
        weights[[80 * j + b for j in range(WINDOW)], u] = 1 / WINDOW
    # Host: (x - MEAN) / STD * sqrt(WIDTH) = x - MEAN, plus positions.
    offset = np.zeros(WIDTH, np.float32)
    offset[:n] = MEAN - floors

    g = Graph()
    g.input("feats", 1, ROWS, 80 * WINDOW)
    g.input("feats_len", 1, kind=TensorProto.INT32)
    g.add("Add", [g.add("MatMul", ["feats", g.const(weights)]), g.const(offset)], "enc")
    g.output("enc", 1, ROWS, WIDTH)
    g.add("Identity", ["feats_len"], "enc_len")
    g.output("enc_len", 1, kind=TensorProto.INT32)
    pitches = g.add("Slice", ["enc", g.ints(0), g.ints(n), g.ints(2)])
    loudest = g.add("ReduceMax", [pitches], axes=[2], keepdims=0)
    on = g.add("Sigmoid", [g.add("Mul", [loudest, g.const(8)])])

    def later(name, fill):
        head = g.add("Slice", [name, g.ints(0), g.ints(ROWS - 1), g.ints(1)])
        return g.add("Concat", [g.const([[fill]]), head], axis=1)

    onset = g.add("Mul", [on, g.add("Sub", [g.const(1), later(on, 1.0)])])
    both = [g.add("Mul", [onset, g.const(0.6)]), g.add("Mul", [later(onset, 0.0), g.const(0.42)])]
    g.add("Add", both, "alphas")
    g.output("alphas", 1, ROWS)
    g.write(path, {
        "model_type": "paraformer", "vocab_size": str(len(TOKENS)), "lfr_window_size": str(WINDOW), "lfr_window_shift": "6",
        "encoder_output_size": str(WIDTH), "decoder_num_blocks": str(BLOCKS), "decoder_kernel_size": str(KERNEL),
        "neg_mean": ",".join(["%g" % -MEAN] * 80 * WINDOW), "inv_stddev": ",".join(["%g" % (1 / STD)] * 80 * WINDOW)})


def decoder(path):
    n = len(CHARACTERS)
    rng = np.random.default_rng(3)
    g = Graph()
    g.input("enc", 1, ROWS, WIDTH)
    g.input("enc_len", 1, kind=TensorProto.INT32)
    g.input("acoustic_embeds", 1, "U", WIDTH)
    g.input("acoustic_embeds_len", 1, kind=TensorProto.INT32)
    g.output("logits", 1, "U", len(TOKENS))
    g.output("sample_ids", 1, "U", kind=TensorProto.INT64)
    parts = []
    for i in range(BLOCKS):
        cache = g.input(f"in_cache_{i}", 1, WIDTH, KERNEL - 1)
        fresh = g.add("Transpose", ["acoustic_embeds"], perm=[0, 2, 1])
        if i:
            fresh = g.add("Mul", [fresh, g.const(0.5)])
        whole = g.add("Concat", [cache, fresh], axis=2)
        g.add("Slice", [whole, g.ints(1 - KERNEL), g.ints(2**31), g.ints(2)], f"out_cache_{i}")
        g.output(f"out_cache_{i}", 1, WIDTH, KERNEL - 1)
        parts.append(g.add("ReduceMean", [cache], axes=[1, 2], keepdims=1))
    parts.append(g.add("ReduceMean", ["enc"], axes=[1, 2], keepdims=1))
    for name in ("enc_len", "acoustic_embeds_len"):
        number = g.add("Cast", [name], to=TensorProto.FLOAT)
        parts.append(g.add("Mul", [g.add("Reshape", [number, g.ints(1, 1, 1)]), g.const(0.01)]))
    shade = g.add("Mul", [g.add("Sum", parts), g.const(rng.normal(0, 0.02, (1, 1, len(TOKENS))))])
    place = np.zeros((WIDTH, len(TOKENS)), np.float32)
    for u in range(n):  # the last two pitches are the halves of a word
        place[u, TOKENS.index(SPOKEN[u])] = 2
    scores = g.add("MatMul", ["acoustic_embeds", g.const(place)])
    silent = np.array([-8.0 * (t not in SPOKEN) for t in TOKENS])
    g.add("Sum", [scores, shade, g.const(silent)], "logits")
    g.add("ArgMax", ["logits"], "sample_ids", axis=2, keepdims=0)
    g.write(path, {})


if __name__ == "__main__":
    folder = HERE / "paraformer-streaming"
    encoder(folder / "encoder.onnx")
    decoder(folder / "decoder.onnx")
    words(folder, TOKENS)
