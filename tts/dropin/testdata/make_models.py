"""Writes one small folder per family of drop-in voices, deterministic to the byte.

    python make_models.py      (needs onnx and numpy)

The graphs have exactly the ports, types, ranks and metadata of the families, but no trained weights: every sample is a
simple function of the token at its place, of its place, and of every scalar input, so a wrong id, tone, blank, style row,
speaker or scale changes the sound by more than the tolerance of the tests.
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h

HERE = pathlib.Path(__file__).parent
HOLD = 6  # samples a token


def const(name, value):
    return h.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(np.asarray(value), name + "_v"))


def save(folder, name, nodes, inputs, outputs, meta):
    graph = h.make_graph(nodes, "g", inputs, outputs)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)], ir_version=8, producer_name="waggle-test")
    for key, value in meta.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.checker.check_model(model)
    path = HERE / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def table(folder, symbols, name="tokens.txt"):
    lines = [f"{s} {i}" for i, s in enumerate(symbols)]
    (HERE / folder).mkdir(exist_ok=True)
    (HERE / folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def words(folder, entries, name="lexicon.txt"):
    (HERE / folder / name).write_text("".join(f"{w} {p}\n" for w, p in entries), encoding="utf-8")


def voiced(tokens, scalars, tones=None):
    """Nodes from tokens [1,L] int64 (and tones) to "held" [1,L,HOLD]; scalars: (name, weight) of one-element floats."""
    n = [
        h.make_node("Cast", [tokens], ["xf"], to=T.FLOAT),
        const("a_token", np.float32(1e-3)), h.make_node("Mul", ["xf", "a_token"], ["v0"]),
        const("axis", np.int64(1)), h.make_node("CumSum", ["xf", "axis"], ["c"]),
        const("a_sum", np.float32(2e-5)), h.make_node("Mul", ["c", "a_sum"], ["v1"]),
        h.make_node("Add", ["v0", "v1"], ["sum0"]),
    ]
    last = "sum0"
    if tones:
        n += [h.make_node("Cast", [tones], ["tf"], to=T.FLOAT), const("a_tone", np.float32(7e-3)),
              h.make_node("Mul", ["tf", "a_tone"], ["v2"]), h.make_node("Add", [last, "v2"], ["sum_t"])]
        last = "sum_t"
    for i, (name, weight) in enumerate(scalars):
        n += [h.make_node("Cast", [name], [f"s{i}"], to=T.FLOAT), const(f"w{i}", np.float32(weight)),
              h.make_node("Mul", [f"s{i}", f"w{i}"], [f"p{i}"]), h.make_node("Add", [last, f"p{i}"], [f"acc{i}"])]
        last = f"acc{i}"
    n += [const("last", np.array([2], np.int64)), h.make_node("Unsqueeze", [last, "last"], ["col"]),
          const("ramp", np.linspace(1, -1, HOLD, dtype=np.float32)), h.make_node("Mul", ["col", "ramp"], ["held"])]
    return n


def flat(nodes, shape, out="y"):
    return nodes + [const("shape", np.array(shape, np.int64)), h.make_node("Reshape", ["held", "shape"], [out])]


def ints(name, *dims):
    return h.make_tensor_value_info(name, T.INT64, dims)


def floats(name, *dims):
    return h.make_tensor_value_info(name, T.FLOAT, dims)


def piece(scales, index, name):
    return [const(name + "_i", np.array([index], np.int64)), h.make_node("Gather", [scales, name + "_i"], [name], axis=0)]


IPA = list("_^$ !'(),-.:;?abdefhijklmnopqstuvwxyzŋɑɔəɛɜɡɪɹʃʊʌʒθðʰˈˌː12345ɕχʲ")


def piper(folder, language, voice, speakers):
    nodes = piece("scales", 0, "noise") + piece("scales", 1, "length") + piece("scales", 2, "noise_w")
    inputs = [ints("input", "N", "L"), ints("input_lengths", "N"), floats("scales", 3)]
    scalars = [("input_lengths", 1e-4), ("noise", 1e-2), ("length", 2e-1), ("noise_w", 3e-2)]
    if speakers > 1:
        inputs.append(ints("sid", "N"))
        scalars.append(("sid", 5e-2))
    save(folder, "model.onnx", flat(nodes + voiced("input", scalars), [1, 1, -1], "output"), inputs, [floats("output", "N", 1, "T")], dict(
        model_type="vits", comment="piper", language=language, voice=voice, has_espeak=1, n_speakers=speakers, sample_rate=22050))
    table(folder, IPA)


def coqui():
    nodes = piece("scales", 0, "noise") + piece("scales", 1, "length") + piece("scales", 2, "noise_w")
    save("coqui", "model.onnx", flat(nodes + voiced("input", [("input_lengths", 1e-4), ("noise", 1e-2), ("length", 2e-1), ("noise_w", 3e-2)]), [1, 1, -1], "output"),
         [ints("input", "N", "L"), ints("input_lengths", "N"), floats("scales", 3)], [floats("output", "N", 1, "T")],
         dict(model_type="vits", comment="coqui", language="English", voice="en-us", has_espeak=1, n_speakers=0, sample_rate=22050,
              add_blank=1, use_eos_bos=1, blank_id=61, bos_id=1, eos_id=2, pad_id=0, frontend=""))
    table("coqui", IPA + ["<BLNK>"])


def characters():
    nodes = piece("scales", 0, "noise") + piece("scales", 1, "length") + piece("scales", 2, "noise_w")
    save("characters", "model.onnx", flat(nodes + voiced("input", [("input_lengths", 1e-4), ("noise", 1e-2), ("length", 2e-1), ("noise_w", 3e-2)]), [1, 1, -1], "output"),
         [ints("input", "N", "L"), ints("input_lengths", "N"), floats("scales", 3)], [floats("output", "N", 1, "T")],
         dict(model_type="vits", comment="coqui", language="English", n_speakers=0, sample_rate=22050,
              add_blank=1, use_eos_bos=0, blank_id=36, bos_id=0, eos_id=0, pad_id=0, frontend="characters"))
    table("characters", ["_"] + list(" abcdefghijklmnopqrstuvwxyz!',-.:;?") + ["<BLNK>"])


PINYIN = [("你", "n i3"), ("好", "h ao3"), ("你好", "n i2 h ao3"), ("今", "j in1"), ("天", "t ian1"), ("今天", "j in1 t ian1"),
          ("的", "d e5"), ("快", "k uai4"), ("递", "d i4"), ("快递", "k uai4 d i4"), ("到", "d ao4"), ("了", "l e5"),
          ("行", "x ing2"), ("银", "y in2"), ("银行", "y in2 h ang2"), ("请", "q ing3"), ("稍", "sh ao1"), ("等", "d eng3"),
          ("一", "y i1"), ("二", "er4"), ("三", "s an1"), ("十", "sh i2"), ("元", "y van2"), ("您", "n in2"), ("中", "zh ong1"), ("国", "g uo2"),
          ("母", "m u3"), ("恩", "en1")]
PHONES = sorted({p for _, line in PINYIN for p in line.split()})


def aishell3():
    save("aishell3", "vits-aishell3.onnx",
         flat(voiced("x", [("x_lengths", 1e-4), ("noise_scale", 1e-2), ("length_scale", 2e-1), ("noise_scale_w", 3e-2), ("sid", 5e-3)]), [1, -1]),
         [ints("x", "N", "L"), ints("x_lengths", "N"), floats("noise_scale", 1), floats("length_scale", 1), floats("noise_scale_w", 1), ints("sid", "N")],
         [floats("y", "N", "T")],
         dict(model_type="vits", comment="aishell3", language="Chinese", add_blank=1, n_speakers=4, sample_rate=8000,
              punctuation="， 。 ！ ？ ；"))
    table("aishell3", ["_", "sil", "eos", "#0"] + PHONES)
    words("aishell3", PINYIN)


def icefall():
    save("icefall", "model.onnx",
         flat(voiced("tokens", [("tokens_lens", 1e-4), ("noise_scale", 1e-2), ("alpha", 2e-1), ("noise_scale_dur", 3e-2), ("speaker", 5e-3)]), [-1], "audio"),
         [ints("tokens", "N", "L"), ints("tokens_lens", "N"), floats("noise_scale", 1), floats("alpha", 1), floats("noise_scale_dur", 1), ints("speaker", "N")],
         [floats("audio", "T")],
         dict(model_type="vits", comment="icefall", language="Chinese", add_blank=0, n_speakers=3, sample_rate=16000, punctuation="， 。 ！ ？"))
    table("icefall", ["_", "sil", "eos", "，", "。"] + PHONES)
    words("icefall", PINYIN)


def melo():
    split = []
    for word, line in PINYIN:
        phones, tones = [], []
        for p in line.split():
            tone = int(p[-1]) if p[-1].isdigit() else 0
            phones.append(p.rstrip("12345"))
            tones.append(str(tone))
        split.append((word, " ".join(phones + tones)))
    split += [("hello", "hh ah l ow 7 7 8 8"), ("ok", "ow k ey 9 7 8"), ("a", "ey 8"), ("p", "p iy 7 8"), ("i", "ay 8"), ("v", "v iy 7 8")]
    phones = sorted({p for _, line in split for p in line.split() if not p.isdigit()})
    save("melo", "model.onnx",
         flat(voiced("x", [("x_lengths", 1e-4), ("sid", 5e-3), ("noise_scale", 1e-2), ("length_scale", 2e-1), ("noise_scale_w", 3e-2)], "tones"), [1, 1, -1]),
         [ints("x", "N", "L"), ints("x_lengths", "N"), ints("tones", "N", "L"), ints("sid", 1), floats("noise_scale", 1), floats("length_scale", 1), floats("noise_scale_w", 1)],
         [floats("y", "N", "S", "T")],
         dict(model_type="melo-vits", comment="melo", version=2, language="Chinese + English", add_blank=1, n_speakers=1, jieba=1,
              speaker_id=1, sample_rate=44100, bert_dim=1024, ja_bert_dim=768, tone_start=0, lang_id=3))
    table("melo", ["_"] + phones + ["!", "?", ",", ".", "UNK"])
    words("melo", split)


def pinyin_piper():
    nodes = piece("scales", 0, "noise") + piece("scales", 1, "length") + piece("scales", 2, "noise_w")
    save("pinyin", "zh_CN-test-medium.onnx", flat(nodes + voiced("input", [("input_lengths", 1e-4), ("noise", 1e-2), ("length", 2e-1), ("noise_w", 3e-2)]), [1, 1, -1], "output"),
         [ints("input", "N", "L"), ints("input_lengths", "N"), floats("scales", 3)], [floats("output", "N", 1, "T")],
         dict(model_type="vits", comment="piper", language="Chinese", voice="", has_espeak=0, has_g2pw=1, n_speakers=1, sample_rate=22050))
    table("pinyin", ["_", "^", "$", " ", ",", ".", "!", "?"] + PHONES)
    words("pinyin", PINYIN)


def mel(tokens, scalars):
    """Nodes from tokens to "mel" [1,80,T], two frames a token."""
    nodes = voiced(tokens, scalars)[:-2]  # up to "col" [1,L,1]
    return nodes + [
        const("band", (np.sin(np.arange(80) * 0.7) + 0.01 * np.arange(80)).astype(np.float32)),
        h.make_node("Mul", ["col", "band"], ["rows"]),
        const("twice", np.array([1, 1, 2], np.int64)), h.make_node("Tile", ["rows", "twice"], ["wide"]),
        const("frames", np.array([1, -1, 80], np.int64)), h.make_node("Reshape", ["wide", "frames"], ["steps"]),
        h.make_node("Transpose", ["steps"], ["mel"], perm=[0, 2, 1]),
    ]


def vocos(folder, name, n_fft, hop, win, rate, **meta):
    bins = n_fft // 2 + 1
    nodes = [
        const("bin", (np.arange(bins, dtype=np.float32)[:, None])), const("band", np.arange(80, dtype=np.float32)[None]),
        h.make_node("MatMul", ["bin", "band"], ["grid"]), const("w", np.float32(0.37)), h.make_node("Mul", ["grid", "w"], ["angle"]),
        h.make_node("Sin", ["angle"], ["matrix"]), h.make_node("MatMul", ["matrix", "mels"], ["raw"]),
        h.make_node("Tanh", ["raw"], ["small"]), h.make_node("Exp", ["small"], ["mag"]),
        h.make_node("Cos", ["raw"], ["x"]), h.make_node("Sin", ["raw"], ["y"]),
    ]
    out = [floats(n, "N", bins, "T") for n in ("mag", "x", "y")]
    save(folder, name, nodes, [floats("mels", "N", 80, "T")], out,
         dict(model_type="vocos", n_fft=n_fft, hop_length=hop, win_length=win, sample_rate=rate, **meta))


def hifigan(folder, name):
    nodes = [
        const("channel", np.array([1], np.int64)), h.make_node("ReduceMean", ["mel"], ["mean"], axes=[1], keepdims=1),
        h.make_node("Transpose", ["mean"], ["col"], perm=[0, 2, 1]), const("ramp", np.linspace(1, -1, 16, dtype=np.float32)),
        h.make_node("Mul", ["col", "ramp"], ["held"]), const("shape", np.array([1, 1, -1], np.int64)),
        h.make_node("Reshape", ["held", "shape"], ["audio"]),
    ]
    save(folder, name, nodes[1:], [floats("mel", "N", 80, "T")], [floats("audio", "N", 1, "L")], dict(model_type="hifigan", sample_rate=22050))


def matcha():
    save("matcha-zh", "model-steps-3.onnx",
         mel("x", [("x_length", 1e-3), ("noise_scale", 1e-1), ("length_scale", 2e-1)]),
         [ints("x", "N", "L"), ints("x_length", "N"), floats("noise_scale", 1), floats("length_scale", 1)], [floats("mel", "N", 80, "T")],
         dict(model_type="matcha-tts", language="Chinese", jieba=1, n_speakers=1, sample_rate=22050, version=1, use_eos_bos=0, pad_id=0, voice="zh"))
    table("matcha-zh", ["_", ",", ".", "?", "!"] + PHONES)
    words("matcha-zh", PINYIN)
    vocos("matcha-zh", "vocos-22khz-univ.onnx", 1024, 256, 1024, 22050, center=1, normalized=0, window_type="hann", pad_mode="reflect")
    # the scales as one input, as Matcha-TTS itself exports it, espeak phonemes, several speakers
    save("matcha-en", "model-steps-6.onnx",
         piece("scales", 0, "noise") + piece("scales", 1, "length") + mel("x", [("x_lengths", 1e-3), ("noise", 1e-1), ("length", 2e-1)]),
         [ints("x", "N", "L"), ints("x_lengths", "N"), floats("scales", 2)], [floats("mel", "N", 80, "T")],
         dict(model_type="matcha-tts", language="English", has_espeak=1, n_speakers=1, sample_rate=22050, version=1, use_eos_bos=1, pad_id=0, voice="en-us"))
    table("matcha-en", IPA)
    hifigan("matcha-en", "hifigan_v2.onnx")


def kokoro():
    rng = np.random.default_rng(7)
    rows, width, speakers = 40, 8, 3
    nodes = [const("taste", np.linspace(0.2, 1, width, dtype=np.float32)), h.make_node("Mul", ["style", "taste"], ["tasted"]),
             const("over", np.array([1], np.int64)), h.make_node("ReduceSum", ["tasted", "over"], ["flavour"], keepdims=0)]
    save("kokoro", "model.onnx", flat(nodes + voiced("tokens", [("flavour", 1e-1), ("speed", 2e-1)]), [-1], "audio"),
         [ints("tokens", 1, "L"), floats("style", 1, width), floats("speed", 1)], [floats("audio", "T")],
         dict(model_type="kokoro", language="multi-lang, e.g., English, Chinese", has_espeak=1, sample_rate=24000, version=2, voice="en-us",
              style_dim=f"{rows},1,{width}", n_speakers=speakers, speaker_names="af_heart,zf_xiaobei,zm_yunxi"))
    (HERE / "kokoro" / "voices.bin").write_bytes(rng.uniform(-1, 1, (speakers, rows, width)).astype("<f4").tobytes())
    table("kokoro", ["$", ";", ":", ",", ".", "!", "?", "—", "…", '"', "(", ")", "“", "”", " "] + list("abdefhijklmnopqrstuwxz") + list("ɑðəɛɜɡɥɪʂʃʊʐʦʨ→↗↘↓") + list("ˈˌ"))
    words("kokoro", [("hello", "h ə l ˈ o ʊ"), ("there", "ð ɛ r"), ("ok", "o ʊ k e ɪ"), ("a", "e ɪ"), ("p", "p i")], "lexicon-us-en.txt")
    words("kokoro", [("你", "n i ↓"), ("好", "x a ʊ ↓"), ("你好", "n i ↗ x a ʊ ↓"), ("快", "k w a i ↘"), ("递", "t i ↘"), ("快递", "k w a i ↘ t i ↘"),
                     ("到", "t a ʊ ↘"), ("了", "l ə"), ("一", "i →"), ("三", "s a n →"), ("元", "ɥ ɛ n ↗"), ("十", "ʂ ʐ ↗")], "lexicon-zh.txt")


def hostile():
    """Graphs with good ports and metadata that give no sound."""
    ports = [ints("input", "N", "L"), ints("input_lengths", "N"), floats("scales", 3)]
    meta = dict(model_type="vits", comment="coqui", language="English", n_speakers=0, sample_rate=8000, frontend="characters", use_eos_bos=0)
    zero = [const("nil", np.float32(0)), h.make_node("Mul", ["scales", "nil"], ["z"])]
    sound = [floats("y", "T")]
    save("hostile", "nan.onnx", zero + [h.make_node("Div", ["z", "z"], ["y"])], ports, sound, meta)
    save("hostile", "endless.onnx", zero + [const("times", np.array([8000 * 41], np.int64)), h.make_node("Tile", ["z", "times"], ["y"])], ports, sound, meta)
    save("hostile", "silent.onnx", zero + [const("none", np.array([0], np.int64)), h.make_node("Slice", ["z", "none", "none"], ["y"])], ports, sound, meta)
    save("hostile", "ports.onnx", [h.make_node("Identity", ["scales"], ["y"])], [floats("scales", 3)], sound, meta)
    save("hostile", "stranger.onnx", [h.make_node("Identity", ["scales"], ["y"])], [floats("scales", 3)], sound, dict(model_type="whisper"))
    save("hostile", "number.onnx", [h.make_node("Identity", ["input"], ["y"])], ports, [ints("y", "N", "L")], meta)
    save("hostile", "speakers.onnx", zero + [h.make_node("Identity", ["z"], ["y"])], ports, sound, {**meta, "n_speakers": -3})
    save("hostile", "rate.onnx", zero + [h.make_node("Identity", ["z"], ["y"])], ports, sound, {**meta, "sample_rate": 10**9})
    mel = [ints("x", "N", "L"), ints("x_length", "N"), floats("noise_scale", 1), floats("length_scale", 1)]
    flow = dict(model_type="matcha-tts", language="Chinese", jieba=1, n_speakers=1, sample_rate=22050, use_eos_bos=0, pad_id=0, has_espeak=0)
    save("hostile", "mel.onnx", [const("cube", np.array([1, 81, 2], np.int64)), h.make_node("Expand", ["noise_scale", "cube"], ["mel"])], mel,
         [floats("mel", "N", 81, "T")], flow)
    vocos("hostile", "vocos-small.onnx", 64, 16, 64, 22050)
    vocos("hostile", "vocos-16khz.onnx", 64, 16, 64, 16000)
    table("hostile", ["_"] + sorted(set("abcdehlotr .") | set(PHONES)))
    words("hostile", PINYIN)


if __name__ == "__main__":
    piper("piper-en", "English", "en-us", 1)
    piper("piper-many", "English", "en-us", 3)
    piper("piper-zh", "Chinese", "cmn", 1)
    coqui(), characters(), aishell3(), icefall(), melo(), pinyin_piper(), matcha(), kokoro(), hostile()
