package onnx

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Verdicts of Check.
var (
	ErrNotONNX      = errors.New("not an ONNX file, or a truncated one")
	ErrExternalData = errors.New("the graph keeps weights in other files, which is refused: save it as one file")
	ErrCustomOps    = errors.New("the graph needs operators outside the ONNX standard, which is refused")
	ErrHugeTensor   = errors.New("the graph holds a tensor of an impossible size")
)

// Field numbers of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
const (
	modelGraph       = 7
	graphNode        = 1
	graphInitializer = 5
	nodeAttribute    = 5
	nodeDomain       = 7
	attributeTensor  = 5
	attributeGraph   = 6
	attributeTensors = 10
	attributeGraphs  = 11
	tensorDims       = 1
	tensorExternal   = 13
	tensorLocation   = 14
	modelFunctions   = 25
	functionNode     = 7
)

const (
	maxElements = 1 << 31 // a tensor beyond 2 Gi elements is no model for a shop's cores
	maxDepth    = 16      // graphs nest in If and Loop; real ones stay below 4
)

// domains whose operators are built into every ONNX Runtime.
func standard(domain string) bool {
	switch domain {
	case "", "ai.onnx", "ai.onnx.ml", "com.microsoft":
		return true
	}
	return false
}

// Check walks a serialised model without building it and refuses what must
// never reach the runtime: external data (a path is a way out of the sandbox),
// operators from custom libraries, and absurd dimensions.
func Check(model []byte) error {
	graphs := 0
	err := walk(model, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case modelGraph:
			graphs++
			return checkGraph(b, 0)
		case modelFunctions:
			return checkNodes(b, functionNode, 0)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if graphs != 1 {
		return ErrNotONNX
	}
	return nil
}

func checkGraph(graph []byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: nested too deeply", ErrNotONNX)
	}
	if err := checkNodes(graph, graphNode, depth); err != nil {
		return err
	}
	return walk(graph, func(num protowire.Number, _ uint64, b []byte) error {
		if num == graphInitializer {
			return checkTensor(b)
		}
		return nil
	})
}

func checkNodes(parent []byte, field protowire.Number, depth int) error {
	return walk(parent, func(num protowire.Number, _ uint64, node []byte) error {
		if num != field {
			return nil
		}
		return walk(node, func(num protowire.Number, _ uint64, b []byte) error {
			switch num {
			case nodeDomain:
				if !standard(string(b)) {
					return fmt.Errorf("%w: domain %q", ErrCustomOps, b)
				}
			case nodeAttribute:
				return checkAttribute(b, depth)
			}
			return nil
		})
	})
}

func checkAttribute(attribute []byte, depth int) error {
	return walk(attribute, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case attributeTensor, attributeTensors:
			return checkTensor(b)
		case attributeGraph, attributeGraphs:
			return checkGraph(b, depth+1)
		}
		return nil
	})
}

func checkTensor(tensor []byte) error {
	elements := uint64(1)
	dim := func(d uint64) error {
		if d > maxElements || (d > 0 && elements > maxElements/d) {
			return ErrHugeTensor
		}
		elements *= d
		return nil
	}
	return walk(tensor, func(num protowire.Number, v uint64, b []byte) error {
		switch num {
		case tensorLocation:
			if v != 0 {
				return ErrExternalData
			}
		case tensorExternal:
			return ErrExternalData
		case tensorDims:
			if b == nil {
				return dim(v)
			}
			for len(b) > 0 { // packed
				d, n := protowire.ConsumeVarint(b)
				if n < 0 {
					return ErrNotONNX
				}
				if err := dim(d); err != nil {
					return err
				}
				b = b[n:]
			}
		}
		return nil
	})
}

// walk calls visit for every field of one protobuf message. b is nil unless
// the field is length-delimited.
func walk(msg []byte, visit func(num protowire.Number, v uint64, b []byte) error) error {
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return ErrNotONNX
		}
		msg = msg[n:]
		var (
			v uint64
			b []byte
		)
		switch typ {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(msg)
		case protowire.BytesType:
			b, n = protowire.ConsumeBytes(msg)
			if n >= 0 && b == nil {
				b = []byte{}
			}
		default:
			n = protowire.ConsumeFieldValue(num, typ, msg)
		}
		if n < 0 {
			return ErrNotONNX
		}
		if err := visit(num, v, b); err != nil {
			return err
		}
		msg = msg[n:]
	}
	return nil
}
