"""The damage network: a small U-Net (Ronneberger et al. 2015) that says where a photo shows damage, of which type, how sure it
is of the whole, and what every place looks like, so that a photo can be compared with the product's own photos."""

import torch
from torch import nn
from torch.nn import functional as F

TYPES = ["crack", "scratch", "stain", "hole", "tear", "dent", "wet", "crush"]
STRIDE = 32  # sides of the input are multiples of this
SCALE = 4  # the maps are this much smaller than the input
LOOKS = 24  # channels of a place's description
TOP = 32  # worst places that the photo's score looks at


class Block(nn.Sequential):
    """Convolution, normalisation, activation; the batch norm folds into the convolution at export."""

    def __init__(self, cin, cout, stride=1, dilation=1):
        super().__init__(
            nn.Conv2d(cin, cout, 3, stride, dilation, dilation=dilation, bias=False),
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
    """[n, 3, h, w] in 0..1 -> (score [n], damage [n, 1, h/4, w/4], type [n, 8, h/4, w/4], looks [n, LOOKS, h/4, w/4]): three
    logits and unit vectors."""

    def __init__(self, widths=(24, 48, 96, 128, 160)):
        super().__init__()
        w2, w4, w8, w16, w32 = widths
        self.s2 = Block(3, w2, 2)
        self.s4 = nn.Sequential(Block(w2, w4, 2), Residual(w4))
        self.s8 = nn.Sequential(Block(w4, w8, 2), Residual(w8))
        self.s16 = nn.Sequential(Block(w8, w16, 2), Residual(w16), Residual(w16, 2))
        self.s32 = nn.Sequential(Block(w16, w32, 2), Residual(w32), Residual(w32, 2))
        self.context = nn.Linear(w32, w32)
        self.u16, self.m16 = nn.Conv2d(w32, w16, 1), Block(w16, w16)
        self.u8, self.m8 = nn.Conv2d(w16, w8, 1), Block(w8, w8)
        self.u4, self.m4 = nn.Conv2d(w8, w4, 1), Block(w4, w4)
        self.map = nn.Conv2d(w4, 1 + len(TYPES), 1)
        self.looks = nn.Conv2d(w4, LOOKS, 1)
        self.near = nn.Parameter(torch.tensor([8.0, 0.5]))  # slope and middle of "looks different"
        self.score = nn.Sequential(nn.Linear(w32 + 3, 32), nn.ReLU(), nn.Linear(32, 1))
        with torch.no_grad():
            self.map.bias[0] = -3.5  # damage is rare: start from its frequency and not from a half

    def forward(self, x):
        x4 = self.s4(self.s2((x - 0.5) * 4))
        x8 = self.s8(x4)
        x16 = self.s16(x8)
        x32 = self.s32(x16)
        mean = x32.mean((2, 3))
        x32 = x32 * torch.sigmoid(self.context(mean))[:, :, None, None]
        y = self.m16(x16 + up(self.u16(x32)))
        y = self.m8(x8 + up(self.u8(y)))
        y = self.m4(x4 + up(self.u4(y)))
        maps = self.map(y)
        damage, kind = maps[:, :1], maps[:, 1:]
        top = damage.flatten(1).topk(TOP, 1).values
        facts = torch.stack([top[:, 0], top[:, : TOP // 4].mean(1), top.mean(1)], 1)
        return self.score(torch.cat([mean, facts], 1))[:, 0], damage, kind, F.normalize(self.looks(y), dim=1)


def up(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
