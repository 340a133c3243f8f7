package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Still more field numbers of onnx.proto3.
const (
	nodeInput      = 1
	nodeOutput     = 2
	nodeName       = 3
	nodeOperator   = 4
	attributeName  = 1
	attributeFloat = 2
	attributeInt   = 3
	attributeText  = 4
	attributeInts  = 8
	attributeType  = 20
	tensorType     = 2
	tensorFloats   = 4
	tensorInts     = 7
)

// Values of AttributeProto.type and TensorProto.data_type.
const (
	kindInt    = 2
	kindTensor = 4
	kindInts   = 7
	elemFloat  = 1
	elemInt64  = 7
)

// node is what a rewriting needs to know of a NodeProto.
type node struct {
	op      string
	domain  string
	in, out []string
	ints    map[string][]int64 // attributes INT and INTS
	floats  map[string]float32
	texts   map[string]string
}

// int returns the first integer of an attribute, or what it defaults to.
func (n node) int(name string, otherwise int64) int64 {
	if v := n.ints[name]; len(v) > 0 {
		return v[0]
	}
	return otherwise
}

func readNode(b []byte) (node, error) {
	n := node{ints: map[string][]int64{}, floats: map[string]float32{}, texts: map[string]string{}}
	err := walk(b, func(num protowire.Number, _ uint64, b []byte) error {
		switch num {
		case nodeInput:
			n.in = append(n.in, string(b))
		case nodeOutput:
			n.out = append(n.out, string(b))
		case nodeOperator:
			n.op = string(b)
		case nodeDomain:
			n.domain = string(b)
		case nodeAttribute:
			return n.attribute(b)
		}
		return nil
	})
	return n, err
}

func (n *node) attribute(b []byte) error {
	var name string
	var ints []int64
	err := walk(b, func(num protowire.Number, v uint64, b []byte) error {
		switch num {
		case attributeName:
			name = string(b)
		case attributeText:
			n.texts[name] = string(b)
		case attributeInt:
			ints = append(ints, int64(v))
		case attributeInts:
			if b == nil {
				ints = append(ints, int64(v))
				return nil
			}
			for len(b) > 0 { // packed
				v, l := protowire.ConsumeVarint(b)
				if l < 0 {
					return ErrNotONNX
				}
				ints, b = append(ints, int64(v)), b[l:]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if ints != nil {
		n.ints[name] = ints
	}
	if v, ok := fixed32(b, attributeFloat); ok {
		n.floats[name] = math.Float32frombits(v)
	}
	return nil
}

// fixed32 finds a field of four bytes, which walk skips.
func fixed32(msg []byte, field protowire.Number) (uint32, bool) {
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return 0, false
		}
		msg = msg[n:]
		if num == field && typ == protowire.Fixed32Type {
			v, n := protowire.ConsumeFixed32(msg)
			return v, n >= 0
		}
		if n = protowire.ConsumeFieldValue(num, typ, msg); n < 0 {
			return 0, false
		}
		msg = msg[n:]
	}
	return 0, false
}

func appendText(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func appendMessage(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func appendInt(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

// operation writes a NodeProto with attributes that integer and list make.
func operation(op string, in []string, out string, attributes ...[]byte) []byte {
	var b []byte
	for _, name := range in {
		b = appendText(b, nodeInput, name)
	}
	b = appendText(b, nodeOutput, out)
	b = appendText(b, nodeName, out)
	b = appendText(b, nodeOperator, op)
	for _, a := range attributes {
		b = appendMessage(b, nodeAttribute, a)
	}
	return b
}

func integer(name string, v int64) []byte {
	return appendInt(appendInt(appendText(nil, attributeName, name), attributeInt, v), attributeType, kindInt)
}

func list(name string, values ...int64) []byte {
	b := appendText(nil, attributeName, name)
	for _, v := range values {
		b = appendInt(b, attributeInts, v)
	}
	return appendInt(b, attributeType, kindInts)
}

// constant writes a Constant node that holds a tensor.
func constant(name string, tensor []byte) []byte {
	a := appendMessage(appendText(nil, attributeName, "value"), attributeTensor, tensor)
	return operation("Constant", nil, name, appendInt(a, attributeType, kindTensor))
}

func vector(values ...int64) []byte {
	t := appendInt(nil, tensorDims, int64(len(values)))
	t = appendInt(t, tensorType, elemInt64)
	for _, v := range values {
		t = appendInt(t, tensorInts, v)
	}
	return t
}

func scalar(v float32) []byte {
	t := appendInt(nil, tensorType, elemFloat)
	packed := protowire.AppendFixed32(nil, math.Float32bits(v))
	return appendMessage(t, tensorFloats, packed)
}
