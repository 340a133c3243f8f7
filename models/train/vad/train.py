"""Trains the voice activity detector and exports it.

    python models/train/vad/train.py --data ../shared/data --cache DIR [--steps 700]

--cache is the recogniser's cache folder (models/train/asr/train.py makes it); checkpoints go to its vad.pt.
"""

import argparse
import io
import os
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper
from torch.nn import functional as F

import net as nets
import scenes
import vadstep

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "asr"))
import cache  # noqa: E402
import recordings  # noqa: E402
from dsp import RATE, SHIFT, fbank  # noqa: E402

OUT = Path(__file__).resolve().parents[2] / "builtin" / "vad.onnx"
BATCH = 32
METADATA = {"model_type": "waggle_vad", "version": "1", "sample_rate": "16000", "feature": "kaldi_fbank80",
            "chunk": str(nets.CHUNK), "threshold": "0.5", "licence": "CC-BY-SA-4.0",
            "attribution": "Yue Tan; Chen Wang; see the model card"}


class Stream(torch.utils.data.IterableDataset):
    def __init__(self, args, seed):
        self.args, self.seed = args, seed

    def __iter__(self):
        os.nice(5)
        torch.set_num_threads(1)
        maker, seed = scenes.Maker(self.args.cache, self.args.data), self.seed * 1_000_003
        while True:
            made = [maker.make(seed + i) for i in range(BATCH)]
            seed += BATCH
            yield tuple(torch.from_numpy(np.stack(column).astype(np.float32)) for column in zip(*made))


def load(path):
    torch.manual_seed(5)
    net = nets.Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
    step = 0
    if path.exists():
        saved = torch.load(path, weights_only=True)
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        step = saved["step"]
    return net, optimiser, step


def train(args, path):
    net, optimiser, step = load(path)
    feed = iter(torch.utils.data.DataLoader(Stream(args, 90 + step), batch_size=None, num_workers=1, prefetch_factor=4))
    saved = time.time()
    while step < args.steps:
        x, truth = next(feed)
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 100) * (1 - step / args.steps) + 1e-5
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, _ = net.logits(x, net.zero(len(x)))
        loss = F.binary_cross_entropy_with_logits(logits.float(), truth)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} loss {loss.item():.4f}", flush=True)
        if time.time() - saved > 120 or step == args.steps:
            torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, path)
            saved = time.time()
    return net.eval()


def export(net, out):
    """One step of four frames; batch axis free."""
    names = {"input_names": ["x", "state"], "output_names": ["prob", "new_state"]}
    axes = {n: {0: "N"} for pair in names.values() for n in pair}
    buffer = io.BytesIO()
    torch.onnx.export(net, (torch.zeros(1, nets.CHUNK, 80), net.zero(1)), buffer, opset_version=17, dynamo=False,
                      dynamic_axes=axes, **names)
    proto = onnx.load_from_string(buffer.getvalue())
    for output, width in zip(proto.graph.output, (nets.CHUNK, sum(net.sizes))):
        output.CopyFrom(helper.make_tensor_value_info(output.name, onnx.TensorProto.FLOAT, ["N", width]))
    helper.set_model_props(proto, METADATA)
    onnx.checker.check_model(proto)
    onnx.save(proto, str(out))
    print(f"{out}: {out.stat().st_size} bytes, {sum(p.numel() for p in net.parameters())} parameters")


def area(score, truth):
    """Area under the ROC curve (rank statistic)."""
    rank = np.argsort(np.argsort(score, kind="stable"), kind="stable") + 1.0
    positive = truth > 0.5
    p, n = positive.sum(), (~positive).sum()
    return (rank[positive].sum() - p * (p + 1) / 2) / (p * n)


def measure(net, args):
    """Frame AUROC on recordings of held-out students, joined with pauses, in white and recorded noise."""
    entries = [e for e in recordings.load(args.data) if e["held"] and e["source"] == "dspspeech20"]
    rng = np.random.default_rng(1)
    clips = [cache.read(Path(args.data) / "speech" / e["path"]) for e in rng.permutation(np.array(entries, object))[:200]]
    pieces = [p for c in clips for p in (np.zeros(int(rng.uniform(0.3, 1.5) * RATE), np.float32), c / np.abs(c).max() * 0.3)]
    clean = np.concatenate(pieces)
    level = fbank(clean)[:, 11:57].mean(1)
    truth = scenes.binary_closing(level > np.percentile(level, 97) - 6.5, np.ones(scenes.BRIDGE))
    loud = np.sqrt(np.mean(clean[np.repeat(truth, SHIFT)[:len(clean)]] ** 2))
    files = sorted((Path(args.data) / "speech" / "noise_rir").glob("noise*.wav"))
    recorded = np.concatenate([cache.read(f) / (np.std(cache.read(f)) + 1e-9) for f in files])
    for kind, noise in (("white", rng.normal(0, 1, len(clean))), ("recorded", np.resize(recorded, len(clean)))):
        for snr in (20, 10, 5):
            wave = (clean + noise * loud * 10 ** (-snr / 20)).astype(np.float32)
            x = torch.from_numpy(fbank(wave))[None]
            with torch.no_grad():
                score = net(x, net.zero(1))[0][0].numpy()
            n = min(len(score), len(truth))
            hit = (score[:n] > 0.5) == truth[:n]
            print(f"{kind:8s} {snr:2d} dB  AUROC {area(score[:n], truth[:n]):.4f}  accuracy at 0.5 {hit.mean():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--cache", default=str(Path(__file__).resolve().parents[1] / ".cache" / "asr"))
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    torch.set_num_threads(1)
    net = train(args, Path(args.cache) / "vad.pt")
    reference = Path(args.cache) / "vad-reference.onnx"
    export(net, reference)
    vadstep.make(reference, args.out)
    measure(net, args)


if __name__ == "__main__":
    main()
