"""The embedding network: residual 3x3 convolutions (few and wide: what this CPU does best), pooled at two scales, 256 numbers."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTH = (32, 48, 96, 192, 256)
BLOCKS = (1, 1, 2, 1)
DIM = 256


class Conv(nn.Sequential):
    def __init__(self, cin, cout, stride=1, act=True):
        layers = [nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout)]
        super().__init__(*layers, *([nn.ReLU(inplace=True)] if act else []))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a, self.b = Conv(width, width), Conv(width, width, act=False)
        nn.init.zeros_(self.b[1].weight)  # starts as the identity

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class GeM(nn.Module):
    """Generalised mean over places (Radenovic et al. 2018): between the average (p = 1) and the maximum."""

    def __init__(self, p=3.0):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))

    def forward(self, x):
        return x.float().clamp(min=1e-4).pow(self.p).mean((2, 3)).pow(1 / self.p)


class Embed(nn.Module):
    """[n, 3, h, w] with values from 0 to 1 -> ([n, 256] of length 1, features [n, 192, h/16, w/16])."""

    def __init__(self):
        super().__init__()
        self.stem = Conv(3, WIDTH[0], 2)
        self.stages = nn.ModuleList(
            nn.Sequential(Conv(WIDTH[i], WIDTH[i + 1], 2), *(Block(WIDTH[i + 1]) for _ in range(BLOCKS[i]))) for i in range(4)
        )
        self.pools = nn.ModuleList([GeM(), GeM()])
        self.norm = nn.BatchNorm1d(WIDTH[3] + WIDTH[4])
        self.head = nn.Linear(WIDTH[3] + WIDTH[4], DIM)

    def forward(self, x):
        x = self.stem(x * 4 - 2)
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        pooled = torch.cat([self.pools[0](maps[2]), self.pools[1](maps[3])], 1)
        return F.normalize(self.head(self.norm(pooled))), maps[2]
