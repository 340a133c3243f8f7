//go:build !amd64

package index

// dot is the scalar product of two rows of the same length, a multiple of pad.
func dot(a, b []int8) int32 { return dotPlain(a, b) }
