"""Writes zipformer2/ and wenet/: graphs with the ports and metadata of offline CTC models that hear the tones of
asr/segment/testdata/tones.py at a quarter of the frame rate.

With --peer the same files are run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy kaldi-native-fbank sherpa-onnx && python asr/offlinectc/testdata/make_ctc.py --peer
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

# Unit u of the tones is token FIRST+u. WeNet calls its blank <blank>.
ZIPFORMER = ["<blk>", "<unk>", "我", "要", "▁re", "turn", "▁OK", "退", "三", "件"]
WENET = ["<blank>", "<unk>", "我", "要", "退", "货", "o", "k", "三", "件", "<sos/eos>"]
FIRST = 2


def build(folder, tokens, scale, meta):
    bins, floors = tones.gates(lambda pcm: tones.fbank(pcm, scale=scale))
    v, f32, i64 = len(tokens), TensorProto.FLOAT, TensorProto.INT64
    hear = np.zeros((len(bins), v), np.float32)
    for u in range(len(bins)):
        hear[u, FIRST + u] = 12
    silence = np.zeros(v, np.float32)
    silence[0] = 6
    n = helper.make_node
    nodes = [
        n("Slice", ["x", "starts", "ends", "axes", "steps"], ["quarter"]), n("Gather", ["quarter", "bins"], ["seen"], axis=2),
        n("Sub", ["seen", "floors"], ["over"]), n("Mul", ["over", "steep"], ["sharp"]), n("Sigmoid", ["sharp"], ["gates"]),
        n("MatMul", ["gates", "hear"], ["scores"]), n("Add", ["scores", "silence"], ["logits"]), n("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
        n("Add", ["x_lens", "three"], ["up"]), n("Div", ["up", "four"], ["log_probs_len"]),
    ]
    c = tones.const
    ints = lambda name, *v: c(name, np.array(v, np.int64))  # noqa: E731
    constants = [ints("starts", 0), ints("ends", 1 << 30), ints("axes", 1), ints("steps", 4), ints("bins", *bins), c("floors", floors),
                 c("steep", np.float32(20)), c("hear", hear), c("silence", silence), c("three", np.int64(3)), c("four", np.int64(4))]
    (HERE / folder).mkdir(exist_ok=True)
    tones.write(HERE / folder / "model.onnx", nodes, [tones.port("x", ["N", "T", 80]), tones.port("x_lens", ["N"], i64)],
                [tones.port("log_probs", ["N", "L", v], f32), tones.port("log_probs_len", ["N"], i64)], constants, meta)
    tones.write_tokens(HERE / folder / "tokens.txt", tokens)


def peer():
    """Columns: folder, units, text, times of the tokens."""
    import sherpa_onnx

    R = sherpa_onnx.OfflineRecognizer
    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for folder, make in (("zipformer2", R.from_zipformer_ctc), ("wenet", R.from_wenet_ctc)):
            r = make(str(HERE / folder / "model.onnx"), str(HERE / folder / "tokens.txt"))
            for units in ((0, 1, 2, 3), (6, 7, 2, 3), (0, 0, 1), (0, 4, 5, 5, 1), ()):
                got = tones.heard_by_sherpa(r, tones.say(units))
                print(*tones.row(units, folder, got.text, got.timestamps), sep="\t", file=out)


build("zipformer2", ZIPFORMER, 1 / 32768, {"model_type": "zipformer2_ctc", "version": 1, "comment": "tones"})
build("wenet", WENET, 1, {"model_type": "wenet_ctc", "version": 1, "vocab_size": len(WENET), "subsampling_factor": 4, "comment": "tones"})
if "--peer" in sys.argv:
    peer()
