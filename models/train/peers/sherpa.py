"""What sherpa-onnx makes of recordings with a streaming model, written to golden.jsonl in the model's folder, one JSON object a file.

Waggle's test of asr/dropin reads the same recordings with the same model and compares texts, tokens and times:
    WAGGLE_PEER_MODELS=DIR go test ./asr/dropin -run Sherpa

The folder is told apart by its files: model*.onnx is zipformer2 CTC, encoder+decoder+joiner a transducer, encoder+decoder a streaming
Paraformer. 0.8 s of silence follow every recording, so that the last words come out.

Run: pip install sherpa-onnx soundfile numpy && python models/train/peers/sherpa.py DIR [--method modified_beam_search]
     [--hotwords "PHRASE PHRASE"] WAV...
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

import numpy as np
import sherpa_onnx
import soundfile


def one(folder, part):
    files = sorted(f for f in folder.glob("*.onnx") if part in f.name)
    return str(files[0]) if files else None


def recognizer(folder, method="greedy_search", hotwords=""):
    """Opens whatever family the folder holds."""
    common = {"tokens": str(folder / "tokens.txt"), "num_threads": 1}
    encoder, decoder, joiner = (one(folder, part) for part in ("encoder", "decoder", "joiner"))
    if joiner:
        return sherpa_onnx.OnlineRecognizer.from_transducer(
            encoder=encoder, decoder=decoder, joiner=joiner, decoding_method=method, hotwords_file=hotwords, **common)
    if encoder:
        return sherpa_onnx.OnlineRecognizer.from_paraformer(encoder=encoder, decoder=decoder, **common)
    return sherpa_onnx.OnlineRecognizer.from_zipformer2_ctc(model=one(folder, ""), **common)


def hear(ear, path, tail=0.8):
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    stream = ear.create_stream()
    stream.accept_waveform(rate, sound[:, 0])
    stream.accept_waveform(rate, np.zeros(int(tail * rate), np.float32))
    stream.input_finished()
    while ear.is_ready(stream):
        ear.decode_stream(stream)
    result = ear.get_result_all(stream)
    return {"text": result.text, "tokens": list(result.tokens), "times": [round(t, 3) for t in result.timestamps]}


def hotwords_file(phrases):
    """sherpa-onnx takes a file of phrases, one a line."""
    if not phrases:
        return ""
    path = Path(tempfile.mkdtemp()) / "hotwords.txt"
    path.write_text("\n".join(phrases.split()) + "\n", encoding="utf-8")
    return str(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--method", default="greedy_search")
    parser.add_argument("--hotwords", default="", help="phrases separated by spaces")
    parser.add_argument("--append", action="store_true", help="keep what golden.jsonl holds")
    parser.add_argument("model", type=Path)
    parser.add_argument("recordings", type=Path, nargs="+")
    args = parser.parse_args()
    ear = recognizer(args.model, args.method, hotwords_file(args.hotwords))
    with open(args.model / "golden.jsonl", "a" if args.append else "w", encoding="utf-8") as f:
        for path in args.recordings:
            row = hear(ear, path) | {"method": args.method, "hotwords": args.hotwords, "file": os.path.relpath(path, args.model)}
            line = json.dumps(row, ensure_ascii=False)
            print(line, file=f)
            print(line, flush=True)


if __name__ == "__main__":
    main()
