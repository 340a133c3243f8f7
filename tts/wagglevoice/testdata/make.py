"""Makes the two small graphs of the tests: the shapes and metadata of the real voice, few and random weights.

    python tts/wagglevoice/testdata/make.py

Needs what models/train/tts/export.py needs. The tests themselves do not run it.
"""

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "models/train/tts"))

import torch  # noqa: E402

import nets  # noqa: E402

nets.WINDOW, nets.BINS = 96, 49  # a smaller DFT keeps the file small

import export  # noqa: E402

export.BUILTIN = HERE
export.EXACT = set()
torch.manual_seed(8)
acoustic, vocoder = nets.Acoustic, nets.Vocoder
nets.Acoustic = lambda **_: acoustic(width=16, pitch_width=8, drop=0.0)
nets.Vocoder = lambda: vocoder(width=12, blocks=6)
with tempfile.TemporaryDirectory() as cache:
    speaker = nets.Acoustic()
    torch.nn.init.normal_(speaker.colour.weight, 0, 0.5)  # the voices sound different
    torch.nn.init.constant_(speaker.duration[-1].bias, 2.3)  # about ten frames a unit
    for name, net in (("acoustic", speaker), ("vocoder", nets.Vocoder())):
        torch.save({"shadow": net.state_dict()}, Path(cache) / f"{name}.pt")
    export.acoustic(Path(cache))
    export.vocoder(Path(cache))
for built in HERE.glob("tts-zh-*.onnx"):
    built.rename(HERE / built.name.removeprefix("tts-zh-"))
