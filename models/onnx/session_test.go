package onnx

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRunReusesTensorsAndAllocatesMissingOutputs(t *testing.T) {
	s, err := Open("add", fixture(t, "add.onnx"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Meta()["model_type"]; got != "test" {
		t.Errorf("metadata model_type = %q", got)
	}
	if p := s.Inputs()[0]; p.Name != "x" || p.Type != Float32 || len(p.Dims) != 2 || p.Dims[0] != -1 || p.Dims[1] != 3 {
		t.Errorf("input port = %+v", p)
	}
	x, err := New[float32](2, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	copy(x.Data(), []float32{1, 1, 1, 2, 2, 2})
	out := []Value{nil}
	if err := s.Run([]Value{x}, out); err != nil {
		t.Fatal(err)
	}
	y, err := As[float32](out[0])
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	want := []float32{2, 3, 4, 3, 4, 5}
	for i, v := range y.Data() {
		if v != want[i] {
			t.Fatalf("y = %v, want %v", y.Data(), want)
		}
	}
	x.Data()[0] = 10
	if err := s.Run([]Value{x}, []Value{y}); err != nil {
		t.Fatal(err)
	}
	if y.Data()[0] != 11 {
		t.Errorf("reused output holds %v, want 11", y.Data()[0])
	}
	if err := s.Run(nil, nil); err == nil {
		t.Error("a run without inputs succeeded")
	}
}

func TestCheckRefusesHostileGraphs(t *testing.T) {
	whole := fixture(t, "add.onnx")
	for _, c := range []struct {
		name  string
		model []byte
		want  error
	}{
		{"good", whole, nil},
		{"empty", nil, ErrNotONNX},
		{"text", []byte("hello, this is no model"), ErrNotONNX},
		{"truncated", whole[:len(whole)/2], ErrNotONNX},
		{"custom operator", fixture(t, "custom_op.onnx"), ErrCustomOps},
		{"external data", fixture(t, "external.onnx"), ErrExternalData},
		{"huge tensor", fixture(t, "huge.onnx"), ErrHugeTensor},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Check(c.model); !errors.Is(err, c.want) {
				t.Errorf("Check = %v, want %v", err, c.want)
			}
		})
	}
}

func TestAMissingRuntimeSaysWhatToDo(t *testing.T) {
	t.Setenv(LibraryEnv, filepath.Join(t.TempDir(), "absent.so"))
	if _, err := find(); !errors.Is(err, ErrNoRuntime) {
		t.Errorf("find = %v, want ErrNoRuntime", err)
	}
}

func FuzzCheck(f *testing.F) {
	for _, n := range []string{"add.onnx", "custom_op.onnx", "external.onnx", "huge.onnx"} {
		f.Add(fixture(f, n))
	}
	f.Fuzz(func(_ *testing.T, model []byte) {
		_ = Check(model) // any verdict will do; a panic or a hang will not
	})
}

func BenchmarkRun(b *testing.B) {
	s, err := Open("add", fixture(b, "add.onnx"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	x, err := New[float32](1, 3)
	if err != nil {
		b.Fatal(err)
	}
	y, err := New[float32](1, 3)
	if err != nil {
		b.Fatal(err)
	}
	in, out := []Value{x}, []Value{y}
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Run(in, out); err != nil {
			b.Fatal(err)
		}
	}
}
