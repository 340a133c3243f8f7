package onnx

import (
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Products rewrites the convolutions over time of a checked graph into matrix
// products over all rows of a batch, and folds the batch norms behind them. It
// changes results by rounding only.
//
// ONNX Runtime runs a Conv row by row: sixteen streams that share a run cost
// sixteen times one, and the few frames of a streaming step are too small a
// product to be fast. As y[b,t] = concat_k x[b, s t + d k] W, with W of [K C, O],
// the weights are read once for the frames of all rows (im2col; Chellapilla,
// Puri and Simard, IWFHR 2006). On a graph of 19 convolutions, 480 ms a step,
// sixteen rows then cost a third. Over hundreds of frames of one row Conv is
// as good, so this is for graphs that hear many streams step by step.
//
// Rewritten is a Conv with one spatial axis, one group, no padding and a
// kernel_shape; the rest of the graph is kept byte by byte. Shapes: x [B, C, T],
// W [O, C, K], y [B, O, T'].
func Products(model []byte) ([]byte, error) {
	return replace(model, modelGraph, func(graph []byte) ([]byte, error) {
		r := rewriting{constants: map[string]bool{}, users: map[string]int{}, norms: map[string]node{}}
		if err := r.survey(graph); err != nil {
			return nil, err
		}
		return replace(graph, graphNode, r.node)
	})
}

// replace copies a message with each submessage of one field changed; change
// returns the fields that stand in its place, complete with tags.
func replace(msg []byte, field protowire.Number, change func([]byte) ([]byte, error)) ([]byte, error) {
	out := make([]byte, 0, len(msg)+len(msg)/16)
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return nil, ErrNotONNX
		}
		value := protowire.ConsumeFieldValue(num, typ, msg[n:])
		if value < 0 {
			return nil, ErrNotONNX
		}
		whole := msg[:n+value]
		msg = msg[n+value:]
		if num != field || typ != protowire.BytesType {
			out = append(out, whole...)
			continue
		}
		b, _ := protowire.ConsumeBytes(whole[n:])
		changed, err := change(b)
		if err != nil {
			return nil, err
		}
		if field == modelGraph {
			changed = appendMessage(nil, field, changed)
		}
		out = append(out, changed...)
	}
	return out, nil
}

// rewriting is what must be known of a graph before its nodes are changed.
type rewriting struct {
	constants map[string]bool // values known before a run
	users     map[string]int  // how many nodes read a value; graph outputs count
	norms     map[string]node // BatchNormalization by what it reads
	folded    map[string]bool // outputs of the norms that went into a product
}

// survey reads weights first: most files hold them behind the nodes that use
// them.
func (r *rewriting) survey(graph []byte) error {
	r.folded = map[string]bool{}
	named := func(b []byte, field protowire.Number, note func(name string)) error {
		return walk(b, func(num protowire.Number, _ uint64, b []byte) error {
			if num == field {
				note(string(b))
			}
			return nil
		})
	}
	err := walk(graph, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case graphInitializer:
			return named(b, tensorName, func(name string) { r.constants[name] = true })
		case graphOutput:
			return named(b, valueName, func(name string) { r.users[name]++ })
		}
		return nil
	})
	if err != nil {
		return err
	}
	return walk(graph, func(num protowire.Number, _ uint64, b []byte) error {
		if num != graphNode {
			return nil
		}
		n, err := readNode(b)
		r.note(n)
		return err
	})
}

// note remembers who reads what, and what is known before a run.
func (r *rewriting) note(n node) {
	for _, in := range n.in {
		r.users[in]++
	}
	if len(n.out) == 0 {
		return
	}
	switch n.op {
	case "Constant":
		r.constants[n.out[0]] = true
	case "Cast", "Identity":
		if len(n.in) == 1 && r.constants[n.in[0]] {
			r.constants[n.out[0]] = true
		}
	case "BatchNormalization":
		if len(n.in) == 5 && len(n.out) == 1 && n.int("training_mode", 0) == 0 {
			r.norms[n.in[0]] = n
		}
	}
}

// node returns what stands in place of a node of the graph.
func (r *rewriting) node(b []byte) ([]byte, error) {
	n, err := readNode(b)
	if err != nil {
		return nil, err
	}
	if len(n.out) == 1 && r.folded[n.out[0]] {
		return nil, nil
	}
	if !r.overTime(n) {
		return appendMessage(nil, graphNode, b), nil
	}
	return r.product(n), nil
}

