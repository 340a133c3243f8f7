"""Reads the weights of a recogniser that export.py wrote, before fast.py, back into the network, so that training can go on from it."""

import onnx
import torch

import stepgraph


def state(path):
    """{parameter name: float32 tensor} of an .onnx file that export.py wrote."""
    return {name: torch.from_numpy(value.copy()) for name, value in stepgraph.weights(onnx.load(str(path))).items()}


def load(net, path):
    """Fills `net` from the file and checks that both say the same; the head halfway, which no file holds, starts at zero."""
    import export
    saved = state(path)
    missing, unexpected = net.load_state_dict(saved, strict=False)
    missing = [k for k in missing if not k.startswith("middle.") and not k.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise SystemExit(f"{path} is not a net of this shape: missing {missing}, unexpected {unexpected}")
    for p in net.middle.parameters():
        torch.nn.init.zeros_(p)
    training = net.training
    export.agree(net.eval(), path)
    net.train(training)
