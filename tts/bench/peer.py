"""Says sentences with sherpa-onnx, one at a time, for `waggle bench tts --peer`.

    python peer.py FOLDER|GRAPH.onnx      (needs sherpa_onnx 2.0 or later)

Reads one JSON object a line on standard input, {"text","phonemes":[...],"speaker","speed"}, and writes one for each:
{"samples","rate","wall_s","cpu_s","first_s"}. Where phonemes are given (a list of strings, one a phrase) they are used instead of
the text: since 2.0 sherpa-onnx leaves espeak-ng to its callers. One thread, no silence is cut.
"""
import json
import pathlib
import resource
import sys
import time

import sherpa_onnx as so


def find(folder, *patterns):
    for place in (folder, folder.parent):
        for pattern in patterns:
            for path in sorted(place.glob(pattern)):
                return str(path)
    return ""


def model(path):
    folder = path if path.is_dir() else path.parent
    graph = str(path) if path.is_file() else ""
    own = lambda name: str(folder / name) if (folder / name).exists() else ""
    lexicon = ",".join(str(p) for p in sorted(folder.glob("lexicon*.txt")) if "gb-en" not in p.name)
    if own("voices.bin"):
        c = so.OfflineTtsKokoroModelConfig(model=graph or find(folder, "model.onnx", "*.onnx"), voices=own("voices.bin"), tokens=own("tokens.txt"), lexicon=lexicon)
        return so.OfflineTtsModelConfig(kokoro=c, num_threads=1)
    steps = sorted(folder.glob("model-steps-*.onnx"))
    if steps:
        vocoder = find(folder, "vocos*.onnx", "hifigan*.onnx")
        acoustic = graph or own("model-steps-3.onnx") or str(steps[0])
        c = so.OfflineTtsMatchaModelConfig(acoustic_model=acoustic, vocoder=vocoder, tokens=own("tokens.txt"), lexicon=lexicon)
        return so.OfflineTtsModelConfig(matcha=c, num_threads=1)
    c = so.OfflineTtsVitsModelConfig(model=graph or find(folder, "*.onnx"), tokens=own("tokens.txt"), lexicon=lexicon)
    return so.OfflineTtsModelConfig(vits=c, num_threads=1)


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


def main():
    tts = so.OfflineTts(so.OfflineTtsConfig(model=model(pathlib.Path(sys.argv[1])), max_num_sentences=1))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        g = so.GenerationConfig()
        g.sid, g.speed, g.silence_scale = job["speaker"], job["speed"], 1.0
        if job.get("phonemes"):
            g.phoneme_codepoints = [[ord(c) for c in p] for p in job["phonemes"]]
        first = []
        begin, used = time.monotonic(), cpu()

        def heard(samples, progress):
            if not first:
                first.append(time.monotonic() - begin)
            return 1

        audio = tts.generate("" if job.get("phonemes") else job["text"], g, heard)
        wall, used = time.monotonic() - begin, cpu() - used
        print(json.dumps({"samples": len(audio.samples), "rate": audio.sample_rate, "wall_s": wall, "cpu_s": used, "first_s": first[0] if first else wall}), flush=True)


main()
