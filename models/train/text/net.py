"""The text encoder: embeddings of characters, sounds and concepts, two convolutions, one layer of self-attention, heads."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, EMBED = 160, 4, 128
SENTIMENTS = ["negative", "neutral", "positive"]
EMOTIONS = ["none", "angry", "anxious", "satisfied"]


class Conv(nn.Module):
    """Width-3 convolution as one product, so that 8-bit kernels apply."""

    def __init__(self, width):
        super().__init__()
        self.inner, self.norm = nn.Linear(3 * width, width), nn.LayerNorm(width)

    def forward(self, x):
        p = F.pad(x, (0, 0, 1, 1))
        y = torch.cat([p[:, :-2], p[:, 1:-1], p[:, 2:]], dim=2)
        return self.norm(x + F.gelu(self.inner(y)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def split(self, x):
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, hidden):
        q, k, v = (self.split(p) for p in self.qkv(x).chunk(3, dim=2))
        a = (q @ k.transpose(2, 3)) * self.scale + hidden[:, None, None, :]
        y = (a.softmax(dim=-1) @ v).transpose(1, 2).reshape(x.shape)
        x = self.norm1(x + self.out(y))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """chars, sounds, concepts: int64 [N, T], 0 is padding, 1 unknown."""

    def __init__(self, chars, sounds, concepts, intents, drop=0.2):
        super().__init__()
        self.char, self.sound, self.concept = (nn.Embedding(n, WIDTH, padding_idx=0) for n in (chars, sounds, concepts))
        for e in (self.char, self.sound, self.concept):
            nn.init.normal_(e.weight, std=0.3)
            with torch.no_grad():
                e.weight[0].zero_()
        self.norm, self.drop = nn.LayerNorm(WIDTH), nn.Dropout(drop)
        self.conv1, self.conv2 = Conv(WIDTH), Conv(WIDTH)
        self.attention = Attention(WIDTH, HEADS)
        self.intent = nn.Linear(2 * WIDTH, intents)
        self.mood = nn.Linear(2 * WIDTH, len(SENTIMENTS) + len(EMOTIONS) + 1)
        self.embed = nn.Linear(2 * WIDTH, EMBED)
        self.guess = nn.Linear(WIDTH, WIDTH)  # of masked characters; not exported

    def states(self, chars, sounds, concepts):
        there = (chars > 0).float()
        x = self.drop(self.norm(self.char(chars) + self.sound(sounds) + self.concept(concepts))) * there[..., None]
        x = self.conv1(x) * there[..., None]
        x = self.conv2(self.drop(x)) * there[..., None]
        return self.attention(self.drop(x), (there - 1) * 1e4), there

    def pooled(self, chars, sounds, concepts):
        x, there = self.states(chars, sounds, concepts)
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)
        top = (x + (there[..., None] - 1) * 1e4).max(1).values
        return self.drop(torch.cat([mean, top], dim=1))

    def forward(self, chars, sounds, concepts):
        """intent logits [N, I]; mood logits [N, 8]: sentiment 3, emotion 4, insult 1; embedding [N, 128] of length one."""
        h = self.pooled(chars, sounds, concepts)
        return self.intent(h), self.mood(h), F.normalize(self.embed(h), dim=1)

    def masked(self, chars, sounds, concepts):
        """Logits over all characters for each place."""
        x, _ = self.states(chars, sounds, concepts)
        return self.guess(x) @ self.char.weight.t()
