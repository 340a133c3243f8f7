package card

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waggle/models"
	"waggle/models/onnx"
	"waggle/vision"
)

// Options of an opened network. The zero value is one photo at a time on one
// thread.
type Options struct {
	Slots   int // photos in the network at once
	Threads int // threads that one run may use
}

// Network is a loaded graph with its card. It is safe for concurrent use; who
// comes beyond its slots waits as long as the context lasts.
type Network struct {
	Card  Card
	Files map[string][]byte // what the card names under files, by role

	session *onnx.Session
	roles   []string // by index of the graph's outputs; "" for those unnamed
	slots   chan struct{}
}

// Open reads the card at path (or the one beside an .onnx), verifies the files
// and loads the graph. want lists acceptable kinds; none means any.
// Errors: ErrCard, ErrKind, ErrFile, ErrGraph, those of onnx.Open.
func Open(path string, o Options, want ...Kind) (*Network, error) {
	c, files, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	return load(c, files, o, want)
}

// Builtin opens a network that ships, by its name in the models' manifest.
func Builtin(name string, o Options, want ...Kind) (*Network, error) {
	raw, err := builtin(name+".json", maxCard)
	if err != nil {
		return nil, fmt.Errorf("card: %w: %w", models.ErrUnknown, err)
	}
	c, err := Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("card: %s: %w", name, err)
	}
	return load(c, builtin, o, want)
}

func load(c Card, files source, o Options, want []Kind) (*Network, error) {
	if len(want) > 0 && !slices.Contains(want, c.Kind) {
		return nil, fmt.Errorf("card: %s: %w: it says %s, needed is %v", c.Name, ErrKind, c.Kind, want)
	}
	n := &Network{Card: c, Files: map[string][]byte{}, slots: make(chan struct{}, max(1, o.Slots))}
	for role, f := range c.Files {
		raw, err := files.verified(f)
		if err != nil {
			return nil, fmt.Errorf("card: %s: %w", c.Name, err)
		}
		n.Files[role] = raw
	}
	model, err := files.verified(c.Model)
	if err != nil {
		return nil, fmt.Errorf("card: %s: %w", c.Name, err)
	}
	if n.session, err = onnx.Open(c.Name, model, onnx.Options{Threads: o.Threads}); err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	if err := n.agree(); err != nil {
		return nil, errors.Join(fmt.Errorf("card: %s: %w", c.Name, err), n.Close())
	}
	return n, nil
}

// agree compares the graph's ports with what the card says of them.
func (n *Network) agree() error {
	ins, in := n.session.Inputs(), n.Card.Input
	if len(ins) != 1 || ins[0].Name != in.Name {
		return fmt.Errorf("%w: the graph takes %s, the card's input is %q", ErrGraph, list(ins), in.Name)
	}
	dims := ins[0].Dims
	if ins[0].Type != onnx.Float32 || len(dims) != 4 {
		return fmt.Errorf("%w: input %s must be float32 with four dimensions, it is %s %v", ErrGraph, in.Name, ins[0].Type, dims)
	}
	w, h := in.size()
	want := []int64{1, 3, int64(h), int64(w)}
	if in.Layout == NHWC {
		want = []int64{1, int64(h), int64(w), 3}
	}
	for i, d := range dims {
		// A graph that fixes a side can only be fed by a card that fixes it too.
		if d > 0 && d != want[i] {
			return fmt.Errorf("%w: input %s is %v, the card gives %v", ErrGraph, in.Name, dims, want)
		}
	}
	return n.nameOutputs()
}

func (n *Network) nameOutputs() error {
	outs := n.session.Outputs()
	n.roles = make([]string, len(outs))
	for role, name := range n.Card.Outputs {
		i := slices.IndexFunc(outs, func(p onnx.Port) bool { return p.Name == name })
		if i < 0 {
			return fmt.Errorf("%w: no output %q for %s; the graph has %s", ErrGraph, name, role, list(outs))
		}
		if outs[i].Type != onnx.Float32 {
			return fmt.Errorf("%w: output %q is %s, only float32 is read", ErrGraph, name, outs[i].Type)
		}
		if n.roles[i] != "" {
			return fmt.Errorf("%w: output %q is named for %s and for %s", ErrGraph, name, n.roles[i], role)
		}
		n.roles[i] = role
	}
	return nil
}

func list(ports []onnx.Port) []string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.Name
	}
	return names
}

// Output is one tensor that the network gave, in row-major order.
type Output struct {
	Data []float32
	Dims []int
}

// Result is what the network says of one photo.
type Result struct {
	Out   map[string]Output // by role
	Frame Frame
}

// Run looks at one photo.
func (n *Network) Run(ctx context.Context, m vision.Image) (Result, error) {
	if m.W < 1 || m.H < 1 || len(m.Pix) < 3*m.W*m.H {
		return Result{}, fmt.Errorf("card: %s: an empty photo", n.Card.Name)
	}
	select {
	case n.slots <- struct{}{}:
	case <-ctx.Done():
		return Result{}, fmt.Errorf("card: %s: %w", n.Card.Name, ctx.Err())
	}
	defer func() { <-n.slots }()
	data, frame := n.Card.Input.Prepare(m)
	dims := []int64{1, 3, int64(frame.H), int64(frame.W)}
	if n.Card.Input.Layout == NHWC {
		dims = []int64{1, int64(frame.H), int64(frame.W), 3}
	}
	in, err := onnx.View(data, dims...)
	if err != nil {
		return Result{}, fmt.Errorf("card: %w", err)
	}
	defer in.Close()
	out := make([]onnx.Value, len(n.roles))
	if err := n.session.Run([]onnx.Value{in}, out); err != nil {
		return Result{}, fmt.Errorf("card: %w", err)
	}
	r, err := n.collect(out)
	r.Frame = frame
	return r, err
}

// collect copies the named outputs and frees all of them.
func (n *Network) collect(values []onnx.Value) (Result, error) {
	r := Result{Out: map[string]Output{}}
	var errs []error
	for i, v := range values {
		if v == nil {
			continue
		}
		if n.roles[i] == "" {
			errs = append(errs, v.Destroy())
			continue
		}
		t, err := onnx.As[float32](v)
		if err != nil {
			errs = append(errs, err, v.Destroy())
			continue
		}
		o := Output{Data: slices.Clone(t.Data())}
		for _, d := range t.Dims() {
			o.Dims = append(o.Dims, int(d))
		}
		r.Out[n.roles[i]] = o
		errs = append(errs, t.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return Result{}, fmt.Errorf("card: %s: %w", n.Card.Name, err)
	}
	return r, nil
}

// Close frees the graph; no Run may be in progress.
func (n *Network) Close() error { return n.session.Close() }
