package hostile

import "encoding/binary"

// chunkOf is one RIFF chunk, padded to an even length.
func chunkOf(name string, body []byte) []byte {
	b := append([]byte(name), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(body)))
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// webp puts chunks into a file (RFC 9649).
func webp(chunks ...[]byte) []byte {
	body := join(append([][]byte{[]byte("WEBP")}, chunks...)...)
	head := append([]byte("RIFF"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(head[4:], uint32(len(body)))
	return append(head, body...)
}

// vp8 is the head of a lossy picture with nothing behind it.
func vp8(w, h uint16) []byte {
	b := make([]byte, 64)
	copy(b[3:], []byte{0x9d, 0x01, 0x2a})
	binary.LittleEndian.PutUint16(b[6:], w)
	binary.LittleEndian.PutUint16(b[8:], h)
	return chunkOf("VP8 ", b)
}

// vp8l is the head of a lossless picture with nothing behind it.
func vp8l(w, h uint32) []byte {
	b := make([]byte, 64)
	b[0] = 0x2f
	binary.LittleEndian.PutUint32(b[1:], (w-1)|(h-1)<<14)
	return chunkOf("VP8L", b)
}

// vp8x is the extended header: a canvas and flags.
func vp8x(w, h uint32, flags byte) []byte {
	b := make([]byte, 10)
	b[0] = flags
	put24 := func(at int, v uint32) { b[at], b[at+1], b[at+2] = byte(v), byte(v>>8), byte(v>>16) }
	put24(4, w-1)
	put24(7, h-1)
	return chunkOf("VP8X", b)
}

// cutWebP is a lossy picture cut off at a share of its length.
func cutWebP(share int) []byte {
	file := webp(vp8(64, 64))
	return file[:max(12, len(file)*share/100)]
}
