package index

import "golang.org/x/sys/cpu"

//go:noescape
func dotAVX2(a, b *int8, n int) int32

// fast reports whether the processor has what dotAVX2 needs.
var fast = cpu.X86.HasAVX2

// dot is the scalar product of two rows of the same length, a multiple of pad.
func dot(a, b []int8) int32 {
	if fast && len(a) > 0 && len(b) >= len(a) {
		return dotAVX2(&a[0], &b[0], len(a))
	}
	return dotPlain(a, b)
}
