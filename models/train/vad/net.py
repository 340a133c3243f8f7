"""A small causal net that says for every 10 ms frame how likely somebody is speaking."""

import sys
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "asr"))
import model  # noqa: E402

CHUNK = 4  # frames of one step


class Net(nn.Module):
    """x [N, T, 80], state [N, S] (zeros at the start) -> prob [N, T], new state. All memory is in the one state."""

    def __init__(self, width=64, kernel=5, dilations=(1, 2, 4, 8)):
        super().__init__()
        self.level = model.Level()
        self.first = model.Causal(80, width, 3)
        self.convs = nn.ModuleList(model.Causal(width, 2 * width, kernel, dilation=d) for d in dilations)
        self.head = nn.Conv1d(width, 1, 1)
        self.sizes = [1, 80 * self.first.keep] + [width * c.keep for c in self.convs]

    def zero(self, batch=1):
        return torch.zeros(batch, sum(self.sizes))

    def forward(self, x, state):
        logits, state = self.logits(x, state)
        return torch.sigmoid(logits), state

    def logits(self, x, state):
        """Before the sigmoid [N, T]."""
        level, past, *rest = torch.split(state, self.sizes, 1)
        loud = (x[:, :, model.LEVEL_BINS[0]:model.LEVEL_BINS[1]].mean(2, keepdim=True) + 8) / 4
        h, level = self.level(x, level)
        h, past = self.first(h.transpose(1, 2), past.reshape(-1, 80, self.first.keep))
        h = torch.relu(h) + loud.transpose(1, 2).clamp(-2, 3)  # how loud it is in itself tells a caller from a far voice
        new = [level, past.flatten(1)]
        for conv, old in zip(self.convs, rest):
            c, past = conv(h, old.reshape(-1, h.shape[1], conv.keep))
            value, gate = c.chunk(2, 1)
            h = h + value * torch.sigmoid(gate)
            new.append(past.flatten(1))
        return self.head(h)[:, 0], torch.cat(new, 1)
