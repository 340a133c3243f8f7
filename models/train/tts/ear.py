"""What the built-in recogniser hears, unit by unit, without lexicon or language model.

It was trained on the same speaker's recordings, so its errors on this voice say what is lost between recording and
synthesis, not how well strangers understand it.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime

import speak

sys.path.append(str(Path(__file__).resolve().parents[1] / "asr"))
import dsp  # noqa: E402  (models/train/asr/dsp.py: the recogniser's features)


class Ear:
    """Greedy reading of models/builtin/asr-zh.onnx."""

    def __init__(self, path=speak.BUILTIN / "asr-zh.onnx"):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.net = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        meta = self.net.get_modelmeta().custom_metadata_map
        self.tokens, self.chunk, self.blank = meta["tokens"].split(), int(meta["chunk"]), int(meta["blank"])

    def units(self, audio):
        """Initials and finals heard in sound [N] at 16 kHz."""
        quiet = np.zeros(9600)
        wave = np.concatenate([quiet[:4800], audio, quiet])
        wave = wave + 1e-4 * np.random.default_rng(5).standard_normal(len(wave))
        x = np.asarray(dsp.fbank(wave), np.float32)
        states = {i.name: np.zeros([1] + list(i.shape[1:]), np.float32) for i in self.net.get_inputs()[1:]}
        heard, last = [], self.blank
        for a in range(0, len(x) - self.chunk + 1, self.chunk):
            log_probs, *new = self.net.run(None, {self.net.get_inputs()[0].name: x[None, a:a + self.chunk], **states})
            states = dict(zip(states, new))
            for best in log_probs[0].argmax(1):
                if best not in (last, self.blank):
                    heard.append(self.tokens[best])
                last = best
        return heard


def distance(a, b):
    """Edit distance of two lists."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]
