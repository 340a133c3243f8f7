package onnx

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrTooMany says that a graph lists more ports or metadata than any model needs.
var ErrTooMany = errors.New("the graph lists an impossible number of ports or metadata")

// Limits of Describe. The largest real figures are some 400 state ports
// (zipformer2) and the word list of a punctuation model, about 4 MiB.
const (
	maxPorts     = 4096
	maxRank      = 16
	maxMeta      = 1024
	maxMetaBytes = 32 << 20
)

// More field numbers of onnx.proto3.
const (
	modelMeta   = 14
	metaKey     = 1
	metaValue   = 2
	graphInput  = 11
	graphOutput = 12
	tensorName  = 8
	valueName   = 1
	valueType   = 2
	typeTensor  = 1
	tensorElem  = 1
	tensorShape = 2
	shapeDim    = 1
	dimValue    = 1
)

// Description is what a graph says of itself.
type Description struct {
	// Inputs and Outputs are in graph order; weights are not among them.
	Inputs, Outputs []Port
	Meta            map[string]string
}

// Describe reads ports and metadata_props of a serialised model without the
// runtime, so that a family of models can be told, and its figures judged,
// before anything is built. Errors: those of Check, or ErrTooMany.
func Describe(model []byte) (Description, error) {
	if err := Check(model); err != nil {
		return Description{}, err
	}
	d := Description{Meta: map[string]string{}}
	var graph []byte
	total := 0
	err := walk(model, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case modelGraph:
			graph = b
		case modelMeta:
			if total += len(b); len(d.Meta) >= maxMeta || total > maxMetaBytes {
				return fmt.Errorf("%w: metadata", ErrTooMany)
			}
			return d.addMeta(b)
		}
		return nil
	})
	if err != nil {
		return Description{}, err
	}
	if err := d.addPorts(graph); err != nil {
		return Description{}, err
	}
	return d, nil
}

func (d *Description) addMeta(entry []byte) error {
	var key, value string
	err := walk(entry, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case metaKey:
			key = string(b)
		case metaValue:
			value = string(b)
		}
		return nil
	})
	d.Meta[key] = value
	return err
}

func (d *Description) addPorts(graph []byte) error {
	weights := map[string]bool{}
	err := walk(graph, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case graphInitializer:
			return walk(b, func(num protowire.Number, _ uint64, b []byte) error {
				if num == tensorName {
					weights[string(b)] = true
				}
				return nil
			})
		case graphInput:
			return addPort(&d.Inputs, b)
		case graphOutput:
			return addPort(&d.Outputs, b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Graphs of IR version 3 list their weights as inputs too.
	fed := d.Inputs[:0]
	for _, p := range d.Inputs {
		if !weights[p.Name] {
			fed = append(fed, p)
		}
	}
	d.Inputs = fed
	return nil
}

func addPort(list *[]Port, value []byte) error {
	if len(*list) >= maxPorts {
		return fmt.Errorf("%w: ports", ErrTooMany)
	}
	p := Port{Type: Other}
	err := walk(value, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case valueName:
			p.Name = string(b)
		case valueType:
			return walk(b, func(num protowire.Number, _ uint64, b []byte) error {
				if num != typeTensor {
					return nil
				}
				return p.tensorType(b)
			})
		}
		return nil
	})
	*list = append(*list, p)
	return err
}

// elements maps TensorProto.DataType to names.
var elements = map[uint64]Type{1: Float32, 2: Uint8, 6: Int32, 7: Int64}

func (p *Port) tensorType(b []byte) error {
	return walk(b, func(num protowire.Number, v uint64, b []byte) error {
		switch num {
		case tensorElem:
			if t, ok := elements[v]; ok {
				p.Type = t
			}
		case tensorShape:
			return walk(b, func(num protowire.Number, _ uint64, b []byte) error {
				if num != shapeDim {
					return nil
				}
				return p.addDim(b)
			})
		}
		return nil
	})
}

func (p *Port) addDim(b []byte) error {
	if len(p.Dims) >= maxRank {
		return fmt.Errorf("%w: %s has more than %d dimensions", ErrTooMany, p.Name, maxRank)
	}
	dim := int64(-1)
	err := walk(b, func(num protowire.Number, v uint64, _ []byte) error {
		if num != dimValue {
			return nil
		}
		if v > maxElements {
			return fmt.Errorf("%w: %s", ErrHugeTensor, p.Name)
		}
		if v > 0 {
			dim = int64(v)
		}
		return nil
	})
	p.Dims = append(p.Dims, dim)
	return err
}
