"""How fast sherpa-onnx is with a streaming model: what `waggle bench asr --model DIR --peer PYTHON` runs beside its own figures.

Prints one JSON object with the fields of Waggle's report. One thread; every stream hears the WAV (16 kHz, mono, 16 bits), cut into
utterances of --utterance seconds and repeated, each followed by --pause seconds of faint noise and by --tail seconds of it that
push out the last words and do not count as sound; Waggle does the same by itself. Sound comes in pieces of 160 ms, which spares
the calls from Python, and streams that are ready are decoded together, as sherpa-onnx's own servers do.

Run: pip install sherpa-onnx numpy && python asr/bench/peer.py --model DIR --wav FILE [--together 1,4,8,16,32] [-n 12]
"""

import argparse
import json
import time
import wave
from pathlib import Path

import numpy as np
import sherpa_onnx

RATE, PIECE = 16000, 2560


def part(folder, name):
    """The 8-bit form of a graph where there is one, as Waggle takes it."""
    found = sorted((p for p in folder.glob("*.onnx") if name in p.name), key=lambda p: (".int8." not in p.name, p.name))
    return str(found[0]) if found else None


def recognizer(folder):
    common = {"tokens": str(folder / "tokens.txt"), "num_threads": 1}
    encoder, decoder, joiner = part(folder, "encoder"), part(folder, "decoder"), part(folder, "joiner")
    if joiner:
        return sherpa_onnx.OnlineRecognizer.from_transducer(encoder=encoder, decoder=decoder, joiner=joiner, **common)
    if encoder:
        return sherpa_onnx.OnlineRecognizer.from_paraformer(encoder=encoder, decoder=decoder, **common)
    return sherpa_onnx.OnlineRecognizer.from_zipformer2_ctc(model=part(folder, ""), **common)


def decode(ear, streams):
    while ready := [s for s in streams if ear.is_ready(s)]:
        if len(ready) == 1:
            ear.decode_stream(ready[0])
        else:
            ear.decode_streams(ready)


def hear(ear, pieces, tail, count):
    """`count` streams hear the pieces, and the tail at their end; how long the end took, in seconds."""
    streams = [ear.create_stream() for _ in range(count)]
    for piece in pieces:
        for s in streams:
            s.accept_waveform(RATE, piece)
        decode(ear, streams)
    begin = time.perf_counter()
    for s in streams:
        s.accept_waveform(RATE, tail)
        s.input_finished()
    decode(ear, streams)
    for s in streams:
        ear.get_result(s)
    return time.perf_counter() - begin


def measure(ear, utterances, tail, count, rounds):
    """Real time, processor time and the times of the ends, over that many utterances of every stream."""
    cpu, begin, ends = time.process_time(), time.perf_counter(), []
    for i in range(rounds):
        ends.append(hear(ear, utterances[i % len(utterances)], tail, count))
    return time.perf_counter() - begin, time.process_time() - cpu, ends


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--wav", required=True)
    parser.add_argument("--together", default="1,4,8,16,32")
    parser.add_argument("-n", type=int, default=12, help="utterances")
    parser.add_argument("--utterance", type=float, default=4.0)
    parser.add_argument("--pause", type=float, default=0.28)
    parser.add_argument("--tail", type=float, default=0.3)
    args = parser.parse_args()
    with wave.open(args.wav) as f:
        sound = np.frombuffer(f.readframes(f.getnframes()), np.int16).astype(np.float32) / 32768
    length = int(args.utterance * RATE)
    sound = np.tile(sound, -(-length // len(sound)))
    pause, tail = (np.random.default_rng(1).normal(0, 3e-5, int(s * RATE)).astype(np.float32) for s in (args.pause, args.tail))
    utterances = []
    for at in range(0, len(sound) - length + 1, length):
        whole = np.concatenate([sound[at:at + length], pause])
        utterances.append([whole[i:i + PIECE] for i in range(0, len(whole), PIECE)])
    ear = recognizer(args.model)
    hear(ear, utterances[0], tail, 1)
    seconds = args.n * (args.utterance + args.pause)
    wall, cpu, ends = measure(ear, utterances, tail, 1, args.n)
    report = {"version": sherpa_onnx.__version__, "rtf": wall / seconds, "cpu_rtf": cpu / seconds, "utterances": args.n, "audio_s": seconds,
              "final_ms_p50": 1000 * float(np.quantile(ends, 0.5)), "final_ms_p95": 1000 * float(np.quantile(ends, 0.95)), "together": []}
    for count in map(int, args.together.split(",")):
        rounds = max(1, args.n // count)
        _, cpu, _ = measure(ear, utterances, tail, count, rounds)
        report["together"].append({"streams": count, "per_core": count * rounds * (args.utterance + args.pause) / cpu})
    report["streams_per_core"] = max(d["per_core"] for d in report["together"])
    print(json.dumps(report))


if __name__ == "__main__":
    main()
