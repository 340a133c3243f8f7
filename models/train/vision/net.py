"""The damage network: a small U-Net that says where a photo shows damage, of which type, and how sure it is of the whole."""

import torch
from torch import nn
from torch.nn import functional as F

TYPES = ["crack", "scratch", "stain", "hole", "tear", "dent", "wet", "crush"]
STRIDE = 16  # sides of the input are multiples of this
SCALE = 4  # the maps are this much smaller than the input


class Block(nn.Sequential):
    """Convolution, normalisation, activation; the batch norm folds into the convolution at export."""

    def __init__(self, cin, cout, stride=1, dilation=1, size=3):
        super().__init__(
            nn.Conv2d(cin, cout, size, stride, dilation * (size // 2), dilation=dilation, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    def __init__(self, c, dilation=1):
        super().__init__()
        self.a, self.b = Block(c, c), Block(c, c, dilation=dilation)

    def forward(self, x):
        return x + self.b(self.a(x))


class Net(nn.Module):
    """[n, 3, h, w] in -2..2 -> (score [n], damage [n, 1, h/4, w/4], type [n, 8, h/4, w/4]), all logits."""

    def __init__(self, widths=(48, 80, 128)):
        super().__init__()
        w4, w8, w16 = widths
        self.s4 = nn.Sequential(Block(3, w4, 4, size=7), Residual(w4))
        self.s8 = nn.Sequential(Block(w4, w8, 2), Residual(w8))
        self.s16 = nn.Sequential(Block(w8, w16, 2), Residual(w16, 2), Residual(w16, 4))
        self.context = nn.Linear(w16, w16)
        self.u8, self.m8 = nn.Conv2d(w16, w8, 1), Block(w8, w8)
        self.u4, self.m4 = nn.Conv2d(w8, w4, 1), Block(w4, w4)
        self.map = nn.Conv2d(w4, 1 + len(TYPES), 1)
        self.score = nn.Sequential(nn.Linear(w16 + 3, 32), nn.ReLU(), nn.Linear(32, 1))
        with torch.no_grad():
            self.map.bias[0] = -3.5  # damage is rare: start from its frequency and not from a half

    def forward(self, x):
        x4 = self.s4(x)
        x8 = self.s8(x4)
        x16 = self.s16(x8)
        mean = x16.mean((2, 3))
        x16 = x16 * torch.sigmoid(self.context(mean))[:, :, None, None]
        y = self.m8(x8 + up(self.u8(x16)))
        y = self.m4(x4 + up(self.u4(y)))
        maps = self.map(y)
        damage, kind = maps[:, :1], maps[:, 1:]
        top = damage.flatten(1).topk(32, 1).values
        facts = torch.stack([top[:, 0], top[:, :8].mean(1), top.mean(1)], 1)
        return self.score(torch.cat([mean, facts], 1))[:, 0], damage, kind


def up(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
