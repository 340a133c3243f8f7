// Package onnx runs model graphs on ONNX Runtime. It is the only place that
// touches the runtime: everything else sees Sessions, Ports and Tensors. A
// graph is checked by Check before the runtime parses it. It imports nothing
// else of Waggle.
package onnx

import (
	"errors"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// Options tunes a session. The zero value is one thread.
type Options struct {
	// Threads that one Run may use; 0 means 1. Many calls in parallel are
	// served better by many one-threaded runs than by few wide ones.
	Threads int
	// ManyRows is set for graphs whose runs are shared by many streams: see
	// Products.
	ManyRows bool
}

// Type is the element type of a port, by its ONNX name.
type Type string

// The element types that Waggle's graphs use.
const (
	Float32 Type = "float32"
	Int64   Type = "int64"
	Int32   Type = "int32"
	Uint8   Type = "uint8"
	Other   Type = "other"
)

// Port is one input or output of a graph.
type Port struct {
	Name string
	Type Type
	// Dims holds the shape; -1 stands for a dimension free at run time.
	Dims []int64
}

// Session is a loaded graph. Run may be called by many goroutines at once.
type Session struct {
	name    string
	session *ort.DynamicAdvancedSession
	in, out []Port
	meta    map[string]string
}

// Open checks a serialised graph and loads it. name is for error messages.
// Errors: ErrNoRuntime, those of Check, or what the runtime says of the graph.
func Open(name string, model []byte, o Options) (*Session, error) {
	if err := Check(model); err != nil {
		return nil, fmt.Errorf("onnx: %s: %w", name, err)
	}
	if o.ManyRows {
		var err error
		if model, err = Products(model); err != nil {
			return nil, fmt.Errorf("onnx: %s: %w", name, err)
		}
	}
	if err := start(); err != nil {
		return nil, err
	}
	ins, outs, err := ort.GetInputOutputInfoWithONNXData(model)
	if err != nil {
		return nil, fmt.Errorf("onnx: %s is not a graph that ONNX Runtime accepts: %w", name, err)
	}
	s := &Session{name: name, in: ports(ins), out: ports(outs)}
	if err := s.load(model, o); err != nil {
		return nil, fmt.Errorf("onnx: load %s: %w", name, err)
	}
	if s.meta, err = metadata(s.session); err != nil {
		return nil, errors.Join(fmt.Errorf("onnx: metadata of %s: %w", name, err), s.Close())
	}
	return s, nil
}

func (s *Session) load(model []byte, o Options) error {
	opts, err := ort.NewSessionOptions()
	if err != nil {
		return err
	}
	defer func() { _ = opts.Destroy() }()
	threads := max(o.Threads, 1)
	if err := errors.Join(
		opts.SetIntraOpNumThreads(threads),
		opts.SetInterOpNumThreads(1),
		// A spinning worker burns the core that another call needs.
		opts.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
	); err != nil {
		return err
	}
	s.session, err = ort.NewDynamicAdvancedSessionWithONNXData(model, names(s.in), names(s.out), opts)
	return err
}

// Name is what messages call the graph.
func (s *Session) Name() string { return s.name }

// Inputs lists the inputs in graph order.
func (s *Session) Inputs() []Port { return s.in }

// Outputs lists the outputs in graph order.
func (s *Session) Outputs() []Port { return s.out }

// Meta is the graph's metadata_props.
func (s *Session) Meta() map[string]string { return s.meta }

// Run evaluates the graph. in and out follow the order of Inputs and Outputs.
// A nil entry of out is allocated by the runtime and must be closed by the
// caller; see As.
func (s *Session) Run(in, out []Value) error {
	if len(in) != len(s.in) || len(out) != len(s.out) {
		return s.wrongCount(in, out)
	}
	if err := s.session.Run(in, out); err != nil {
		return fmt.Errorf("onnx: run %s: %w", s.name, err)
	}
	return nil
}

func (s *Session) wrongCount(in, out []Value) error {
	return fmt.Errorf("onnx: %s takes %d inputs and %d outputs, got %d and %d",
		s.name, len(s.in), len(s.out), len(in), len(out))
}

// Close frees the graph. No Run may be in progress.
func (s *Session) Close() error {
	if s.session == nil {
		return nil
	}
	err := s.session.Destroy()
	s.session = nil
	return err
}

func ports(infos []ort.InputOutputInfo) []Port {
	list := make([]Port, len(infos))
	for i, info := range infos {
		list[i] = Port{Name: info.Name, Type: typeOf(info.DataType), Dims: info.Dimensions}
	}
	return list
}

func typeOf(t ort.TensorElementDataType) Type {
	switch t {
	case ort.TensorElementDataTypeFloat:
		return Float32
	case ort.TensorElementDataTypeInt64:
		return Int64
	case ort.TensorElementDataTypeInt32:
		return Int32
	case ort.TensorElementDataTypeUint8:
		return Uint8
	default:
		return Other
	}
}

func names(ports []Port) []string {
	list := make([]string, len(ports))
	for i, p := range ports {
		list[i] = p.Name
	}
	return list
}

func metadata(s *ort.DynamicAdvancedSession) (map[string]string, error) {
	m, err := s.GetModelMetadata()
	if err != nil {
		return nil, err
	}
	defer func() { _ = m.Destroy() }()
	keys, err := m.GetCustomMetadataMapKeys()
	if err != nil {
		return nil, err
	}
	props := make(map[string]string, len(keys))
	for _, k := range keys {
		v, _, err := m.LookupCustomMetadataMap(k)
		if err != nil {
			return nil, err
		}
		props[k] = v
	}
	return props, nil
}
