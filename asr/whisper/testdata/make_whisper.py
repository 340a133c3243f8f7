"""Writes encoder.onnx, decoder.onnx and tokens.txt: graphs with the ports and metadata of sherpa-onnx's Whisper exports that hear the
tones of asr/segment/testdata/tones.py, and mel.tsv, the log-mel spectrogram of the reference definition (openai/whisper, audio.py).

The encoder puts the n-th tone into row n of cross_k. The decoder counts the positions that its self-attention cache holds to know which
row comes next, and reads from it which language the prompt asked for: a loop that loses its cache, its offset or its prompt says nonsense.

With --peer the same files are run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy kaldi-native-fbank sherpa-onnx && python asr/whisper/testdata/make_whisper.py --peer
"""

import base64
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

# Unit u of the tones is token u; 退 is cut between its bytes. In English unit 5 is three.
TEXT = ["我", "要", b"\xe9\x80", b"\x80", " T", "三", "shirt", "件", " three", " ", " -", "(", " ♪"]
SPECIAL = ["eot", "sot", "en", "zh", "translate", "transcribe", "startoflm", "startofprev", "no_speech", "no_timestamps"]
ID = {name: len(TEXT) + i for i, name in enumerate(SPECIAL)}
TIMES = 5
VOCAB = len(TEXT) + len(SPECIAL) + TIMES
LAYERS, CONTEXT, STATE, MELS = 2, 48, 8, 80
PROMPT = 4


