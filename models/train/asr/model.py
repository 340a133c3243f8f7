"""The recogniser: causal gated convolutions over 40 ms frames, trained with CTC, run a chunk at a time.

Nothing looks ahead inside the net. CTC is free to emit a unit late, and learns to do so by a few frames; the metadata
says how many frames of silence flush the last unit out.
"""

import torch
from torch import nn
from torch.nn import functional as F

CHUNK = 16           # log-mel frames of one step (160 ms)
LEVEL_BINS = (11, 57)  # the telephone band: the level means the same on every line
LEVEL_START = -9.0   # level before anything was heard (the zero state)
LEVEL_DECAY = 0.015  # natural log units a frame
DEPTH = 9.0          # what lies further below the level counts as silence
MEMORY = 0.95        # of the running context mean, a 40 ms frame


def tracked_level(energy, state):
    """Follows peaks at once and forgets slowly. energy [N, T], state [N, 1] (0 = nothing heard) -> level [N, T]."""
    steps = torch.arange(energy.shape[1], device=energy.device, dtype=energy.dtype)
    back = (steps[:, None] - steps[None, :])
    fall = torch.where(back >= 0, LEVEL_DECAY * back, torch.full_like(back, 1e4))
    heard = (energy[:, None, :] - fall[None]).amax(2)
    return torch.maximum(heard, state + LEVEL_START - LEVEL_DECAY * (steps + 1)[None])


class Level(nn.Module):
    """Log-mel -> log-mel relative to the tracked speech level, in about [-1.5, 1.5]; state [N, 1]."""

    def forward(self, x, state):
        energy = x[:, :, LEVEL_BINS[0]:LEVEL_BINS[1]].mean(2)
        if torch.jit.is_tracing() or x.shape[1] <= CHUNK:
            level = tracked_level(energy, state)
        else:  # the same by a running maximum, for whole utterances
            ramp = LEVEL_DECAY * torch.arange(1, x.shape[1] + 1, dtype=x.dtype)
            level = torch.maximum((energy + ramp).cummax(1).values, state + LEVEL_START) - ramp
        relative = (x - level[:, :, None]).clamp(min=-DEPTH)
        return (relative + DEPTH / 2) / 3.0, level[:, -1:] - LEVEL_START


class Causal(nn.Module):
    """Conv1d that remembers the end of its input; state [N, channels, (kernel - 1) * dilation - (stride - 1)]."""

    def __init__(self, inputs, outputs, kernel, stride=1, dilation=1):
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel, stride=stride, dilation=dilation)
        self.inputs, self.keep = inputs, (kernel - 1) * dilation - (stride - 1)

    def forward(self, x, state):
        x = torch.cat([state.to(x.dtype), x], 2)
        return self.conv(x), x[:, :, -self.keep:].to(state.dtype)

    def zero(self, batch):
        return torch.zeros(batch, self.inputs, self.keep)


def memory(length):
    """The running mean as a matrix [length, length], and how much of the old mean is left at each step [length]."""
    steps = torch.arange(length, dtype=torch.float32)
    back = steps[None, :] - steps[:, None]
    weights = torch.where(back >= 0, (1 - MEMORY) * MEMORY ** back.clamp(min=0), torch.zeros_like(back))
    return weights, MEMORY ** (steps + 1)


class Block(nn.Module):
    """x + gate(conv(norm(x))), the gate also opened by a running mean of what was heard (who speaks, on which line)."""

    def __init__(self, width, kernel, dilation):
        super().__init__()
        self.norm = nn.BatchNorm1d(width)
        self.conv = Causal(width, 2 * width, kernel, dilation=dilation)
        self.context = nn.Conv1d(width, width, 1)
        self.width = width

    def forward(self, x, past, mean):
        h = self.norm(x)
        c, past = self.conv(h, past)
        value, gate = c.chunk(2, 1)
        weights, fade = memory(h.shape[2])
        running = h @ weights.to(h.dtype) + (mean * fade).to(h.dtype)
        gate = torch.sigmoid(gate) * torch.sigmoid(self.context(running))
        return x + value * gate * 2, past, running[:, :, -1:].to(mean.dtype)

    def zero(self, batch):
        return [self.conv.zero(batch), torch.zeros(batch, self.width, 1)]


class Net(nn.Module):
    """x [N, T, 80] and a list of states -> log_probs [N, T / 4, V] and the new states."""

    def __init__(self, tokens, width=192, kernel=9, dilations=(1, 2, 1, 2, 1, 2, 1, 2)):
        super().__init__()
        self.level = Level()
        self.first = Causal(80, width, 5, stride=2)
        self.second = Causal(width, width, 5, stride=2)
        self.blocks = nn.ModuleList(Block(width, kernel, d) for d in dilations)
        self.norm = nn.BatchNorm1d(width)
        self.head = nn.Conv1d(width, tokens, 1)
        self.middle = nn.Conv1d(width, tokens, 1)  # a second CTC loss halfway (Lee & Watanabe 2021); not exported

    def zero(self, batch=1):
        """States at the start of an utterance."""
        states = [torch.zeros(batch, 1), self.first.zero(batch), self.second.zero(batch)]
        return states + [s for b in self.blocks for s in b.zero(batch)]

    def forward(self, x, states):
        log_probs, _, new = self.run(x, states)
        return log_probs, new

    def run(self, x, states):
        """Also returns the logits halfway."""
        x, level = self.level(x, states[0])
        x, one = self.first(x.transpose(1, 2), states[1])
        x, two = self.second(F.relu(x), states[2])
        new, half = [level, one, two], None
        for i, block in enumerate(self.blocks):
            x, past, mean = block(x, states[3 + 2 * i], states[4 + 2 * i])
            new += [past, mean]
            if i == len(self.blocks) // 2:
                half = x
        return self.head(self.norm(x)).transpose(1, 2).float().log_softmax(2), half, new
