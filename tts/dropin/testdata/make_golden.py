"""Writes golden.json: what sherpa-onnx makes of the voices beside this file.

    python make_golden.py      (needs sherpa_onnx 2.0.1 or later, and numpy)

A case gives text; where the family's phonemes come from espeak-ng, which sherpa-onnx has left to its callers since 2.0, it gives the
phonemes too. Where the two agree on the ids, the samples must be equal; they are known to differ in this, and the cases keep clear of it:

  * aishell3, icefall: sherpa-onnx looks up characters one by one unless a rule FST marks a word; Waggle takes the longest word.
    sherpa-onnx does not cut at commas.
  * MeloTTS: sherpa-onnx cuts at every comma; Waggle joins a clause of less than five characters to the next one.
  * Kokoro: sherpa-onnx 2.0.1 writes the final mark once more behind the closing id 0, and takes the style of one token more.
  * numbers, dates, codes: rule FSTs there, tts/spoken here.

"stride" thins out long sounds. "more" says why sherpa-onnx makes more sound than Waggle: only the beginning is compared.
"""
import json
import pathlib

import numpy as np
import sherpa_onnx as so

HERE = pathlib.Path(__file__).parent
HELLO = "həlˈoʊ ðˈɛɹ"
NIHAO = "nˈi3 χˈɑu2"
EMPTY = "sherpa-onnx runs the graph once more on an empty sentence behind the last mark"
CASES = [
    dict(voice="piper-en", text="Hello there.", phonemes=HELLO + "."),
    dict(voice="piper-en", text="Hello there?", phonemes=HELLO + "?", speed=1.25),
    dict(voice="piper-many", text="Hello there.", phonemes=HELLO + ".", sid=2),
    dict(voice="piper-zh", text="你好。", phonemes=NIHAO + "."),
    dict(voice="coqui", text="Hello there.", phonemes=HELLO + "."),
    dict(voice="coqui", text="Hello there!", phonemes=HELLO + "!", speed=0.8),
    dict(voice="characters", text="Hello there."),
    dict(voice="aishell3", text="快递到了", sid=2),
    dict(voice="aishell3", text="快递到了，请稍等", sid=3, speed=0.8),
    dict(voice="aishell3", text="快递到了；", sid=1, more=EMPTY),
    dict(voice="icefall", text="今天快递到了", sid=2),
    dict(voice="icefall", text="快递到了，请稍等。", sid=1, more=EMPTY),
    dict(voice="melo", text="今天快递到了，hello 你好 ok。"),
    dict(voice="melo", text="您的VIP快递到了！", speed=1.5),
    dict(voice="melo", text="嗯今天快递到了？"),
    dict(voice="pinyin", text="今天快递到了，你好。", more=EMPTY),
    dict(voice="matcha-zh", text="今天快递到了，你好。", stride=41),
    dict(voice="matcha-zh", text="银行今天请稍等？", stride=41, speed=1.25),
    dict(voice="matcha-en", text="Hello there.", phonemes=HELLO + "."),
    dict(voice="kokoro", text="你好，快递到了", sid=1),
    dict(voice="kokoro", text="hello there ok", sid=2, speed=1.25),
    dict(voice="kokoro", text="你好 hello，快递到了", sid=0),
]


def path(voice, name):
    p = HERE / voice / name
    return str(p) if p.exists() else ""


def model(voice):
    tokens = path(voice, "tokens.txt")
    if voice.startswith("matcha"):
        graph = next((HERE / voice).glob("model-steps*.onnx"))
        vocoder = path(voice, "vocos-22khz-univ.onnx") or path(voice, "hifigan_v2.onnx")
        c = so.OfflineTtsMatchaModelConfig(acoustic_model=str(graph), vocoder=vocoder, lexicon=path(voice, "lexicon.txt"), tokens=tokens)
        return so.OfflineTtsModelConfig(matcha=c)
    if voice == "kokoro":
        lexicons = path(voice, "lexicon-us-en.txt") + "," + path(voice, "lexicon-zh.txt")
        c = so.OfflineTtsKokoroModelConfig(model=path(voice, "model.onnx"), voices=path(voice, "voices.bin"), lexicon=lexicons, tokens=tokens)
        return so.OfflineTtsModelConfig(kokoro=c)
    graph = next((HERE / voice).glob("*.onnx"))
    c = so.OfflineTtsVitsModelConfig(model=str(graph), lexicon=path(voice, "lexicon.txt"), tokens=tokens)
    return so.OfflineTtsModelConfig(vits=c)


def main():
    out = []
    for case in CASES:
        tts = so.OfflineTts(so.OfflineTtsConfig(model=model(case["voice"]), max_num_sentences=1))
        g = so.GenerationConfig()
        g.sid, g.speed, g.silence_scale = case.get("sid", 0), case.get("speed", 1.0), 1.0
        if "phonemes" in case:
            g.phoneme_codepoints = [[ord(c) for c in case["phonemes"]]]
        samples = np.array(tts.generate("" if "phonemes" in case else case["text"], g).samples)
        thin = samples[:: case.get("stride", 1)]
        out.append({**case, "length": len(samples), "samples": [round(float(x), 6) for x in thin]})
        print(case["voice"], case["text"], len(samples))
    lines = ",\n".join(json.dumps(c, ensure_ascii=False, separators=(",", ":")) for c in out)
    (HERE / "golden.json").write_text("[\n" + lines + "\n]\n", encoding="utf-8")


main()
