"""Dresses the built-in recogniser as a zipformer2 streaming CTC model, so that other programs can run the very same weights.

The result is a folder with model.onnx and tokens.txt that sherpa-onnx opens as any zipformer2 CTC model, and `models.asr` too. The
states of our graph travel in the tensors that the family has: those of shape [channels, width] as cached_conv1/2 (two in a layer,
one stack for each shape), all smaller ones side by side in embed_states. The attention caches, which our network does not have, are
as small as the family allows and come out as they went in.

Run: pip install onnx numpy && python models/train/peers/pack_zipformer2.py [--model models/builtin/asr-zh.onnx] --out DIR
"""

import argparse
from itertools import groupby
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[3]
EMBED = (128, 3, 19)  # the family's embed_states of 80 bins


def dims(value):
    return [d.dim_value or -1 for d in value.type.tensor_type.shape.dim]


class Packer:
    def __init__(self, path):
        self.model = onnx.load(path)
        self.graph = self.model.graph
        self.meta = {p.key: p.value for p in self.model.metadata_props}
        self.inputs, self.outputs, self.before, self.after = [], [], [], []
        self.vectors = {"encoder_dims": [], "num_encoder_layers": [], "cnn_module_kernels": []}

    def constant(self, name, array):
        self.graph.initializer.append(numpy_helper.from_array(np.asarray(array, np.int64), name))
        return name

    def port(self, name, axis, *shape, kind=TensorProto.FLOAT):
        """A state of the family and what it becomes, in the order in which ports are made."""
        full = list(shape)
        full.insert(axis, "N")
        self.inputs.append(helper.make_tensor_value_info(name, kind, full))
        self.outputs.append(helper.make_tensor_value_info("new_" + name, kind, full))

    def rename(self, source, target):
        self.before.append(helper.make_node("Identity", [source], [target]))

    def keep(self, name):
        self.after.append(helper.make_node("Identity", [name], ["new_" + name]))

    def stack(self, states, outputs):
        """States of one shape [channels, width], two in each layer."""
        channels, width = dims(states[0])[1:]
        layers = (len(states) + 1) // 2
        for key, value in zip(self.vectors, (channels, layers, 2 * width + 1)):
            self.vectors[key].append(value)
        for layer in range(layers):
            i = len(self.inputs) // 6
            for name, axis, shape in (("key", 1, (1, 1)), ("nonlin_attn", 1, (1, 1, 3 * channels // 4)), ("val1", 1, (1, 1)),
                                      ("val2", 1, (1, 1))):
                self.port(f"cached_{name}_{i}", axis, *shape)
                self.keep(f"cached_{name}_{i}")
            for half in (0, 1):
                name, at = f"cached_conv{half + 1}_{i}", 2 * layer + half
                self.port(name, 0, channels, width)
                if at < len(states):
                    self.rename(name, states[at].name)
                    self.after.append(helper.make_node("Identity", [outputs[at].name], ["new_" + name]))
                else:
                    self.keep(name)

    def embed(self, states, outputs):
        """Small states side by side; the rest of the tensor stays what it was."""
        self.port("embed_states", 0, *EMBED)
        total, at, parts = int(np.prod(EMBED)), 0, []
        self.before.append(helper.make_node("Reshape", ["embed_states", self.constant("embed_flat", [0, total])], ["embed_row"]))
        axis = self.constant("embed_axis", [1])
        for i, (state, output) in enumerate(zip(states, outputs)):
            size = int(np.prod(dims(state)[1:]))
            ends = [self.constant(f"embed_from_{i}", [at]), self.constant(f"embed_to_{i}", [at + size])]
            self.before.append(helper.make_node("Slice", ["embed_row", *ends, axis], [f"embed_part_{i}"]))
            shape = self.constant(f"embed_shape_{i}", [0, *dims(state)[1:]])
            self.before.append(helper.make_node("Reshape", [f"embed_part_{i}", shape], [state.name]))
            self.after.append(helper.make_node("Reshape", [output.name, self.constant(f"embed_size_{i}", [0, size])], [f"embed_new_{i}"]))
            parts.append(f"embed_new_{i}")
            at += size
        if at > total:
            raise SystemExit(f"small states need {at} values, embed_states has {total}")
        ends = [self.constant("embed_rest_from", [at]), self.constant("embed_rest_to", [total])]
        self.after.append(helper.make_node("Slice", ["embed_row", *ends, axis], ["embed_rest"]))
        self.after.append(helper.make_node("Concat", [*parts, "embed_rest"], ["embed_all"], axis=1))
        shape = self.constant("embed_back", [0, *EMBED])
        self.after.append(helper.make_node("Reshape", ["embed_all", shape], ["new_embed_states"]))

    def pack(self):
        x, *states = self.graph.input
        y, *outputs = self.graph.output
        for state, output in zip(states, outputs):
            if dims(state)[1:] != dims(output)[1:]:
                raise SystemExit(f"{state.name} is {dims(state)} and comes out as {dims(output)}")
        wide = [i for i, s in enumerate(states) if len(dims(s)) == 3 and np.prod(dims(s)[1:]) > 1000]
        for _, group in groupby(sorted(wide, key=lambda i: dims(states[i])), key=lambda i: dims(states[i])):
            group = list(group)
            self.stack([states[i] for i in group], [outputs[i] for i in group])
        small = [i for i in range(len(states)) if i not in wide]
        self.embed([states[i] for i in small], [outputs[i] for i in small])
        self.port("processed_lens", 0, kind=TensorProto.INT64)
        self.keep("processed_lens")
        nodes = [*self.before, *self.graph.node, *self.after]
        del self.graph.node[:], self.graph.input[:], self.graph.output[:]
        self.graph.node.extend(nodes)
        self.graph.input.extend([x, *self.inputs])
        self.graph.output.extend([y, *self.outputs])
        self.describe(dims(x)[1])

    def describe(self, chunk):
        ones = ",".join("1" for _ in self.vectors["encoder_dims"])
        meta = {key: ",".join(map(str, values)) for key, values in self.vectors.items()}
        meta |= {key: ones for key in ("query_head_dims", "value_head_dims", "num_heads", "left_context_len")}
        meta |= {"model_type": "zipformer2", "version": "1", "T": str(chunk), "decode_chunk_len": str(chunk),
                 "comment": "waggle asr-zh in the tensors of zipformer2 streaming CTC", "licence": self.meta.get("licence", ""),
                 "attribution": self.meta.get("attribution", "")}
        del self.model.metadata_props[:]
        helper.set_model_props(self.model, meta)
        onnx.checker.check_model(self.model)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "builtin" / "asr-zh.onnx")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    packer = Packer(args.model)
    packer.pack()
    args.out.mkdir(parents=True, exist_ok=True)
    onnx.save(packer.model, args.out / "model.onnx")
    tokens = packer.meta["tokens"].split()
    blank = int(packer.meta.get("blank", "0"))
    with open(args.out / "tokens.txt", "w", encoding="utf-8") as f:
        for i, token in enumerate(tokens):  # ▁ makes every unit a word, so that both programs print it with its time
            f.write(f"{'<blk>' if i == blank else '▁' + token} {i}\n")
    print(args.out, (args.out / "model.onnx").stat().st_size, "bytes,", len(tokens), "tokens")


if __name__ == "__main__":
    main()