def mel_filters(n_mels):
    """Slaney's mel scale, triangles of equal area, as librosa.filters.mel(sr=16000, n_fft=400) makes them."""
    hz_of = lambda m: np.where(m < 15, m * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)))  # noqa: E731
    top = 15 + np.log(8000 / 1000) / (np.log(6.4) / 27)
    corners = hz_of(np.linspace(0, top, n_mels + 2))
    fft = np.linspace(0, 8000, 201)
    rise = (fft[None] - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    fall = (corners[2:, None] - fft[None]) / (corners[2:] - corners[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall)) * (2 / (corners[2:] - corners[:-2]))[:, None]


def reference_mel(pcm, tail, n_mels):
    """[frames, n_mels]: centred frames of 400 under a periodic Hann window, the last one dropped."""
    x = np.concatenate([pcm.astype(np.float64) / 32768, np.zeros(tail)])
    padded = np.pad(x, 200, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    frames = np.stack([padded[i * 160 : i * 160 + 400] * window for i in range(len(x) // 160)])
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    log = np.log10(np.maximum(power @ mel_filters(n_mels).T, 1e-10))
    return (np.maximum(log, log.max() - 8) + 4) / 4


def encoder():
    bins, floors = [], []
    for u in range(8):
        f = reference_mel(tones.tone(u, 4800), 0, MELS)[5:-5].mean(0)
        bins.append(int(f.argmax()))
        floors.append(f.max() - tones.MARGIN / np.log(10) / 4)
    f32, i64 = TensorProto.FLOAT, TensorProto.INT64
    n, c = helper.make_node, tones.const
    nodes = [
        n("Gather", ["mel", "bins"], ["seen"], axis=1), n("Greater", ["seen", "floors"], ["on"]), n("Cast", ["on"], ["gates"], to=f32),
        # Onsets, as in Paraformer's test graph, but with time on the last axis.
        n("MatMul", ["numbers", "gates"], ["class"]), n("Pad", ["class", "shift"], ["before"]), n("Sub", ["class", "before"], ["change"]),
        n("Abs", ["change"], ["changed"]), n("Mul", ["changed", "class"], ["begins"]), n("Greater", ["begins", "half"], ["new"]),
        # The click at a tone's edge opens other gates, for less than four frames.
        n("Pad", ["class", "ahead"], ["after"]), n("Equal", ["class", "after"], ["lasts"]), n("And", ["new", "lasts"], ["fires"]),
        n("Cast", ["fires"], ["fire"], to=f32), n("CumSum", ["fire", "two"], ["count"]),
        n("Shape", ["mel"], ["shape"]), n("Gather", ["shape", "two"], ["frames"]), n("Div", ["frames", "two"], ["rows"]),
        n("Range", ["zero", "rows", "one"], ["place"]), n("Cast", ["place"], ["placef"], to=f32), n("Unsqueeze", ["placef", "axis1"], ["place2"]),
        n("Add", ["place2", "onef"], ["nth"]), n("Equal", ["count", "nth"], ["same"]), n("Cast", ["same"], ["samef"], to=f32),
        n("Mul", ["samef", "fire"], ["which"]), n("Transpose", ["gates"], ["gates_t"], perm=[0, 2, 1]), n("MatMul", ["which", "gates_t"], ["heard"]),
        n("Unsqueeze", ["heard", "axis0"], ["layer"]), n("Concat", ["layer"] * LAYERS, ["n_layer_cross_k"], axis=0),
        n("Mul", ["n_layer_cross_k", "half"], ["n_layer_cross_v"]),
    ]
    constants = [c("bins", np.array(bins, np.int64)), c("floors", np.array(floors, np.float32)[:, None]), c("half", np.float32(0.5)),
                 c("numbers", np.arange(1, 9, dtype=np.float32)[None, None]), c("shift", np.array([0, 0, 1, 0, 0, -1], np.int64)),
                 c("ahead", np.array([0, 0, -4, 0, 0, 4], np.int64)),
                 c("two", np.int64(2)), c("zero", np.int64(0)), c("one", np.int64(1)), c("onef", np.float32(1)),
                 c("axis0", np.array([0], np.int64)), c("axis1", np.array([1], np.int64))]
    meta = {"model_type": "whisper-tones", "version": 1, "n_mels": MELS, "n_text_layer": LAYERS, "n_text_ctx": CONTEXT, "n_text_state": STATE,
            "n_vocab": VOCAB, "sot": ID["sot"], "eot": ID["eot"], "blank_id": TEXT.index(" "), "translate": ID["translate"],
            "transcribe": ID["transcribe"], "is_multilingual": 1, "no_timestamps": ID["no_timestamps"], "no_speech": ID["no_speech"],
            "sot_sequence": f"{ID['sot']},{ID['en']},{ID['transcribe']}", "all_language_tokens": f"{ID['en']},{ID['zh']}", "all_language_codes": "en,zh"}
    cross = ["L", "N", "rows", STATE]
    tones.write(HERE / "encoder.onnx", nodes, [tones.port("mel", ["N", MELS, "T"])],
                [tones.port("n_layer_cross_k", cross), tones.port("n_layer_cross_v", cross)], constants, meta)
    assert i64


def decoder():
    f32, i64 = TensorProto.FLOAT, TensorProto.INT64
    hear, english, nothing, first = (np.zeros((8, VOCAB), np.float32), np.zeros((8, VOCAB), np.float32), np.zeros(VOCAB, np.float32), np.zeros(VOCAB, np.float32))
    for u in range(8):
        hear[u, u] = 12
    english[5, TEXT.index(" three")], english[5, 5] = 12, -12
    nothing[ID["eot"]] = 6
    first[ID["zh"]], first[ID["en"]] = 3, 2  # what a prompt of sot alone is answered
    n, c = helper.make_node, tones.const
    nodes = [
        n("Shape", ["tokens"], ["shape"]), n("Gather", ["shape", "one"], ["count"]), n("Range", ["zero", "count", "one"], ["index"]),
        n("Add", ["index", "offset"], ["position"]), n("OneHot", ["position", "context", "off_on"], ["written"], axis=-1),  # [n, ctx]
        n("ReduceSum", ["written", "axis0"], ["mark"], keepdims=0), n("Unsqueeze", ["mark", "axis1"], ["mark2"]),
        n("Add", ["in_n_layer_self_k_cache", "mark2"], ["out_n_layer_self_k_cache"]),
        n("Cast", ["tokens"], ["tokenf"], to=f32), n("MatMul", ["tokenf", "written"], ["ids"]), n("Unsqueeze", ["ids", "axis2"], ["ids3"]),
        n("Add", ["in_n_layer_self_v_cache", "ids3"], ["out_n_layer_self_v_cache"]),
        # How many positions up to mine are in the cache of the last layer.
        n("Slice", ["out_n_layer_self_k_cache", "last", "end", "axes0"], ["k_last"]), n("ReduceMean", ["k_last"], ["filled"], axes=[0, 1, 3], keepdims=0),
        n("Range", ["zero", "context", "one"], ["places"]), n("Unsqueeze", ["position", "axis1"], ["mine"]), n("LessOrEqual", ["places", "mine"], ["seen"]),
        n("Cast", ["seen"], ["seenf"], to=f32), n("MatMul", ["seenf", "filled"], ["before"]), n("Sub", ["before", "prompt"], ["nth"]),
        n("Max", ["nth", "zerof"], ["nth0"]), n("Cast", ["nth0"], ["row"], to=i64),
        n("Slice", ["n_layer_cross_k", "last", "end", "axes0"], ["cross"]), n("Squeeze", ["cross", "axes01"], ["cross2"]), n("Gather", ["cross2", "row"], ["heard"]),
        # The language is what the cache holds at position 1.
        n("Slice", ["out_n_layer_self_v_cache", "one1", "two1", "axes2"], ["v1"]), n("ReduceMax", ["v1"], ["language"], keepdims=0),
        n("Equal", ["language", "en"], ["is_en"]), n("Cast", ["is_en"], ["is_enf"], to=f32), n("Mul", ["english", "is_enf"], ["extra"]),
        n("Add", ["hear", "extra"], ["weights"]), n("MatMul", ["heard", "weights"], ["scores"]), n("Add", ["scores", "nothing"], ["body"]),
        n("Equal", ["position", "zero"], ["at_sot"]), n("Cast", ["at_sot"], ["at_sotf"], to=f32), n("Unsqueeze", ["at_sotf", "axis1"], ["at_sot2"]),
        n("Mul", ["at_sot2", "first"], ["languages"]), n("Add", ["body", "languages"], ["logits2"]), n("Unsqueeze", ["logits2", "axis0"], ["logits"]),
    ]
    vec = lambda name, *v: c(name, np.array(v, np.int64))  # noqa: E731
    constants = [vec("axis0", 0), vec("axis1", 1), vec("axis2", 2), vec("axes0", 0), vec("axes2", 2), vec("axes01", 0, 1),
                 vec("last", LAYERS - 1), vec("end", LAYERS), vec("one1", 1), vec("two1", 2), c("one", np.int64(1)), c("zero", np.int64(0)),
                 c("context", np.int64(CONTEXT)), c("off_on", np.array([0, 1], np.float32)), c("prompt", np.float32(PROMPT)), c("zerof", np.float32(0)),
                 c("en", np.float32(ID["en"])), c("hear", hear), c("english", english), c("nothing", nothing), c("first", first)]
    cache, cross = [LAYERS, "N", CONTEXT, STATE], [LAYERS, "N", "rows", STATE]
    tones.write(HERE / "decoder.onnx", nodes, [
        tones.port("tokens", ["N", "n"], i64), tones.port("in_n_layer_self_k_cache", cache), tones.port("in_n_layer_self_v_cache", cache),
        tones.port("n_layer_cross_k", cross), tones.port("n_layer_cross_v", cross), tones.port("offset", [1], i64)],
        [tones.port("logits", ["N", "n", VOCAB]), tones.port("out_n_layer_self_k_cache", cache), tones.port("out_n_layer_self_v_cache", cache)], constants, {})


def mel_golden():
    """Columns: number of mels, frame, values; of tones with noise, followed by half a second of silence."""
    pcm = tones.noisy(tones.say((0, 4, 7)))
    with open(HERE / "mel.tsv", "w") as out:
        for n_mels, picks in ((80, (0, 1, 2, 40, 77, -52, -51, -50, -1)), (128, (0, 20, 77, -51))):
            m = reference_mel(pcm, 8000, n_mels)
            for i in picks:
                print(n_mels, i % len(m), *(f"{v:.5f}" for v in m[i]), sep="\t", file=out)


def peer():
    """Columns: units, language, text."""
    import sherpa_onnx

    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for language in ("zh", "en"):
            r = sherpa_onnx.OfflineRecognizer.from_whisper(str(HERE / "encoder.onnx"), str(HERE / "decoder.onnx"), str(HERE / "tokens.txt"), language=language)
            for units in ((0, 1, 2, 3, 7), (5, 7, 4, 6), (0, 0, 1), ()):
                print(*tones.row(units, language, tones.heard_by_sherpa(r, tones.say(units)).text), sep="\t", file=out)


encoder()
decoder()
mel_golden()
tones.write_tokens(HERE / "tokens.txt", [base64.b64encode(t if isinstance(t, bytes) else t.encode()).decode() for t in TEXT])
if "--peer" in sys.argv:
    peer()
