"""Trains the recogniser. One command from recordings to checkpoint; interrupted runs go on where they were.

    python models/train/asr/train.py --data ../shared/data --minutes 90

Steps: analyse the recordings, render sentences with espeak-ng, train on utterances made on the fly, and, once a first
model exists, cut words into syllables with it (cuts.py) and go on with those too. Checkpoints lie in the cache folder;
export.py makes the .onnx.
"""

import math
import time
from pathlib import Path

import torch
from torch.nn import functional as F

import batches
import cache
import cuts
import model
import recordings
import render
import warm

PEAK, WARM, CLIP, SMOOTHING = 2e-3, 300, 3.0, 0.999
AGAIN = 0.5  # of the peak, when the weights of a finished model are trained on
DELAY = 0.01  # nats a unit costs for each 40 ms frame that it comes later
SAVE_SECONDS = 120
CUT_AT = 1500  # step whose model is good enough to find syllables in its own training words


def prepare(args):
    """Makes the caches that are missing."""
    folder = Path(args.cache)
    if not (folder / "recordings" / "clips.json").exists():
        cache.build(recordings.load(args.data), Path(args.data) / "speech", folder / "recordings")
    if not (folder / "espeak" / "clips.json").exists():
        render.build(args.data, folder)


class Run:
    """Weights, their running mean, the optimiser and how far it got."""

    def __init__(self, path, start=None):
        torch.manual_seed(11)
        self.path, self.step, self.seconds, self.audio, self.heard = path, 0, 0.0, 0.0, 0
        self.net, self.peak = model.Net(len(batches.TOKENS)), PEAK
        if start:
            warm.load(self.net, start)
            self.peak = AGAIN * PEAK
        self.mean = {k: v.clone() for k, v in self.net.state_dict().items()}
        decay = [p for p in self.net.parameters() if p.dim() > 1]
        rest = [p for p in self.net.parameters() if p.dim() <= 1]
        self.optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.02}, {"params": rest, "weight_decay": 0.0}],
                                           lr=PEAK, betas=(0.9, 0.98))
        if path.exists():
            self._load(torch.load(path, weights_only=True))

    def _load(self, saved):
        self.net.load_state_dict(saved["net"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.mean, self.step, self.seconds, self.audio = saved["mean"], saved["step"], saved["seconds"], saved["audio"]

    def save(self):
        part = self.path.with_suffix(".part")
        torch.save({"net": self.net.state_dict(), "mean": self.mean, "optimiser": self.optimiser.state_dict(),
                    "step": self.step, "seconds": self.seconds, "audio": self.audio}, part)
        part.replace(self.path)

    def smooth(self):
        """Updates the running mean of the weights; it is what gets exported."""
        keep = min(SMOOTHING, (1 + self.step) / (20 + self.step))
        for key, value in self.net.state_dict().items():
            if value.dtype.is_floating_point:
                self.mean[key].lerp_(value, 1 - keep)
            else:
                self.mean[key].copy_(value)

    def rate(self, share):
        """Learning rate after a share of the time budget: warm-up by steps, then a cosine to nearly nothing."""
        return self.peak * min(1.0, (self.step + 1) / WARM) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))

    def learn(self, batch, share):
        """One step; returns the loss."""
        x, frames, targets, lengths = batch
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(share)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            log_probs, half, _ = self.net.run(x, self.net.zero(len(x)))
            outputs = [log_probs]
            if self.step % 2 == 0:  # the loss halfway costs a tenth of a step, and every other step is enough
                outputs.append(self.net.middle(half).transpose(1, 2).float().log_softmax(2))
        steps = torch.div(frames, 4, rounding_mode="floor").clamp(max=log_probs.shape[1])
        losses, pulls = zip(*(early_ctc(p, targets, steps, lengths) for p in outputs))
        if not torch.isfinite(losses[0]):
            raise SystemExit(f"step {self.step}: the loss is {losses[0]}; the last checkpoint is sound")
        units = max(1, int(lengths.sum()))
        self.heard += units
        self.optimiser.zero_grad(set_to_none=True)
        ((pulls[0] + 0.5 * sum(pulls[1:])) / units).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        self.step += 1
        self.audio += float(frames.sum()) / 100
        self.smooth()
        return float(losses[0])


def early_ctc(log_probs, targets, steps, lengths):
    """CTC whose paths are worth less the later they emit (delay-penalised CTC; Yao et al. 2023). [N, T, V] and lengths
    -> (the loss but for the penalty, what to differentiate). torch's gradient takes normalised scores for granted, which penalised
    ones are not; so the occupancies are taken from it, and differentiated by hand: d loss / d log p = -occupancy."""
    time = torch.arange(log_probs.shape[1], dtype=torch.float32)
    bonus = DELAY * (steps[:, None] / 2 - time)
    scores = log_probs.detach().clone()
    scores[:, :, 1:] += bonus[:, :, None]
    scores.requires_grad_()
    with torch.enable_grad():
        loss = F.ctc_loss(scores.transpose(0, 1), targets, steps, lengths, reduction="sum", zero_infinity=True)
        gradient, = torch.autograd.grad(loss, scores)
    counted = (gradient != 0).any(2, keepdim=True)
    occupancy = torch.where(counted, scores.detach().exp() - gradient, torch.zeros_like(gradient))
    return loss.detach() + (occupancy[:, :, 1:].sum(2) * bonus).sum(), -(occupancy * log_probs).sum()


def feeder(args, step):
    """Batches from a second process; the seed follows the step, so that a resumed run hears something new."""
    stream = batches.Stream(args.cache, args.data, seed=1 + step)
    return iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=12))


def train(args):
    run = Run(Path(args.cache) / "checkpoint.pt", args.start)
    if args.start and not (Path(args.cache) / "cuts.json").exists():
        run.save()
        cuts.build(args.cache)
    feed = feeder(args, run.step)
    run.net.train()
    last = saved = time.time()
    total = waited = 0
    while run.seconds < args.minutes * 60:
        begin = time.time()
        batch = next(feed)
        waited += time.time() - begin
        total += run.learn(batch, run.seconds / (args.minutes * 60))
        run.seconds += time.time() - last
        last = time.time()
        if run.step % 50 == 0:
            print(f"step {run.step} minutes {run.seconds / 60:.1f} hours heard {run.audio / 3600:.1f} loss {total / run.heard:.3f} "
                  f"waited {waited:.0f} s", flush=True)
            total = waited = run.heard = 0
        if run.step >= CUT_AT and not (Path(args.cache) / "cuts.json").exists():
            run.save()
            cuts.build(args.cache)
            feed, last = feeder(args, run.step), time.time()  # the cutting does not count against the budget
        if time.time() - saved > SAVE_SECONDS:
            run.save()
            saved = time.time()
    run.save()


def main():
    parser = recordings.arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=90, help="time budget; the learning rate falls over it")
    parser.add_argument("--from", dest="start", type=Path, help="asr-zh-float16.onnx, to start from instead of random weights")
    args = parser.parse_args()
    torch.set_num_threads(1)
    prepare(args)
    train(args)


if __name__ == "__main__":
    main()
