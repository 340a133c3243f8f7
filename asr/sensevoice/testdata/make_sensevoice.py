"""Writes model.onnx and tokens.txt: a graph with the ports and metadata of SenseVoice that hears the tones of asr/segment/testdata/tones.py.

With --peer the same files are run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy kaldi-native-fbank sherpa-onnx && python asr/sensevoice/testdata/make_sensevoice.py --peer
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

# Unit u of the tones is token FIRST+u; with ITN unit 5 is written 3 instead of 三.
TOKENS = ["<unk>", "<s>", "</s>", "<|zh|>", "<|en|>", "<|yue|>", "<|ja|>", "<|ko|>", "<|nospeech|>", "<|NEUTRAL|>", "<|Speech|>",
          "<|withitn|>", "<|woitn|>", "我", "要", "退", "货", "▁T", "三", "shirt", "件", "3"]
FIRST = TOKENS.index("我")
LANGUAGE = {0: "<|nospeech|>", 3: "<|zh|>", 4: "<|en|>", 7: "<|yue|>", 11: "<|ja|>", 12: "<|ko|>"}
WITH, WITHOUT = 14, 15
WINDOW, SHIFT = 7, 6


def features(pcm):
    return tones.fbank(pcm, window="hamming", snip=True, high=0.0, scale=1)


def build():
    bins, floors = tones.gates(features)
    # The mean and deviation differ from bin to bin, so that a loader that mixes them up hears nothing.
    ramp = np.arange(560, dtype=np.float32) / 560
    neg_mean, inv_stddev = -10 - ramp, 0.2 + 0.1 * ramp
    columns = [3 * 80 + b for b in bins]  # the middle one of the seven stacked frames
    floors = (floors + neg_mean[columns]) * inv_stddev[columns]
    v = len(TOKENS)
    hear = np.zeros((len(bins), v), np.float32)
    for u in range(len(bins)):
        hear[u, FIRST + u] = 12
    itn = np.zeros((2, len(bins), v), np.float32)
    itn[1, 5, TOKENS.index("3")], itn[1, 5, TOKENS.index("三")] = 12, -12
    silence = np.zeros(v, np.float32)
    silence[0] = 6
    tags = np.zeros((2, 16, v), np.float32)  # per language and per text norm
    for lang, name in LANGUAGE.items():
        tags[0, lang, TOKENS.index(name)] = 9
    tags[1, WITH, TOKENS.index("<|withitn|>")] = tags[1, WITHOUT, TOKENS.index("<|woitn|>")] = 9
    middle = np.zeros((1, 2, v), np.float32)
    middle[0, 0, TOKENS.index("<|NEUTRAL|>")] = middle[0, 1, TOKENS.index("<|Speech|>")] = 9
    n = helper.make_node
    nodes = [
        n("Gather", ["x", "columns"], ["seen"], axis=2),
        n("Sub", ["seen", "floors"], ["over"]), n("Mul", ["over", "steep"], ["sharp"]), n("Sigmoid", ["sharp"], ["gates"]),
        # Frames beyond x_length are silence, whatever they hold.
        n("Shape", ["x"], ["shape"]), n("Gather", ["shape", "one"], ["frames"]),
        n("Range", ["zero", "frames", "one"], ["index"]), n("Cast", ["index"], ["index32"], to=TensorProto.INT32),
        n("Unsqueeze", ["x_length", "axis1"], ["lengths"]), n("Less", ["index32", "lengths"], ["inside"]),
        n("Cast", ["inside"], ["mask"], to=TensorProto.FLOAT), n("Unsqueeze", ["mask", "axis2"], ["mask3"]),
        n("Mul", ["gates", "mask3"], ["heard"]),
        n("Sub", ["text_norm", "with"], ["off"]), n("Equal", ["off", "zero32"], ["written"]), n("Cast", ["written"], ["which"], to=TensorProto.INT32),
        n("Gather", ["itn", "which"], ["rewrite"], axis=0), n("Add", ["rewrite", "hear"], ["weights"]),
        n("MatMul", ["heard", "weights"], ["scores"]), n("Add", ["scores", "silence"], ["body"]),
        n("Gather", ["languages", "language"], ["tag_l"], axis=0), n("Unsqueeze", ["tag_l", "axis1"], ["tag0"]),
        n("Gather", ["norms", "text_norm"], ["tag_n"], axis=0), n("Unsqueeze", ["tag_n", "axis1"], ["tag3"]),
        n("Gather", ["shape", "first"], ["batch"]), n("Concat", ["batch", "ones"], ["batch1"], axis=0),
        n("Expand", ["middle", "batch1"], ["tag12"]), n("Concat", ["tag0", "tag12", "tag3", "body"], ["logits"], axis=1),
    ]
    constants = [
        tones.const("columns", np.array(columns, np.int64)), tones.const("floors", floors.astype(np.float32)),
        tones.const("steep", np.float32(20)), tones.const("one", np.int64(1)), tones.const("zero", np.int64(0)),
        tones.const("first", np.array([0], np.int64)), tones.const("ones", np.array([1, 1], np.int64)),
        tones.const("axis1", np.array([1], np.int64)), tones.const("axis2", np.array([2], np.int64)),
        tones.const("with", np.int32(WITH)), tones.const("zero32", np.int32(0)), tones.const("itn", itn), tones.const("hear", hear),
        tones.const("silence", silence), tones.const("languages", tags[0]), tones.const("norms", tags[1]), tones.const("middle", middle),
    ]
    i32 = TensorProto.INT32
    ints = lambda x: ",".join(f"{f:.5g}" for f in x)  # noqa: E731
    tones.write(HERE / "model.onnx", nodes,
                [tones.port("x", ["N", "T", 560]), tones.port("x_length", ["N"], i32), tones.port("language", ["N"], i32),
                 tones.port("text_norm", ["N"], i32)], [tones.port("logits", ["N", "L", v])], constants, {
                    "model_type": "sense_voice_ctc", "version": 1, "comment": "tones", "vocab_size": v, "normalize_samples": 0, "lfr_window_size": WINDOW,
                    "lfr_window_shift": SHIFT, "with_itn": WITH, "without_itn": WITHOUT, "lang_auto": 0, "lang_zh": 3, "lang_en": 4,
                    "lang_yue": 7, "lang_ja": 11, "lang_ko": 12, "neg_mean": ints(neg_mean), "inv_stddev": ints(inv_stddev)})
    tones.write_tokens(HERE / "tokens.txt", TOKENS)


def peer():
    """Columns: units, language, model's own ITN, text, times of the tokens, language heard, emotion, event."""
    import sherpa_onnx

    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for language, itn in (("zh", False), ("zh", True), ("en", False)):
            r = sherpa_onnx.OfflineRecognizer.from_sense_voice(str(HERE / "model.onnx"), str(HERE / "tokens.txt"), language=language, use_itn=itn)
            for units in ((0, 1, 2, 3), (5, 7, 4, 6), (0, 0, 1), ()):
                got = tones.heard_by_sherpa(r, tones.say(units))
                print(*tones.row(units, language, int(itn), got.text, got.timestamps, got.lang, got.emotion, got.event), sep="\t", file=out)


build()
if "--peer" in sys.argv:
    peer()
