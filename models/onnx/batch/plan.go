package batch

import (
	"errors"
	"fmt"

	"waggle/models/onnx"
)

// ErrPlan says that a Plan does not fit its graph.
var ErrPlan = errors.New("batch: the plan does not fit the graph")

// maxStream is the most memory that the rows of one stream may take. The
// largest published streaming models stay below 20 MiB.
const maxStream = 64 << 20

// Port is one tensor that is handed in or read out anew at every step.
type Port struct {
	// Index is its position among the graph's inputs or outputs.
	Index int
	// Axis is the dimension that counts streams.
	Axis int
	// Dims replaces the graph's shape where that leaves more than Axis free;
	// nil takes the graph's.
	Dims []int64
}

// Carry is a state: what comes out of one step at Out goes into the next at In.
type Carry struct {
	In, Out, Axis int
	// Dims is as in Port.
	Dims []int64
}

// Plan tells the tensors of a graph apart. Every input and output of the graph
// is named exactly once.
type Plan struct {
	Feeds   []Port
	Fetches []Port
	States  []Carry
}

// rows is how the share of one stream lies in a tensor of many: outer stretches
// of stretch bytes, a whole row of the batch axis apart.
type rows struct {
	index   int // of the graph's input or output
	typ     onnx.Type
	dims    []int64
	axis    int
	outer   int
	stretch int
	at      int // byte offset in the stream's own memory
}

func (r rows) bytes() int { return r.outer * r.stretch }

// shape is that of a tensor of n streams.
func (r rows) shape(n int) []int64 {
	dims := append([]int64{}, r.dims...)
	dims[r.axis] = int64(n)
	return dims
}

// layout is a checked Plan.
type layout struct {
	feeds, fetches, in, out []rows // in and out are the states, pairwise
	feedBytes, stateBytes   int
	fetchBytes              int
	fixed                   bool // the graph takes one stream at a time
}

// maxLane is the most memory that the tensors of a run may take.
const maxLane = 256 << 20

// most is how many streams may share a run.
func (l *layout) most() int {
	if l.fixed {
		return 1
	}
	return max(1, maxLane/max(1, l.feedBytes+l.fetchBytes+2*l.stateBytes))
}

func newLayout(s *onnx.Session, p Plan) (*layout, error) {
	l := &layout{}
	ins, outs := once{ports: s.Inputs(), kind: "input"}, once{ports: s.Outputs(), kind: "output"}
	for _, f := range p.Feeds {
		l.feeds = append(l.feeds, l.rows(&ins, f, &l.feedBytes))
	}
	for _, f := range p.Fetches {
		l.fetches = append(l.fetches, l.rows(&outs, f, &l.fetchBytes))
	}
	for _, c := range p.States {
		at := l.stateBytes
		in := l.rows(&ins, Port{c.In, c.Axis, c.Dims}, &l.stateBytes)
		out := l.rows(&outs, Port{c.Out, c.Axis, c.Dims}, &at)
		if in.typ != out.typ || in.bytes() != out.bytes() || in.outer != out.outer {
			ins.fail("state %v goes in as %s %v and comes out as %s %v", c.In, in.typ, in.dims, out.typ, out.dims)
		}
		l.in, l.out = append(l.in, in), append(l.out, out)
	}
	if err := errors.Join(ins.end(), outs.end()); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrPlan, s.Name(), err)
	}
	return l, nil
}

// rows checks a port, takes it from those left over and gives it its place in
// the stream's memory.
func (l *layout) rows(left *once, p Port, at *int) rows {
	port, ok := left.take(p.Index)
	if !ok {
		return rows{}
	}
	r := rows{index: p.Index, typ: port.Type, dims: append([]int64{}, port.Dims...), axis: p.Axis, outer: 1, stretch: width(port.Type), at: *at}
	if p.Dims != nil {
		r.dims = append([]int64{}, p.Dims...)
	}
	if r.axis < 0 || r.axis >= len(r.dims) || len(r.dims) != len(port.Dims) || r.stretch == 0 {
		left.fail("%s %s is %s %v, which has no streams at axis %d", left.kind, port.Name, port.Type, port.Dims, p.Axis)
		return rows{}
	}
	switch n := port.Dims[r.axis]; {
	case n == 1:
		l.fixed = true
	case n > 1:
		left.fail("%s %s takes exactly %d streams", left.kind, port.Name, n)
	}
	for i, d := range r.dims {
		switch {
		case i == r.axis:
			continue
		case d < 1 || d > maxStream || (port.Dims[i] > 0 && port.Dims[i] != d):
			left.fail("%s %s is %v, want a fixed size except at axis %d", left.kind, port.Name, port.Dims, p.Axis)
			return rows{}
		case i < r.axis:
			r.outer *= int(d)
		default:
			r.stretch *= int(d)
		}
		if r.bytes() > maxStream {
			left.fail("%s %s needs more than %d MiB a stream", left.kind, port.Name, maxStream>>20)
			return rows{}
		}
	}
	if *at += (r.bytes() + 7) &^ 7; *at > maxStream { // every type may begin at a multiple of 8
		left.fail("a stream needs more than %d MiB", maxStream>>20)
	}
	return r
}

// once sees that every port is named exactly once.
type once struct {
	ports []onnx.Port
	kind  string
	taken []bool
	errs  []error
}

func (o *once) take(i int) (onnx.Port, bool) {
	if o.taken == nil {
		o.taken = make([]bool, len(o.ports))
	}
	if i < 0 || i >= len(o.ports) || o.taken[i] {
		o.fail("%s %d is absent or named twice", o.kind, i)
		return onnx.Port{}, false
	}
	o.taken[i] = true
	return o.ports[i], true
}

func (o *once) fail(format string, args ...any) { o.errs = append(o.errs, fmt.Errorf(format, args...)) }

func (o *once) end() error {
	for i, p := range o.ports {
		if o.taken == nil || !o.taken[i] {
			o.fail("%s %d (%s) is not named", o.kind, i, p.Name)
		}
	}
	return errors.Join(o.errs...)
}

func width(t onnx.Type) int {
	switch t {
	case onnx.Float32, onnx.Int32:
		return 4
	case onnx.Int64:
		return 8
	case onnx.Uint8:
		return 1
	default:
		return 0
	}
}
