package onnx

import (
	"errors"
	"reflect"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func TestDescribeSaysWhatTheRuntimeSays(t *testing.T) {
	for _, path := range []string{"add.onnx", "../../../asr/testdata/tiny.onnx", "../../builtin/vad.onnx"} {
		raw := fixture(t, path)
		d, err := Describe(raw)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, raw, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(d.Inputs, s.Inputs()) || !reflect.DeepEqual(d.Outputs, s.Outputs()) || !reflect.DeepEqual(d.Meta, s.Meta()) {
			t.Errorf("%s: %+v, the runtime says %v, %v, %v", path, d, s.Inputs(), s.Outputs(), s.Meta())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// message wraps bytes as field num of a message.
func message(num protowire.Number, parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), all)
}

func number(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func times(n int, b []byte) []byte {
	var all []byte
	for range n {
		all = append(all, b...)
	}
	return all
}

func TestDescribeRefusesTheImpossible(t *testing.T) {
	entry := message(modelMeta, message(metaKey, []byte("k")), message(metaValue, []byte("v")))
	dim := func(v uint64) []byte { return message(shapeDim, number(dimValue, v)) }
	port := func(dims []byte) []byte {
		return message(graphInput, message(valueName, []byte("x")),
			message(valueType, message(typeTensor, number(tensorElem, 1), message(tensorShape, dims))))
	}
	for name, c := range map[string]struct {
		model []byte
		want  error
	}{
		"good":          {message(modelGraph, port(dim(3))), nil},
		"no graph":      {entry, ErrNotONNX},
		"many ports":    {message(modelGraph, times(maxPorts+1, message(graphInput))), ErrTooMany},
		"many dims":     {message(modelGraph, port(times(maxRank+1, dim(1)))), ErrTooMany},
		"huge dim":      {message(modelGraph, port(dim(1<<40))), ErrHugeTensor},
		"much metadata": {append(message(modelGraph), times(1, message(modelMeta, message(metaValue, make([]byte, maxMetaBytes+1))))...), ErrTooMany},
	} {
		if _, err := Describe(c.model); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	var many []byte
	for i := range maxMeta + 1 {
		many = append(many, message(modelMeta, message(metaKey, []byte{byte(i), byte(i >> 8)}))...)
	}
	if _, err := Describe(append(message(modelGraph), many...)); !errors.Is(err, ErrTooMany) {
		t.Errorf("many keys: %v", err)
	}
}

func TestWeightsAreNoInputs(t *testing.T) {
	named := func(n string) []byte { return message(graphInput, message(valueName, []byte(n))) }
	d, err := Describe(message(modelGraph, named("x"), named("w"), message(graphInitializer, message(tensorName, []byte("w")))))
	if err != nil || len(d.Inputs) != 1 || d.Inputs[0].Name != "x" {
		t.Errorf("%+v, %v", d.Inputs, err)
	}
}

func FuzzDescribe(f *testing.F) {
	for _, n := range []string{"add.onnx", "huge.onnx"} {
		f.Add(fixture(f, n))
	}
	f.Fuzz(func(t *testing.T, model []byte) {
		d, err := Describe(model)
		if err == nil && (len(d.Inputs) > maxPorts || len(d.Meta) > maxMeta) {
			t.Errorf("%d inputs, %d keys", len(d.Inputs), len(d.Meta))
		}
	})
}
