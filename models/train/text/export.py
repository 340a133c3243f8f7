"""Writes the trained encoder as an 8-bit ONNX graph (opset 17) with its names in the metadata:

    python models/train/text/export.py --model DIR/encoder.pt --out models/builtin/text-zh.onnx [--temperature 1.2]
"""

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

import corpus
from net import Encoder


class Shipped(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, chars, sounds, concepts):
        return self.net(chars, sounds, concepts)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--temperature", type=float, default=1.0)
    a = p.parse_args()
    saved = torch.load(a.model)
    net = Encoder(len(saved["chars"]), len(saved["sounds"]), len(saved["concepts"]), len(saved["intents"]))
    net.load_state_dict(saved["net"])
    net.eval()
    plain = a.model.with_suffix(".onnx")
    axes = {n: {1: "T"} for n in ("chars", "sounds", "concepts")}
    torch.onnx.export(Shipped(net), tuple(torch.ones(1, 9, dtype=torch.long) for _ in range(3)), str(plain), opset_version=17, dynamo=False,
                      input_names=list(axes), output_names=["intents", "mood", "vector"], dynamic_axes=axes)
    quantize_dynamic(str(plain), str(a.out), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather", "Gemm"])
    graph = onnx.load(str(a.out))
    names = {k: saved[k] for k in ("chars", "sounds", "concepts", "intents")}
    names |= {"format": "waggle-text-1", "temperature": a.temperature,
              "concepts_sha256": hashlib.sha256((corpus.NLU / "concepts.tsv").read_bytes()).hexdigest()}
    del graph.metadata_props[:]
    onnx.helper.set_model_props(graph, {"waggle": json.dumps(names, ensure_ascii=False)})
    onnx.save(graph, str(a.out))
    print(f"{a.out}: {a.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
