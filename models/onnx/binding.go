package onnx

import (
	"errors"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// Binding ties a session to fixed tensors, so that a run passes no arguments
// and allocates nothing on the Go side (ONNX Runtime's IoBinding). It belongs
// to one goroutine; many Bindings of one Session run at the same time.
type Binding struct {
	name    string
	session *ort.DynamicAdvancedSession
	io      *ort.IoBinding
	values  []Value // keeps the tensors' memory alive
}

// Bind ties the graph to these tensors, in the order of Inputs and Outputs.
// They must live until the Binding is closed; none may be nil.
func (s *Session) Bind(in, out []Value) (*Binding, error) {
	if len(in) != len(s.in) || len(out) != len(s.out) {
		return nil, s.wrongCount(in, out)
	}
	io, err := s.session.CreateIoBinding()
	if err != nil {
		return nil, fmt.Errorf("onnx: bind %s: %w", s.name, err)
	}
	b := &Binding{name: s.name, session: s.session, io: io, values: append(append([]Value{}, in...), out...)}
	for i, v := range in {
		if err := io.BindInput(s.in[i].Name, v); err != nil {
			return nil, errors.Join(fmt.Errorf("onnx: bind input %s of %s: %w", s.in[i].Name, s.name, err), b.Close())
		}
	}
	for i, v := range out {
		if err := io.BindOutput(s.out[i].Name, v); err != nil {
			return nil, errors.Join(fmt.Errorf("onnx: bind output %s of %s: %w", s.out[i].Name, s.name, err), b.Close())
		}
	}
	return b, nil
}

// Run evaluates the graph on the bound tensors.
func (b *Binding) Run() error {
	if err := b.session.RunWithBinding(b.io); err != nil {
		return fmt.Errorf("onnx: run %s: %w", b.name, err)
	}
	return nil
}

// Close frees the binding, not the tensors. It is idempotent.
func (b *Binding) Close() error {
	if b.io == nil {
		return nil
	}
	err := b.io.Destroy()
	b.io, b.values = nil, nil
	return err
}
