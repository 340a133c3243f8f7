"""Reads the weights of a shipped ONNX file back into a network, so that a training can go on from what ships."""

import onnx
import torch
from onnx import numpy_helper

import labels
import speak

PREFIX, HALF = "net.", "_half"   # as export.py names them


def weights(path):
    """The stored weights by the name they have in the network."""
    model = onnx.load(path)
    known = {p.key: p.value for p in model.metadata_props}
    if known.get("phones", " ".join(labels.PHONES)).split() != labels.PHONES:
        raise SystemExit(f"{path}: made for other phones; it cannot be gone on with")
    return {i.name.removeprefix(PREFIX).removesuffix(HALF): torch.from_numpy(numpy_helper.to_array(i).astype("float32"))
            for i in model.graph.initializer if i.name.startswith(PREFIX)}


def start(net, name, folder=speak.BUILTIN):
    """Fills net from tts-zh-<name>.onnx; what that file lacks (an embedding of voices, say) keeps its own beginning."""
    known = weights(folder / f"tts-zh-{name}.onnx")
    own = net.state_dict()
    unknown = set(known) - set(own)
    if unknown:
        raise SystemExit(f"tts-zh-{name}.onnx has weights that the network lacks: {sorted(unknown)[:3]}")
    wrong = [k for k, v in known.items() if own[k].shape != v.shape]
    if wrong:
        raise SystemExit(f"tts-zh-{name}.onnx has other shapes: {wrong[:3]}")
    net.load_state_dict(known, strict=False)
    return net
