"""Checkpoint -> models/builtin/asr-zh.onnx: one streaming step, states in and out, as fast.py shapes it.

    python models/train/asr/export.py [--data ../shared/data] [--out models/builtin/asr-zh.onnx]

The graph as PyTorch traces it, weights stored as float16, stays in the cache as asr-zh-reference.onnx.
"""

import io
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import batches
import fast
import model
import recordings

OUT = recordings.HERE.parents[1] / "builtin" / "asr-zh.onnx"
METADATA = {
    "model_type": "waggle_ctc", "version": "1", "language": "zh-CN", "sample_rate": "16000", "feature": "kaldi_fbank80",
    "chunk": str(model.CHUNK), "subsampling": "4", "lookahead_frames": str(batches.LOOKAHEAD), "blank": "0", "unit": "initial_final",
    "licence": "CC-BY-SA-4.0", "attribution": "Yue Tan; Chen Wang; see the model card",
}


def network(checkpoint):
    """The averaged weights of a checkpoint, ready to run."""
    net = model.Net(len(batches.TOKENS))
    net.load_state_dict(torch.load(checkpoint, weights_only=True)["mean"])
    return net.eval()


def graph(net):
    """Traces one step with a free batch axis."""
    states = net.zero(1)
    inputs = ["x"] + [f"state_{i}" for i in range(len(states))]
    outputs = ["log_probs"] + [f"new_state_{i}" for i in range(len(states))]
    buffer = io.BytesIO()
    torch.onnx.export(net, (torch.zeros(1, model.CHUNK, 80), states), buffer, input_names=inputs, output_names=outputs,
                      opset_version=17, dynamo=False, dynamic_axes={n: {0: "N"} for n in inputs + outputs})
    proto = onnx.load_from_string(buffer.getvalue())
    shapes = [(model.CHUNK // 4, len(batches.TOKENS))] + [tuple(s.shape[1:]) for s in states]
    for output, shape in zip(proto.graph.output, shapes):  # the tracer names dimensions that are in fact fixed
        output.CopyFrom(helper.make_tensor_value_info(output.name, TensorProto.FLOAT, ["N", *shape]))
    return proto


def halve(proto):
    """Stores large weights as float16, cast back when the session is made (the runtime folds the casts)."""
    casts = []
    for tensor in proto.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= 1024:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), name + "_f16"))
            casts.append(helper.make_node("Cast", [name + "_f16"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        proto.graph.node.insert(0, cast)


def export(checkpoint, out):
    net = network(checkpoint)
    proto = graph(net)
    halve(proto)
    helper.set_model_props(proto, {**METADATA, "tokens": " ".join(batches.TOKENS)})
    onnx.checker.check_model(proto)
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(proto, str(out))
    agree(net, out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB, {sum(p.numel() for p in net.parameters()) / 1e6:.2f} M parameters")


def agree(net, out):
    """The graph run chunk by chunk must say what the network says of the whole utterance."""
    import onnxruntime
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    x = torch.randn(3, 8 * model.CHUNK, 80, generator=torch.Generator().manual_seed(1)) * 3 - 8
    with torch.no_grad():
        whole, _ = net(x, net.zero(3))
    states, parts = [np.zeros([3, *p.shape[1:]], np.float32) for p in session.get_inputs()[1:]], []
    for at in range(0, x.shape[1], model.CHUNK):
        feed = {"x": x[:, at:at + model.CHUNK].numpy(), **{f"state_{i}": s for i, s in enumerate(states)}}
        out_, *states = session.run(None, feed)
        parts.append(out_)
    worst = np.abs(np.exp(np.concatenate(parts, 1)) - whole.exp().numpy()).max()
    if worst > 0.1:  # 8 bits stay below 0.05, a wrong weight does not
        raise SystemExit(f"the exported graph differs from the network: {worst}")
    print(f"largest difference in a probability: {worst:.5f}")


def main():
    parser = recordings.arguments(__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    reference = Path(args.cache) / "asr-zh-reference.onnx"
    export(Path(args.cache) / "checkpoint.pt", reference)
    fast.make(reference, args.out, args.data)


if __name__ == "__main__":
    main()
