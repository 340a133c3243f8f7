"""Runs the two exported graphs the way the product does: ids in, sound out, block by block."""

from pathlib import Path

import numpy as np
import onnxruntime

import labels

BUILTIN = Path(__file__).resolve().parents[2] / "builtin"


class Voice:
    """The shipped voice. folder holds the two files."""

    def __init__(self, folder=BUILTIN):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        start = lambda name: onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        self.acoustic, self.vocoder = start("tts-zh-acoustic.onnx"), start("tts-zh-vocoder.onnx")
        meta = self.vocoder.get_modelmeta().custom_metadata_map
        self.context, self.hop = int(meta["context"]), int(meta["hop"])
        self.voices = self.acoustic.get_modelmeta().custom_metadata_map["voices"].split()
        self.phones = self.acoustic.get_modelmeta().custom_metadata_map["phones"].split()

    def frames(self, label, rate=1.0, voice=0, duration_scale=None, f0_shift=None):
        """mel, f0, voiced, durations for a label that begins and ends with sil; voice is an index of self.voices."""
        row = lambda x: np.asarray(x, np.int64)[None]
        n = len(label.phones)
        flat = lambda x, fill: np.full((1, n), fill, np.float32) if x is None else np.asarray(x, np.float32)[None]
        return self.acoustic.run(None, {
            "phones": row(label.phones), "tones": row(label.tones), "position": row(label.positions),
            "rate": np.array([rate], np.float32), "duration_scale": flat(duration_scale, 1), "f0_shift": flat(f0_shift, 0),
            "speaker": np.array([voice], np.int64)})

    def sound(self, mel, f0, voiced, block=20, seed=1):
        """Sound of frames, in blocks of so many frames."""
        c, t = self.context, mel.shape[1]
        mel, f0, voiced = (np.pad(x, [(0, 0), (c, c)] + [(0, 0)] * (x.ndim - 2), mode="edge") for x in (mel, f0, voiced))
        noise = np.random.default_rng(seed).standard_normal((1, mel.shape[1] * self.hop)).astype(np.float32)
        out, phase = [], np.zeros(1, np.float32)
        for a in range(0, t, block):
            b = min(a + block, t) + 2 * c
            audio, phase = self.vocoder.run(None, {
                "mel": mel[:, a:b], "f0": f0[:, a:b], "voiced": voiced[:, a:b],
                "noise": noise[:, a * self.hop:b * self.hop], "phase": phase})
            out.append(audio[0])
        return np.concatenate(out)


def sentence(text):
    """Label of pinyin such as "nin2 hao3 | qing3 shuo1 , xie4 xie5": spaces part syllables, "|" is a weak break, "," a pause.

    Tones are taken as written: sandhi is the writer's business.
    """
    label = labels.Label()
    label.add(labels.SIL, 0, 0)
    for k, group in enumerate(text.split(",")):
        if k:
            label.add(labels.SP, 0, 0)
        for unit in group.split("|"):
            parsed = labels.parse(unit)
            for i, (syllable, tone) in enumerate(parsed):
                for u in labels.units.units(syllable):
                    label.add(u, tone if u in labels.FINAL_SET else 0, labels.place(i, len(parsed)))
    label.add(labels.SIL, 0, 0)
    return label
