package onnx

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// Value is a tensor of any element type, as Run takes it.
type Value = ort.Value

// Element lists the element types of tensors.
type Element interface {
	~float32 | ~int64 | ~int32 | ~uint8
}

// Tensor is a dense array that the runtime reads and writes in place. Data
// stays valid until Close.
type Tensor[T Element] struct {
	*ort.Tensor[T]
}

// New makes a zero tensor of the given shape.
func New[T Element](dims ...int64) (*Tensor[T], error) {
	t, err := ort.NewEmptyTensor[T](ort.NewShape(dims...))
	if err != nil {
		return nil, fmt.Errorf("onnx: tensor of shape %v: %w", dims, err)
	}
	return &Tensor[T]{t}, nil
}

// View makes a tensor over the first values of data, which it shares and does
// not own.
func View[T Element](data []T, dims ...int64) (*Tensor[T], error) {
	t, err := ort.NewTensor(ort.NewShape(dims...), data)
	if err != nil {
		return nil, fmt.Errorf("onnx: tensor of shape %v: %w", dims, err)
	}
	return &Tensor[T]{t}, nil
}

// As views a value that Run allocated as a tensor of T.
func As[T Element](v Value) (*Tensor[T], error) {
	if t, ok := v.(*Tensor[T]); ok {
		return t, nil
	}
	t, ok := v.(*ort.Tensor[T])
	if !ok {
		return nil, fmt.Errorf("onnx: value is %T, want a tensor of %T", v, *new(T))
	}
	return &Tensor[T]{t}, nil
}

// Data is the memory of the tensor in row-major order.
func (t *Tensor[T]) Data() []T { return t.GetData() }

// Dims is the shape.
func (t *Tensor[T]) Dims() []int64 { return t.GetShape() }

// Close frees the tensor.
func (t *Tensor[T]) Close() error { return t.Destroy() }
