"""Writes the trained networks as ONNX files, weights stored as float16, with the metadata the host reads.

The graphs hold everything between ids and sound: durations, the phase of the pulses, windows, overlap-add. README.md
describes their inputs and outputs.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

import labels
import nets
import prepare
import speakers

BUILTIN = Path(__file__).resolve().parents[2] / "builtin"
SIL_FRAMES, SP_FRAMES = 8.0, 10.0
SMOOTH = 9        # frames over which the host's F0 shift glides from one phone to the next
EXACT = {"analysis", "synthesis"}  # the DFT keeps its precision


class Speaker(nn.Module):
    """The acoustic model as the host sees it."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, phones, tones, position, rate, duration_scale, f0_shift, speaker):
        codes, log_duration = self.net.encode(phones, tones, position, speaker)
        frames = torch.exp(log_duration)
        frames = torch.where(phones == 0, torch.full_like(frames, SIL_FRAMES), frames)
        frames = torch.where(phones == 1, torch.full_like(frames, SP_FRAMES), frames)
        frames = torch.clamp(frames * rate * duration_scale, min=1.0)
        ends = torch.round(torch.cumsum(frames, 1)).to(torch.int64)
        total = ends[0, -1]
        owner = owner_of(ends, total)
        x = self.net.frames(codes, owner, nets.place_of(ends, owner, total))
        log_f0, voicing = self.net.melody(x)
        shift = F.avg_pool1d(torch.gather(f0_shift, 1, owner)[:, None], SMOOTH, 1, SMOOTH // 2, count_include_pad=False)[:, 0]
        mean, spread = nets.VOICE_MEAN[speaker][:, None], nets.VOICE_SPREAD[speaker][:, None]
        log_f0 = log_f0 + shift * (np.log(2) / 12) / spread
        silent = torch.gather((phones <= 1).to(torch.int64), 1, owner)
        voiced = (voicing > 0).to(torch.float32) * (1 - silent).to(torch.float32)
        mel = self.net.envelope(x, log_f0, voiced)
        f0 = torch.exp(log_f0 * spread + mean)
        durations = ends - torch.cat([torch.zeros_like(ends[:, :1]), ends[:, :-1]], 1)
        return mel.transpose(1, 2) * nets.MEL_SPREAD + nets.MEL_MEAN, f0, voiced, durations


def owner_of(ends, total):
    """nets.owner_of with a number of frames that is a tensor."""
    t = torch.arange(total, device=ends.device)[None, :, None]
    return (t >= ends[:, None, :]).to(torch.int64).sum(2)


class Mouth(nn.Module):
    """The vocoder as the host sees it: a block of frames with CONTEXT frames on each side."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, mel, f0, voiced, noise, phase):
        step = nets.per_sample(f0) / nets.RATE
        whole = step.sum(2)
        whole = whole - torch.floor(whole)  # small numbers keep their precision
        ends = torch.cumsum(whole, 1) - whole[:, :1] + phase[:, None]  # phase belongs to the start of the second frame
        starts = ends - whole
        cycles = torch.cumsum(step, 2) + (starts - torch.floor(starts))[..., None]
        source = nets.excite(cycles.reshape(1, -1), nets.per_sample(f0).reshape(1, -1))
        log_f0 = (torch.log(f0) - nets.F0_MEAN) / nets.F0_SPREAD
        harmonic, rough = self.net((mel.transpose(1, 2) - nets.MEL_MEAN) / nets.MEL_SPREAD, log_f0, voiced, source, noise)
        edge = nets.CONTEXT * nets.HOP
        after = ends[:, -2 * nets.CONTEXT]
        return (harmonic + rough)[:, edge:-edge], after - torch.floor(after)


def halve(model):
    """Stores large float32 weights as float16 behind a Cast; the arithmetic stays float32."""
    graph = model.graph
    for w in [i for i in graph.initializer 
              if i.data_type == TensorProto.FLOAT and np.prod(i.dims) > 1024 and i.name.split(".")[-1] not in EXACT]:
        half = numpy_helper.from_array(numpy_helper.to_array(w).astype(np.float16), w.name + "_half")
        graph.initializer.remove(w)
        graph.initializer.append(half)
        graph.node.insert(0, helper.make_node("Cast", [half.name], [w.name], to=TensorProto.FLOAT))
    return model


def write(module, args, names, outputs, axes, meta, path):
    torch.onnx.export(module.eval(), args, str(path), input_names=names, output_names=outputs, dynamic_axes=axes,
                      opset_version=17, dynamo=False)
    model = halve(onnx.load(path))
    for key, value in meta.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(path.name, path.stat().st_size, "bytes")


def acoustic(cache):
    net = nets.Acoustic(drop=0.0)
    net.load_state_dict(torch.load(cache / "acoustic.pt")["shadow"])
    n = 12
    args = (torch.randint(2, len(labels.PHONES), (1, n)), torch.ones(1, n, dtype=torch.int64),
            torch.zeros(1, n, dtype=torch.int64), torch.ones(1), torch.ones(1, n), torch.zeros(1, n), torch.zeros(1, dtype=torch.int64))
    names = ["phones", "tones", "position", "rate", "duration_scale", "f0_shift", "speaker"]
    outputs = ["mel", "f0", "voiced", "durations"]
    axes = {k: {1: "L"} for k in names if k not in ("rate", "speaker")} | {"mel": {1: "T"}, "f0": {1: "T"}, "voiced": {1: "T"}, "durations": {1: "L"}}
    meta = {"model_type": "waggle_tts_acoustic", "version": 2, "language": "zh", "sample_rate": nets.RATE, "hop": nets.HOP,
            "n_mels": nets.MELS, "phones": " ".join(labels.PHONES), "positions": "inner first last only", "voices": " ".join(w.name for w in speakers.VOICES),
            "sil_frames": int(SIL_FRAMES), "sp_frames": int(SP_FRAMES)}
    write(Speaker(net), args, names, outputs, axes, meta, BUILTIN / "tts-zh-acoustic.onnx")


def vocoder(cache):
    net = nets.Vocoder()
    net.load_state_dict(torch.load(cache / "vocoder.pt")["shadow"])
    t = 2 * nets.CONTEXT + 20
    args = (torch.randn(1, t, nets.MELS), torch.full((1, t), 220.0), torch.ones(1, t), torch.randn(1, t * nets.HOP), torch.zeros(1))
    names, outputs = ["mel", "f0", "voiced", "noise", "phase"], ["audio", "phase_next"]
    axes = {k: {1: "F"} for k in ("mel", "f0", "voiced")} | {"noise": {1: "S"}, "audio": {1: "N"}}
    meta = {"model_type": "waggle_vocoder", "version": 1, "sample_rate": nets.RATE, "hop": nets.HOP, "n_mels": nets.MELS,
            "context": nets.CONTEXT, "mel_floor": round(float(np.log(1e-9)), 4)}
    write(Mouth(net), args, names, outputs, axes, meta, BUILTIN / "tts-zh-vocoder.onnx")


def main():
    p = prepare.arguments(__doc__)
    p.add_argument("what", choices=["acoustic", "vocoder", "both"])
    args = p.parse_args()
    BUILTIN.mkdir(exist_ok=True)
    for name, export in (("acoustic", acoustic), ("vocoder", vocoder)):
        if args.what in (name, "both"):
            export(args.cache)


if __name__ == "__main__":
    main()
