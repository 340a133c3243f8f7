package batch

import (
	"errors"
	"unsafe"

	"waggle/models/onnx"
)

// lane is the memory of one run at a time: tensors of up to capacity streams.
// The rows of a batch are copied in before the run and out after it. That
// costs two copies of a stream's state a step (84 kB for the built-in
// recogniser, a few per cent of its step), leaves every stream's state in one piece that
// can be forked, and lets any streams share a run, whatever their batch axis.
type lane struct {
	layout   *layout
	session  *onnx.Session
	capacity int
	tensors  []arena // feeds, states in, fetches, states out
	bound    []binding
	batch    []*Stream
}

// arena is a tensor's memory with how streams lie in it.
type arena struct {
	rows
	memory []uint64
}

// binding is a run of a certain number of streams.
type binding struct {
	run    *onnx.Binding
	values []closer
}

type closer interface{ Close() error }

// values in a tensor that the graph reads come first.
func (l *lane) inputs() []arena  { return l.tensors[:len(l.layout.feeds)+len(l.layout.in)] }
func (l *lane) outputs() []arena { return l.tensors[len(l.layout.feeds)+len(l.layout.in):] }

// run takes a step of all streams of the batch. On an error none has moved.
func (l *lane) run() error {
	n := len(l.batch)
	if err := l.prepare(n); err != nil {
		return err
	}
	feeds, fetches := len(l.layout.feeds), len(l.layout.fetches)
	for i, a := range l.inputs() {
		for k, s := range l.batch {
			if i < feeds {
				a.gather(s.feeds, k, n)
			} else {
				a.gather(s.states, k, n)
			}
		}
	}
	if err := l.bound[n].run.Run(); err != nil {
		return err
	}
	for i, a := range l.outputs() {
		for k, s := range l.batch {
			if i < fetches {
				a.scatter(s.fetches, k, n)
			} else {
				a.scatter(s.states, k, n)
			}
		}
	}
	return nil
}

// gather copies a stream's share into place k of n.
func (a *arena) gather(own []byte, k, n int) {
	all, own := bytesOf(a.memory), own[a.at:a.at+a.bytes()]
	for o := range a.outer {
		copy(all[(o*n+k)*a.stretch:][:a.stretch], own[o*a.stretch:])
	}
}

// scatter copies place k of n back to the stream.
func (a *arena) scatter(own []byte, k, n int) {
	all, own := bytesOf(a.memory), own[a.at:a.at+a.bytes()]
	for o := range a.outer {
		copy(own[o*a.stretch:][:a.stretch], all[(o*n+k)*a.stretch:])
	}
}

// prepare makes the tensors of n streams, once.
func (l *lane) prepare(n int) error {
	if n > l.capacity {
		if err := l.grow(n); err != nil {
			return err
		}
	}
	if l.bound[n].run != nil {
		return nil
	}
	b := &l.bound[n]
	values := make([]onnx.Value, len(l.tensors))
	for i, a := range l.tensors {
		v, c, err := a.view(n)
		if err != nil {
			return errors.Join(err, b.close())
		}
		values[i], b.values = v, append(b.values, c)
	}
	ins, outs := make([]onnx.Value, len(l.inputs())), make([]onnx.Value, len(l.outputs()))
	for i, a := range l.inputs() {
		ins[a.index] = values[i]
	}
	for i, a := range l.outputs() {
		outs[a.index] = values[len(ins)+i]
	}
	var err error
	if b.run, err = l.session.Bind(ins, outs); err != nil {
		return errors.Join(err, b.close())
	}
	return nil
}

// grow makes room for n streams or more; earlier tensors are given up.
func (l *lane) grow(n int) error {
	err := l.close()
	l.capacity = min(max(n, 2*l.capacity), cap(l.batch))
	l.bound = make([]binding, l.capacity+1)
	l.tensors = l.tensors[:0]
	for _, set := range [][]rows{l.layout.feeds, l.layout.in, l.layout.fetches, l.layout.out} {
		for _, r := range set {
			l.tensors = append(l.tensors, arena{r, make([]uint64, (l.capacity*r.bytes()+7)/8)})
		}
	}
	return err
}

func (l *lane) close() error {
	var errs []error
	for i := range l.bound {
		errs = append(errs, l.bound[i].close())
	}
	return errors.Join(errs...)
}

func (b *binding) close() error {
	var errs []error
	if b.run != nil {
		errs = append(errs, b.run.Close())
	}
	for _, v := range b.values {
		errs = append(errs, v.Close())
	}
	b.run, b.values = nil, nil
	return errors.Join(errs...)
}

// view is the tensor of n streams at the beginning of the memory.
func (a *arena) view(n int) (onnx.Value, closer, error) {
	raw := bytesOf(a.memory)[:n*a.bytes()]
	switch a.typ {
	case onnx.Int64:
		return view[int64](raw, a.shape(n))
	case onnx.Int32:
		return view[int32](raw, a.shape(n))
	case onnx.Uint8:
		return view[uint8](raw, a.shape(n))
	default:
		return view[float32](raw, a.shape(n))
	}
}

func view[T onnx.Element](raw []byte, dims []int64) (onnx.Value, closer, error) {
	t, err := onnx.View(valuesOf[T](raw), dims...)
	if err != nil {
		return nil, nil, err
	}
	return t, t, nil
}

// bytesOf views memory that is aligned for every element type as bytes.
func bytesOf(m []uint64) []byte {
	if len(m) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&m[0])), 8*len(m))
}

// valuesOf views bytes that begin at a multiple of 8 as values.
func valuesOf[T onnx.Element](raw []byte) []T {
	if len(raw) == 0 {
		return nil
	}
	var one T
	return unsafe.Slice((*T)(unsafe.Pointer(&raw[0])), len(raw)/int(unsafe.Sizeof(one)))
}
