package tokens

// unknownByte is what sentencepiece writes for an unknown piece; it reads as
// a space.
const unknownByte = '⁇'

// byteAlphabet lists the runs of code points that stand for the bytes 0 to 255
// in byte-level BPE: printable ASCII for itself, and for the rest those letters
// from U+0100 on that Unicode normalisation (NFKC) leaves alone. Source: Wang
// et al., "Neural Machine Translation with Byte-Level Subwords", AAAI 2020, in
// the form that icefall trains with.
var byteAlphabet = [...]struct{ from, to rune }{
	{0x100, 0x11f}, {0x20, 0x7e}, {0x120, 0x131}, {0x134, 0x13e}, {0x141, 0x148},
	{0x14a, 0x17e}, {0x180, 0x1a6},
}

// byteOf is the byte that a letter of the alphabet stands for.
func byteOf(r rune) (byte, bool) {
	at := 0
	for _, run := range byteAlphabet {
		if r >= run.from && r <= run.to {
			return byte(at + int(r-run.from)), true
		}
		at += int(run.to-run.from) + 1
	}
	return 0, false
}

// letterOf is the letter that stands for a byte.
func letterOf(b byte) rune {
	at := int(b)
	for _, run := range byteAlphabet {
		n := int(run.to-run.from) + 1
		if at < n {
			return run.from + rune(at)
		}
		at -= n
	}
	return unknownByte
}
