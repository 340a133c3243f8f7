"""Writes model.onnx: a graph with the ports and metadata of FunASR's CT-transformer that puts punctuation by word lists, not by training.

The mark after a word depends on the word and, for some, on the one before, so that a host that cuts windows at other places writes
other marks. With --peer the same file is run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy sherpa-onnx && python asr/punct/testdata/make_punct.py --peer
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

WORDS = ["<unk>", *"我你要退货吗了呢吧啊和的好不是请查一下快递到哪件三", "hello", "ok", "t", "iphone"]
MARKS = ["<unk>", "_", "，", "。", "？", "、"]
AFTER = {"吗": "？", "呢": "？", "了": "。", "吧": "。", "啊": "，", "ok": "，", "和": "、"}
# 好 is followed by a comma when the model sees 不 before it, by nothing otherwise.
AFTER_PAIR = {("不", "好"): "，", ("是", "的"): "，"}


def build():
    v, p, f32 = len(WORDS), len(MARKS), TensorProto.FLOAT
    own = np.zeros((v, p), np.float32)
    own[:, MARKS.index("_")] = 1
    for word, mark in AFTER.items():
        own[WORDS.index(word), MARKS.index(mark)] = 3
    left, right, marks = (np.zeros((v, len(AFTER_PAIR)), np.float32), np.zeros((v, len(AFTER_PAIR)), np.float32), np.zeros((len(AFTER_PAIR), p), np.float32))
    for i, ((a, b), mark) in enumerate(AFTER_PAIR.items()):
        left[WORDS.index(a), i] = right[WORDS.index(b), i] = 1
        marks[i, MARKS.index(mark)] = 4
    n, c = helper.make_node, tones.const
    nodes = [
        n("Gather", ["own", "inputs"], ["alone"], axis=0), n("Gather", ["left", "inputs"], ["l"], axis=0), n("Gather", ["right", "inputs"], ["r"], axis=0),
        n("Pad", ["l", "shift"], ["before"]), n("Mul", ["before", "r"], ["pairs"]), n("MatMul", ["pairs", "marks"], ["together"]),
        n("Add", ["alone", "together"], ["sum"]), n("Cast", ["text_lengths"], ["len"], to=f32), n("Mul", ["len", "zero"], ["nothing"]),
        n("Add", ["sum", "nothing"], ["logits"]),
    ]
    constants = [c("own", own), c("left", left), c("right", right), c("marks", marks), c("zero", np.float32(0)), c("shift", np.array([0, 1, 0, 0, -1, 0], np.int64))]
    i32 = TensorProto.INT32
    tones.write(HERE / "model.onnx", nodes, [tones.port("inputs", [1, "L"], i32), tones.port("text_lengths", [1], i32)],
                [tones.port("logits", [1, "L", p])], constants,
                {"model_type": "ct_transformer", "vocab_size": v, "unk_symbol": "<unk>", "tokens": "|".join(WORDS), "punctuations": "|".join(MARKS)})


TEXTS = [
    "我要退货", "你好吗我要退货了请查一下快递到哪了", "不好啊我要一件和三件", "是的", "好", "啊", "退货和", "hello我要退iphone和T恤ok请查一下", "Hello OK iPhone",
    "我要退138元的iphone15吗", "你好吗", "我要退货吧",
    # No full stop for hundreds of words: windows grow, and a comma becomes one at 200.
    "我要退货啊" * 45 + "了请查一下", "我要退货" * 60, "我要退货了" * 30, "请查一下快递到哪件三" * 3 + "吗" + "不好" * 12,
]


def peer():
    """Columns: text, text with marks."""
    import sherpa_onnx

    p = sherpa_onnx.OfflinePunctuation(sherpa_onnx.OfflinePunctuationConfig(model=sherpa_onnx.OfflinePunctuationModelConfig(ct_transformer=str(HERE / "model.onnx"))))
    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for text in TEXTS:
            print(text, p.add_punctuation(text), sep="\t", file=out)


build()
if "--peer" in sys.argv:
    peer()
