package onnx

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// hear runs a session over rows of 40 frames and returns its two outputs.
func hear(t testing.TB, s *Session, rows int) [][]float32 {
	t.Helper()
	const frames = 40
	x, err := New[float32](int64(rows), 6, frames)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range x.Data() {
		x.Data()[i] = float32(rng.NormFloat64())
	}
	out := []Value{nil, nil}
	if err := s.Run([]Value{x}, out); err != nil {
		t.Fatal(err)
	}
	var values [][]float32
	for _, v := range out {
		y, err := As[float32](v)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, append([]float32(nil), y.Data()...))
		_ = y.Close()
	}
	return values
}

func operators(t testing.TB, model []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	err := walk(model, func(num protowire.Number, _ uint64, b []byte) error {
		if num != modelGraph {
			return nil
		}
		return walk(b, func(num protowire.Number, _ uint64, b []byte) error {
			if num != graphNode {
				return nil
			}
			n, err := readNode(b)
			count[n.op]++
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func TestProductsSayWhatConvolutionsSay(t *testing.T) {
	model := fixture(t, "convolutions.onnx")
	rewritten, err := Products(model)
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(rewritten); err != nil {
		t.Fatal(err)
	}
	was, is := operators(t, model), operators(t, rewritten)
	if was["Conv"] != 6 || is["Conv"] != 2 || is["MatMul"] != 4 || is["BatchNormalization"] != 1 {
		t.Errorf("%v became %v, want the depthwise and the padded convolution left, and the norm whose input is an output", was, is)
	}
	plain, err := Open("plain", model, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	many, err := Open("many", model, Options{ManyRows: true})
	if err != nil {
		t.Fatal(err)
	}
	defer many.Close()
	for _, rows := range []int{1, 3} {
		want, got := hear(t, plain, rows), hear(t, many, rows)
		for i := range want {
			if len(want[i]) != len(got[i]) || len(want[i]) == 0 {
				t.Fatalf("%d rows, output %d: %d values, want %d", rows, i, len(got[i]), len(want[i]))
			}
			for j := range want[i] {
				if math.Abs(float64(want[i][j]-got[i][j])) > 1e-4 {
					t.Fatalf("%d rows, output %d, value %d: %g, want %g", rows, i, j, got[i][j], want[i][j])
				}
			}
		}
	}
}

func TestProductsLeaveOtherGraphsAlone(t *testing.T) {
	model := fixture(t, "add.onnx")
	same, err := Products(model)
	if err != nil || !bytes.Equal(same, model) {
		t.Errorf("a graph without convolutions became another one (%v)", err)
	}
	for n := range len(model) { // every truncation: an error or fewer bytes, never a panic
		_, _ = Products(model[:n])
	}
}

func FuzzProducts(f *testing.F) {
	for _, name := range []string{"convolutions.onnx", "add.onnx", "huge.onnx"} {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, model []byte) {
		if Check(model) != nil {
			return
		}
		if out, err := Products(model); err == nil && Check(out) != nil {
			t.Error("a graph that passed Check does not pass it rewritten")
		}
	})
}

func BenchmarkProducts(b *testing.B) {
	model := fixture(b, "convolutions.onnx")
	for _, many := range []bool{false, true} {
		b.Run(fmt.Sprintf("many=%t", many), func(b *testing.B) {
			s, err := Open("bench", model, Options{ManyRows: many})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			for b.Loop() {
				hear(b, s, 16)
			}
		})
	}
}
