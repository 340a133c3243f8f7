"""Writes golden.tsv, funasr.tsv, nemo.tsv and telespeech.tsv: what kaldi-native-fbank computes for a signal that the Go test makes by the same integer formula.

Run: pip install kaldi-native-fbank numpy && python asr/fbank/testdata/golden.py
"""

from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np


def signal(n):
    """Integer arithmetic only, so that Go makes the same samples: a 32-bit LCG under two triangle waves and a silence."""
    out, state = np.zeros(n, np.int64), 1
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        noise = (state >> 16) % 601 - 300
        tone = abs((i * 7) % 400 - 200) * 40 - 4000 + abs((i * 3) % 128 - 64) * 60
        out[i] = 0 if 3000 <= i < 3800 else noise + tone
    return out


def frames(scale, **frame_opts):
    opts = knf.FbankOptions()
    opts.frame_opts.dither = 0
    opts.frame_opts.samp_freq = 16000
    opts.mel_opts.num_bins = 80
    opts.mel_opts.low_freq = frame_opts.pop("low", 20)
    opts.mel_opts.high_freq = frame_opts.pop("high")
    opts.mel_opts.is_librosa = frame_opts.pop("librosa", False)
    for key, value in frame_opts.items():
        setattr(opts.frame_opts, key, value)
    bank = knf.OnlineFbank(opts)
    bank.accept_waveform(16000, (signal(8123) / scale).tolist())
    bank.input_finished()
    return [bank.get_frame(i) for i in range(bank.num_frames_ready)]


def cepstra():
    opts = knf.MfccOptions()
    opts.frame_opts.dither = 0
    opts.frame_opts.samp_freq = 16000
    opts.frame_opts.snip_edges = True
    opts.mel_opts.num_bins = opts.num_ceps = 40
    opts.mel_opts.low_freq, opts.mel_opts.high_freq = 40, -200
    opts.use_energy = False
    bank = knf.OnlineMfcc(opts)
    bank.accept_waveform(16000, signal(8123).tolist())
    bank.input_finished()
    return [bank.get_frame(i) for i in range(bank.num_frames_ready)]


def write(name, rows):
    with open(Path(__file__).with_name(name), "w") as f:
        for i in (0, 1, 2, 17, 18, 19, 20, 21, 22, 23, 24, 30, len(rows) - 2, len(rows) - 1):
            f.write("\t".join([str(i)] + [f"{v:.5f}" for v in rows[i]]) + "\n")
    print(name, len(rows), "frames")


write("golden.tsv", frames(32768.0, snip_edges=False, high=-400))
write("funasr.tsv", frames(1.0, snip_edges=True, window_type="hamming", high=0))
write("nemo.tsv", frames(32768.0, snip_edges=False, low=0, high=0, librosa=True, window_type="hann", remove_dc_offset=False))
write("telespeech.tsv", cepstra())