// overTime tells whether the node is a convolution that Products rewrites.
func (r *rewriting) overTime(n node) bool {
	if n.op != "Conv" || n.domain != "" || len(n.out) != 1 || len(n.in) < 2 || len(n.ints["kernel_shape"]) != 1 {
		return false
	}
	for _, p := range n.ints["pads"] {
		if p != 0 {
			return false
		}
	}
	pad := n.texts["auto_pad"]
	return n.int("group", 1) == 1 && (pad == "" || pad == "NOTSET" || pad == "VALID") && r.constants[n.in[1]] &&
		n.int("kernel_shape", 0) >= 1 && n.int("kernel_shape", 0) <= maxTaps && n.int("strides", 1) >= 1 && n.int("dilations", 1) >= 1
}

// maxTaps is the longest kernel that is cut into slices.
const maxTaps = 64

// product writes the nodes of one convolution.
func (r *rewriting) product(n node) []byte {
	p := pieces{prefix: n.out[0] + "/product"}
	x := p.taps(n)
	w := p.add("Flatten", []string{p.add("Transpose", n.in[1:2], list("perm", 2, 1, 0))}, integer("axis", 2))
	bias := ""
	if len(n.in) > 2 {
		bias = n.in[2]
	}
	y := n.out[0]
	if norm, ok := r.norms[y]; ok && r.users[y] == 1 && r.known(norm.in[1:]) && (bias == "" || r.constants[bias]) {
		w, bias = p.fold(norm, w, bias)
		y = norm.out[0]
		r.folded[y] = true
	}
	sum := p.add("MatMul", []string{x, w})
	if bias != "" {
		sum = p.add("Add", []string{sum, bias})
	}
	p.write(operation("Transpose", []string{sum}, y, list("perm", 0, 2, 1)))
	return p.nodes
}

func (r *rewriting) known(names []string) bool {
	for _, name := range names {
		if !r.constants[name] {
			return false
		}
	}
	return true
}

// pieces collects nodes whose values have names of their own.
type pieces struct {
	prefix string
	nodes  []byte
	count  int
}

func (p *pieces) write(node []byte) { p.nodes = appendMessage(p.nodes, graphNode, node) }

func (p *pieces) next() string {
	p.count++
	return p.prefix + strconv.Itoa(p.count)
}

func (p *pieces) add(op string, in []string, attributes ...[]byte) string {
	out := p.next()
	p.write(operation(op, in, out, attributes...))
	return out
}

func (p *pieces) constant(tensor []byte) string {
	out := p.next()
	p.write(constant(out, tensor))
	return out
}

// taps lays the frames under a kernel side by side: [B, C, T] -> [B, T', K C].
func (p *pieces) taps(n node) string {
	x := p.add("Transpose", n.in[:1], list("perm", 0, 2, 1))
	taps, stride, apart := n.int("kernel_shape", 1), n.int("strides", 1), n.int("dilations", 1)
	if taps == 1 && stride == 1 {
		return x
	}
	axis, step := p.constant(vector(1)), p.constant(vector(stride))
	var cut []string
	for k := range taps {
		end := int64(math.MaxInt64)
		if k < taps-1 {
			end = -(taps - 1 - k) * apart
		}
		from, to := p.constant(vector(k*apart)), p.constant(vector(end))
		cut = append(cut, p.add("Slice", []string{x, from, to, axis, step}))
	}
	return p.add("Concat", cut, integer("axis", 2))
}

// fold takes a batch norm into weights [K C, O] and bias [O]. All of it is
// constant: the runtime computes it once, when the graph is loaded.
func (p *pieces) fold(norm node, w, bias string) (weights, offset string) {
	scale, shift, mean, variance := norm.in[1], norm.in[2], norm.in[3], norm.in[4]
	epsilon, ok := norm.floats["epsilon"]
	if !ok {
		epsilon = 1e-5
	}
	spread := p.add("Sqrt", []string{p.add("Add", []string{variance, p.constant(scalar(epsilon))})})
	gain := p.add("Div", []string{scale, spread})
	centre := p.add("Neg", []string{mean})
	if bias != "" {
		centre = p.add("Sub", []string{bias, mean})
	}
	return p.add("Mul", []string{w, gain}), p.add("Add", []string{p.add("Mul", []string{centre, gain}), shift})
}
