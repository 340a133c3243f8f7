"""A language of tones for graphs that need no training: every unit is one pitch, and a graph that looks at one mel bin per pitch hears it.

The sound is made by integer arithmetic only, so that Go (asr/segment/segmenttest) and Python make the same samples. The make_*.py scripts
of the offline families import this module.
"""

import wave
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

RATE = 16000
# Samples per period of unit 0, 1, ...: 320 Hz to 3,200 Hz.
PERIODS = (50, 40, 32, 25, 20, 16, 10, 5)
HEIGHT = 8000
MARGIN = 2  # nepers of energy below a pitch's level at which its gate opens; harmonics lie 4.4 lower


def tone(unit, samples):
    """A triangle wave; unit -1 is digital silence."""
    if unit < 0:
        return np.zeros(samples, np.int16)
    period = PERIODS[unit]
    phase = np.arange(samples, dtype=np.int64) % period
    return (np.abs(4 * phase * HEIGHT // period - 2 * HEIGHT) - HEIGHT).astype(np.int16)


def say(units, ms=240, gap=120):
    """Each unit sounds for ms, with gap of silence before, between and after."""
    parts = [tone(-1, gap * 16)]
    for u in units:
        parts += [tone(u, ms * 16), tone(-1, gap * 16)]
    return np.concatenate(parts)


def fbank(pcm, *, window="povey", snip=False, high=-400.0, scale=1 / 32768):
    """[frames, 80] of kaldi-native-fbank."""
    o = knf.FbankOptions()
    o.frame_opts.dither, o.frame_opts.snip_edges, o.frame_opts.window_type, o.frame_opts.samp_freq = 0, snip, window, RATE
    o.mel_opts.num_bins, o.mel_opts.low_freq, o.mel_opts.high_freq = 80, 20, high
    bank = knf.OnlineFbank(o)
    bank.accept_waveform(RATE, (pcm.astype(np.float64) * scale).tolist())
    bank.input_finished()
    return np.array([bank.get_frame(i) for i in range(bank.num_frames_ready)], np.float32)


def gates(features):
    """The bin of every pitch and the value above which it sounds, from features(pcm) -> [frames, bins]."""
    bins, floors = [], []
    for u in range(len(PERIODS)):
        f = features(tone(u, 4800))[5:-5].mean(0)
        bins.append(int(f.argmax()))
        floors.append(float(f.max()) - MARGIN)
    assert len(set(bins)) == len(bins), bins
    return bins, np.array(floors, np.float32)


def const(name, array):
    return numpy_helper.from_array(np.asarray(array, order="C"), name)


def port(name, dims, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, dims)


def write(path, nodes, inputs, outputs, constants, meta):
    graph = helper.make_graph(nodes, Path(path).stem, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {k: str(v) for k, v in meta.items()})
    checker.check_model(model)
    save(model, path)
    print(Path(path).name, Path(path).stat().st_size, "bytes")


def write_tokens(path, tokens):
    Path(path).write_text("".join(f"{t} {i}\n" for i, t in enumerate(tokens)), encoding="utf-8")


def write_wav(path, pcm):
    with wave.open(str(path), "wb") as w:
        w.setnchannels(1), w.setsampwidth(2), w.setframerate(RATE)
        w.writeframes(pcm.astype("<i2").tobytes())


def heard_by_sherpa(recognizer, pcm):
    """What sherpa-onnx makes of the same samples."""
    s = recognizer.create_stream()
    s.accept_waveform(RATE, pcm.astype(np.float32) / 32768)
    recognizer.decode_stream(s)
    return s.result


def row(units, *columns):
    """A row of golden.tsv: the units, then texts, numbers and lists of numbers."""
    cells = [" ".join(map(str, units))]
    for c in columns:
        cells.append(" ".join(f"{v:.3f}" for v in c) if isinstance(c, (list, tuple)) else str(c).strip())
    return cells


def noisy(pcm):
    """Adds the noise of a 32-bit linear congruential generator, at most 300 of 32,768."""
    out, state = pcm.astype(np.int64), 1
    for i in range(len(out)):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] += (state >> 16) % 601 - 300
    return out.astype(np.int16)
