"""The recogniser's step as a graph for many streams, made from the weights alone, and the weights out of such a graph: see fast.py."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

LEVEL_BINS, LEVEL_START, LEVEL_DECAY, DEPTH, MEMORY = (11, 57), -9.0, 0.015, 9.0, 0.95  # as in model.py
CHUNK, BINS = 16, 80
EPSILON = 1e-5   # of a batch norm
WEIGHT_MAX = 63  # seven bits with a sign
FAR = 2**31 - 1


class Graph:
    """Collects nodes and constants; most methods return the name of their result."""

    def __init__(self, ranges):
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []
        self.ranges = ranges  # of what goes into a kernel -> (scale, zero) of its 8 bits
        self.kernels = {}     # kernel -> what goes into it

    def constant(self, name, value, kind=np.float32):
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def op(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def state(self, *dims):
        """A state that begins with zeros: the names of its input and its output."""
        name = f"state_{len(self.inputs) - 1}"  # the first input is x
        for ports, port in (self.inputs, name), (self.outputs, "new_" + name):
            ports.append(helper.make_tensor_value_info(port, TensorProto.FLOAT, ["N", *dims]))
        return name, "new_" + name

    def remember(self, x, length, width, name):
        """x after its last `length` frames of the step before."""
        state, new = self.state(length, width)
        joined = self.op("Concat", [state, x], name, axis=1)
        self.tail(joined, length, new)
        return joined

    def tail(self, x, length, name):
        """The last `length` along axis 1."""
        bounds = [self.constant(f"{name}.{part}", [v], np.int64) for part, v in (("from", -length), ("to", FAR), ("axis", 1))]
        return self.op("Slice", [x, *bounds], name)

    def taps(self, x, frames, kernel, stride, dilation, width, name):
        """[N, ?, width] -> [N, frames, kernel * width]: what each frame of the result sees."""
        if kernel == 1:
            return x
        index = [t * stride + k * dilation for t in range(frames) for k in range(kernel)]
        rows = self.op("Gather", [x, self.constant(name + ".index", index, np.int64)], name + ".rows", axis=1)
        return self.op("Reshape", [rows, self.constant(name + ".shape", [0, frames, kernel * width], np.int64)], name + ".taps")

    def conv(self, x, frames, weight, bias, name, stride=1, dilation=1):
        """A convolution over frames; weight [outputs, width, kernel] as PyTorch has it."""
        outputs, width, kernel = weight.shape
        matrix = np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(kernel * width, outputs))
        bias = self.constant(name + ".bias", bias)
        self.kernels[name] = x
        if name not in self.ranges:
            taps = self.taps(x, frames, kernel, stride, dilation, width, name)
            return self.op("Add", [self.op("MatMul", [taps, self.constant(name + ".weight", matrix)], name + ".product"), bias], name)
        scale, zero = self.ranges[name]
        fine = np.maximum(np.abs(matrix).max(0) / WEIGHT_MAX, 1e-12).astype(np.float32)
        scale, zero = self.constant(name + ".in_scale", scale), self.constant(name + ".in_zero", zero, np.uint8)
        taps = self.taps(self.op("QuantizeLinear", [x, scale, zero], name + ".small"), frames, kernel, stride, dilation, width, name)
        rounded, fine = self.constant(name + ".weight", np.rint(matrix / fine), np.int8), self.constant(name + ".scale", fine)
        return self.op("MatMulIntegerToFloat", [taps, rounded, scale, fine, zero, "", bias], name, domain="com.microsoft")


def level(g, chunk=CHUNK):
    """Log-mel relative to the level of speech, which follows peaks at once and forgets slowly (model.Level)."""
    state, new = g.state(1)
    steps = np.arange(chunk, dtype=np.float32)
    back = steps[:, None] - steps[None, :]
    average = np.zeros((BINS, 1))
    average[LEVEL_BINS[0]:LEVEL_BINS[1]] = 1 / (LEVEL_BINS[1] - LEVEL_BINS[0])
    energy = g.op("MatMul", ["x", g.constant("level.average", average)], "level.energy")
    row = g.op("Reshape", [energy, g.constant("level.row_shape", [0, 1, chunk], np.int64)], "level.row")
    fallen = g.op("Sub", [row, g.constant("level.fall", np.where(back >= 0, LEVEL_DECAY * back, 1e4)[None])], "level.fallen")
    heard = g.op("ReduceMax", [fallen], "level.heard", axes=[2], keepdims=0)
    held = g.op("Add", [state, g.constant("level.fade", LEVEL_START - LEVEL_DECAY * (steps + 1))], "level.held")
    now = g.op("Max", [heard, held], "level.now")
    g.op("Sub", [g.tail(now, 1, "level.last"), g.constant("level.start", LEVEL_START)], new)
    column = g.op("Reshape", [now, g.constant("level.column_shape", [0, chunk, 1], np.int64)], "level.column")
    deep = g.op("Max", [g.op("Sub", ["x", column], "level.relative"), g.constant("level.depth", -DEPTH)], "level.deep")
    third = g.op("Mul", [deep, g.constant("level.third", 1 / 3)], "level.scaled")
    return g.op("Add", [third, g.constant("level.centre", DEPTH / 6)], "level.out")


def front(g, w, x, frames, name):
    """One of the two strided convolutions."""
    weight = w[name + ".conv.weight"]
    joined = g.remember(x, weight.shape[2] - 2, weight.shape[1], name + ".in")
    return g.conv(joined, frames, weight, w[name + ".conv.bias"], name, stride=2)


def norm(g, w, x, name):
    """A batch norm as one product and one sum."""
    scale = w[name + ".weight"] / np.sqrt(w[name + ".running_var"] + EPSILON)
    shift = w[name + ".bias"] - w[name + ".running_mean"] * scale
    return g.op("Add", [g.op("Mul", [x, g.constant(name + ".scale", scale)], name + ".scaled"), g.constant(name + ".shift", shift)], name)


def block(g, w, x, frames, name, dilation):
    """x + 2 * value * gate * context (model.Block); the 2 is in the kernel that gives the value."""
    weight, bias = w[name + ".conv.conv.weight"].copy(), w[name + ".conv.conv.bias"].copy()
    width, kernel = weight.shape[1:]
    weight[:width] *= 2
    bias[:width] *= 2
    keep = (kernel - 1) * dilation
    past, new_past = g.state(keep, width)
    mean, new_mean = g.state(1, width)
    h = norm(g, w, x, name + ".norm")
    joined = g.op("Concat", [past, h], name + ".in", axis=1)
    g.tail(joined, keep, new_past)
    both = g.conv(joined, frames, weight, bias, name + ".conv", dilation=dilation)
    half = g.constant(name + ".half", [width, width], np.int64)
    g.nodes.append(helper.make_node("Split", [both, half], [name + ".value", name + ".gate"], axis=2))
    steps = np.arange(frames)
    back = steps[:, None] - steps[None, :]
    mix = np.concatenate([MEMORY ** (steps[:, None] + 1.0), np.where(back >= 0, (1 - MEMORY) * MEMORY ** np.maximum(back, 0), 0)], 1)
    heard = g.op("Concat", [mean, h], name + ".heard", axis=1)
    running = g.op("MatMul", [g.constant(name + ".mix", mix), heard], name + ".running")
    g.tail(running, 1, new_mean)
    context = g.conv(running, frames, w[name + ".context.weight"], w[name + ".context.bias"], name + ".context")
    gates = [g.op("Sigmoid", [v], v + ".open") for v in (name + ".gate", context)]
    gated = g.op("Mul", [name + ".value", g.op("Mul", gates, name + ".both")], name + ".gated")
    return g.op("Add", [x, gated], name + ".out")


def build(w, dilations, ranges):
    """The graph of these weights ({name: array}), one block a dilation, with kernels of 8 bits where there is a range."""
    g = Graph(ranges)
    g.inputs.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", CHUNK, BINS]))
    tokens = w["head.weight"].shape[0]
    g.outputs.append(helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["N", CHUNK // 4, tokens]))
    x = front(g, w, level(g), CHUNK // 2, "first")
    x = front(g, w, g.op("Relu", [x], "first.relu"), CHUNK // 4, "second")
    for i, dilation in enumerate(dilations):
        x = block(g, w, x, CHUNK // 4, f"blocks.{i}", dilation)
    logits = g.conv(norm(g, w, x, "norm"), CHUNK // 4, w["head.weight"], w["head.bias"], "head")
    g.op("LogSoftmax", [logits], "log_probs", axis=2)
    return g


def weights(proto):
    """{name in the network: float32 array} of a graph of export.py, or of one of build() as well as its 8 bits tell."""
    arrays = {t.name.removesuffix("_f16"): numpy_helper.to_array(t) for t in proto.graph.initializer}
    if "first.weight" not in arrays:
        return {k: v.astype(np.float32) for k, v in arrays.items()}
    found = {}
    for name in [k.removesuffix(".shift") for k in arrays if k.endswith(".shift")]:
        scale = arrays[name + ".scale"]
        found |= {name + ".weight": scale, name + ".bias": arrays[name + ".shift"], name + ".running_mean": np.zeros_like(scale),
                  name + ".running_var": np.full_like(scale, 1 - EPSILON)}
    width = len(arrays["norm.scale"])
    for name in [k.removesuffix(".weight") for k in arrays if k.endswith(".weight")]:
        matrix, bias = arrays[name + ".weight"] * arrays.get(name + ".scale", np.float32(1)), arrays[name + ".bias"].copy()
        inputs = BINS if name == "first" else width
        kernel = matrix.T.reshape(len(bias), -1, inputs).transpose(0, 2, 1).astype(np.float32)
        convolution = name.endswith(".conv") or name in ("first", "second")
        if name.endswith(".conv"):
            kernel[:width] /= 2
            bias[:width] /= 2
        module = name + ".conv" if convolution else name
        found |= {module + ".weight": np.ascontiguousarray(kernel), module + ".bias": bias}
    return found
