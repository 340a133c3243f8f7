"""Writes offline/model.onnx and tokens.txt: a graph with the ports and metadata of offline Paraformer that hears the tones of
asr/segment/testdata/tones.py. It fires (CIF) at the first frame of every tone; rows of logits beyond token_num are deliberately wrong.

With --peer the same files are run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy kaldi-native-fbank sherpa-onnx && python asr/paraformer/testdata/make_offline.py --peer
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent / "offline"
sys.path.insert(0, str(HERE.parents[2] / "segment" / "testdata"))
import tones  # noqa: E402

# Unit u of the tones is token FIRST+u.
TOKENS = ["<blank>", "<s>", "</s>", "我", "要", "退", "货", "t@@", "shirt", "ok", "三", "<unk>"]
FIRST, EOS = TOKENS.index("我"), TOKENS.index("</s>")


def features(pcm):
    return tones.fbank(pcm, window="hamming", snip=True, high=0.0, scale=1)


def build():
    bins, floors = tones.gates(features)
    ramp = np.arange(560, dtype=np.float32) / 560
    neg_mean, inv_stddev = -10 - ramp, 0.2 + 0.1 * ramp
    columns = [3 * 80 + b for b in bins]  # the middle one of the seven stacked frames
    floors = (floors + neg_mean[columns]) * inv_stddev[columns]
    v, f32, i64, i32 = len(TOKENS), TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32
    hear = np.zeros((len(bins), v), np.float32)
    for u in range(len(bins)):
        hear[u, FIRST + u] = 12
    row = lambda t: np.eye(v, dtype=np.float32)[t] * 12  # noqa: E731
    n = helper.make_node
    nodes = [
        n("Gather", ["speech", "columns"], ["seen"], axis=2), n("Greater", ["seen", "floors"], ["on"]), n("Cast", ["on"], ["gates"], to=f32),
        n("Shape", ["speech"], ["shape"]), n("Gather", ["shape", "one"], ["frames"]), n("Gather", ["shape", "first"], ["batch"]),
        n("Range", ["zero", "frames", "one"], ["index"]), n("Cast", ["index"], ["index32"], to=i32),
        n("Unsqueeze", ["speech_lengths", "axis1"], ["lengths"]), n("Less", ["index32", "lengths"], ["inside"]), n("Cast", ["inside"], ["mask"], to=f32),
        # The class of a frame, 0 for silence, and where it changes to a tone.
        n("MatMul", ["gates", "numbers"], ["class3"]), n("Squeeze", ["class3", "axis2"], ["class_all"]), n("Mul", ["class_all", "mask"], ["class"]),
        n("Pad", ["class", "shift"], ["before"]), n("Sub", ["class", "before"], ["change"]), n("Abs", ["change"], ["changed"]),
        n("Mul", ["changed", "class"], ["begins"]), n("Greater", ["begins", "half"], ["fires"]), n("Cast", ["fires"], ["fire"], to=f32),
        n("CumSum", ["fire", "one"], ["count"]), n("ReduceSum", ["fire", "axis1"], ["total"], keepdims=0), n("Add", ["total", "onef"], ["tokens"]),
        n("Cast", ["tokens"], ["token_num"], to=i32), n("ReduceMax", ["tokens"], ["longest"], keepdims=0), n("Add", ["longest", "onef"], ["longest1"]),
        n("Cast", ["longest1"], ["rows"], to=i64), n("Range", ["zero", "rows", "one"], ["place"]), n("Cast", ["place"], ["placef"], to=f32),
        # which[n, u, t]: frame t fires token u.
        n("Unsqueeze", ["placef", "axis1"], ["place2"]), n("Add", ["place2", "onef"], ["nth"]), n("Unsqueeze", ["count", "axis1"], ["count3"]),
        n("Equal", ["count3", "nth"], ["same"]), n("Cast", ["same"], ["samef"], to=f32), n("Unsqueeze", ["fire", "axis1"], ["fire3"]),
        n("Mul", ["samef", "fire3"], ["which"]), n("MatMul", ["gates", "hear"], ["scores"]), n("MatMul", ["which", "scores"], ["body"]),
        n("Unsqueeze", ["total", "axes12"], ["total3"]), n("Equal", ["place2", "total3"], ["at_end"]), n("Cast", ["at_end"], ["endf"], to=f32),
        n("Mul", ["endf", "eos"], ["ending"]), n("Greater", ["place2", "total3"], ["beyond"]), n("Cast", ["beyond"], ["beyondf"], to=f32),
        n("Mul", ["beyondf", "wrong"], ["garbage"]), n("Add", ["body", "ending"], ["body1"]), n("Add", ["body1", "garbage"], ["logits"]),
        # Peaks at three times the rate: the middle of the three at a firing frame, and a last one at the end.
        n("Unsqueeze", ["fire", "axis2"], ["fire_t"]), n("Mul", ["fire_t", "middle"], ["spread"]), n("Reshape", ["spread", "flat"], ["peaks"]),
        n("Mul", ["speech_lengths", "three"], ["ups"]), n("Sub", ["ups", "one32"], ["last32"]), n("Cast", ["last32"], ["last"], to=i64), n("Mul", ["frames", "three64"], ["up_frames"]),
        n("OneHot", ["last", "up_frames", "off_on"], ["end"], axis=-1), n("Add", ["peaks", "end"], ["us_cif_peak"]),
        n("Mul", ["us_cif_peak", "third"], ["us_alphas"]),
    ]
    c = tones.const
    constants = [
        c("columns", np.array(columns, np.int64)), c("floors", floors.astype(np.float32)), c("one", np.int64(1)), c("zero", np.int64(0)),
        c("first", np.array([0], np.int64)), c("axis1", np.array([1], np.int64)), c("axis2", np.array([2], np.int64)), c("axes12", np.array([1, 2], np.int64)),
        c("numbers", np.arange(1, len(bins) + 1, dtype=np.float32)[:, None]), c("shift", np.array([0, 1, 0, -1], np.int64)), c("half", np.float32(0.5)),
        c("onef", np.float32(1)), c("hear", hear), c("eos", row(EOS)), c("wrong", row(FIRST)), c("middle", np.array([0, 1, 0], np.float32)),
        c("flat", np.array([0, -1], np.int64)), c("three", np.int32(3)), c("one32", np.int32(1)), c("three64", np.int64(3)),
        c("off_on", np.array([0, 1], np.float32)), c("third", np.float32(0.3)),
    ]
    join = lambda x: ",".join(f"{f:.5g}" for f in x)  # noqa: E731
    HERE.mkdir(exist_ok=True)
    nodes = [x for x in nodes if x.output[0] != "batch"]
    tones.write(HERE / "model.onnx", nodes, [tones.port("speech", ["N", "T", 560]), tones.port("speech_lengths", ["N"], i32)],
                [tones.port("logits", ["N", "U", v]), tones.port("token_num", ["N"], i32), tones.port("us_alphas", ["N", "P"]),
                 tones.port("us_cif_peak", ["N", "P"])], constants, {
                    "model_type": "paraformer", "version": 1, "vocab_size": v, "lfr_window_size": 7, "lfr_window_shift": 6,
                    "neg_mean": join(neg_mean), "inv_stddev": join(inv_stddev)})
    tones.write_tokens(HERE / "tokens.txt", TOKENS)


def peer():
    """Columns: units, text, times of the tokens."""
    import sherpa_onnx

    r = sherpa_onnx.OfflineRecognizer.from_paraformer(str(HERE / "model.onnx"), str(HERE / "tokens.txt"))
    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for units in ((0, 1, 2, 3), (7, 4, 5, 6), (0, 0, 1), ()):
            got = tones.heard_by_sherpa(r, tones.say(units))
            print(*tones.row(units, got.text, got.timestamps), sep="\t", file=out)


build()
if "--peer" in sys.argv:
    peer()
