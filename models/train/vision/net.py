"""The damage network: says where a photo shows damage, of which type, and how sure it is of the whole.

A fixed front end measures what damage is made of: edges, bright and dark lines in four directions and blobs at two scales,
colour, and how unusual each of these is beside its neighbourhood and within this very photo, so that what a print or a weave
repeats everywhere does not stand out. Only what comes after it is learned, which needs little time on ordinary cores.
"""

import torch
from torch import nn
from torch.nn import functional as F

TYPES = ["crack", "scratch", "stain", "hole", "tear", "dent", "wet", "crush"]
STRIDE = 16  # sides of the input are multiples of this
SCALE = 4  # the maps are this much smaller than the input
WIDTH = 48


def kernels():
    """[7, 1, 5, 5]: two gradients, a Laplacian of Gaussian, second derivatives across lines in four directions."""
    y, x = torch.meshgrid(torch.arange(-2.0, 3), torch.arange(-2.0, 3), indexing="ij")
    g = torch.exp(-(x**2 + y**2) / 2)
    out = [x * g, y * g, (x**2 + y**2 - 2) * g]
    for turn in range(4):
        a = torch.tensor(turn * torch.pi / 4)
        across = x * torch.cos(a) + y * torch.sin(a)
        along = -x * torch.sin(a) + y * torch.cos(a)
        out.append((across**2 - 0.5) * torch.exp(-(across**2)) * torch.exp(-(along**2) / 6))
    k = torch.stack(out)
    k = k - k.mean((1, 2), keepdim=True)
    return (k / k.abs().sum((1, 2), keepdim=True))[:, None]


class Measures(nn.Module):
    """[n, 3, h, w] in -2..2 -> [n, BASE, h/4, w/4] measures of each place, which context() then puts beside their
    surroundings: [n, CHANNELS, h/4, w/4]. Nothing in it is learned."""

    BASE = 39
    CHANNELS = 4 * BASE

    def __init__(self):
        super().__init__()
        k = kernels()
        self.register_buffer("lines", k, persistent=False)
        self.register_buffer("slopes", k[:2], persistent=False)

    def scale(self, light, tints):
        """Rectified answers at one scale: 12 channels."""
        a = F.conv2d(F.pad(light, (2, 2, 2, 2), "replicate"), self.lines)
        slope = torch.sqrt(a[:, :1] ** 2 + a[:, 1:2] ** 2 + 1e-4)
        b = F.conv2d(F.pad(tints.flatten(0, 1)[:, None], (2, 2, 2, 2), "replicate"), self.slopes)
        tint = torch.sqrt((b**2).sum(1) + 1e-4).unflatten(0, tints.shape[:2]).amax(1, keepdim=True)
        return torch.cat([slope, F.relu(a[:, 2:]), F.relu(-a[:, 2:])[:, :5], tint], 1)

    def forward(self, x):
        r, g, b = x[:, :1], x[:, 1:2], x[:, 2:]
        light, tints = (r + g + b) / 3, torch.cat([r - g, (r + g) / 2 - b], 1)
        half = F.avg_pool2d(torch.cat([light, tints], 1), 2)
        quarter = F.avg_pool2d(half, 2)
        fine, coarse = self.scale(half[:, :1], half[:, 1:]), self.scale(quarter[:, :1], quarter[:, 1:])
        f = torch.log1p(8 * torch.cat([F.max_pool2d(fine, 2), F.avg_pool2d(fine, 2), coarse], 1))
        return torch.cat([f, quarter], 1)

    @staticmethod
    def context(f):
        beside = f - F.avg_pool2d(f, 5, 1, 2, count_include_pad=False)
        wide = F.avg_pool2d(F.avg_pool2d(f, 4), 5, 1, 2, count_include_pad=False)
        around = f - F.interpolate(wide, scale_factor=4.0, mode="nearest")
        mean = f.mean((2, 3), keepdim=True)
        rare = (f - mean) / torch.sqrt(((f - mean) ** 2).mean((2, 3), keepdim=True) + 1e-3)
        return torch.cat([f, 2 * beside, 2 * around, 0.5 * rare.clamp(-8, 8)], 1)


class Block(nn.Sequential):
    """Convolution, normalisation, activation; the batch norm folds into the convolution at export."""

    def __init__(self, cin, cout, size=3, dilation=1):
        super().__init__(
            nn.Conv2d(cin, cout, size, 1, dilation * (size // 2), dilation=dilation, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True)
        )


class Net(nn.Module):
    """[n, 3, h, w] in -2..2 -> (score [n], damage [n, 1, h/4, w/4], type [n, 8, h/4, w/4]), all logits."""

    def __init__(self):
        super().__init__()
        self.measures = Measures()
        self.first = Block(Measures.CHANNELS, WIDTH, 1)
        self.near = nn.ModuleList([Block(WIDTH, WIDTH, dilation=d) for d in (1, 2, 4)])
        self.map = nn.Conv2d(WIDTH, 1 + len(TYPES), 1)
        self.score = nn.Sequential(nn.Linear(WIDTH + 3, 32), nn.ReLU(), nn.Linear(32, 1))
        with torch.no_grad():
            self.map.bias[0] = -3.5  # damage is rare: start from its frequency and not from a half
            for block in self.near:
                block[1].weight.zero_()  # the first stage of the training judges each place alone

    def forward(self, x):
        return self.judge(Measures.context(self.measures(x)))

    def judge(self, m):
        y = self.first(m)
        for block in self.near:
            y = y + block(y)
        maps = self.map(y)
        damage, kind = maps[:, :1], maps[:, 1:]
        top = damage.flatten(1).topk(32, 1).values
        facts = torch.stack([top[:, 0], top[:, :8].mean(1), top.mean(1)], 1)
        return self.score(torch.cat([y.mean((2, 3)), facts], 1))[:, 0], damage, kind
