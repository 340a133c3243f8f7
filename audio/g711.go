package audio

import "math/bits"

// G.711 keeps 8 bits of each sample on a logarithmic scale: a sign, a segment
// of three bits and a position of four bits within it (ITU-T G.711, 11/1988,
// tables 1 and 2). Both laws are a handful of integer steps, so they are
// computed and need no tables.

const (
	muBias = 0x84  // added before taking the segment, so that segments double
	muClip = 32635 // largest magnitude that still fits after the bias
	aFlip  = 0x55  // G.711 inverts the even bits of A-law before transmission
)

// EncodeMuLaw compresses one linear sample to µ-law (PCMU).
func EncodeMuLaw(sample int16) byte {
	sign, magnitude := byte(0), int(sample)
	if magnitude < 0 {
		sign, magnitude = 0x80, -magnitude
	}
	magnitude = min(magnitude, muClip) + muBias
	segment := bits.Len(uint(magnitude)) - 8
	position := magnitude >> (segment + 3) & 0x0F
	return ^(sign | byte(segment<<4) | byte(position))
}

// DecodeMuLaw expands one µ-law byte.
func DecodeMuLaw(code byte) int16 {
	code = ^code
	segment := code >> 4 & 7
	magnitude := (int(code&0x0F)<<3+muBias)<<segment - muBias
	if code&0x80 != 0 {
		return int16(-magnitude)
	}
	return int16(magnitude)
}

// EncodeALaw compresses one linear sample to A-law (PCMA).
func EncodeALaw(sample int16) byte {
	sign, magnitude := byte(0x80), int(sample)>>3 // 13 bits, as G.711 counts
	if magnitude < 0 {
		sign, magnitude = 0, ^magnitude
	}
	if magnitude < 32 {
		return (sign | byte(magnitude>>1)) ^ aFlip
	}
	segment := bits.Len(uint(magnitude)) - 5
	position := magnitude >> segment & 0x0F
	return (sign | byte(segment<<4) | byte(position)) ^ aFlip
}

// DecodeALaw expands one A-law byte.
func DecodeALaw(code byte) int16 {
	code ^= aFlip
	segment := code >> 4 & 7
	magnitude := int(code&0x0F)<<4 + 8
	if segment > 0 {
		magnitude = (magnitude + 0x100) << (segment - 1)
	}
	if code&0x80 == 0 {
		return int16(-magnitude)
	}
	return int16(magnitude)
}

// Law is one of the two companding laws of G.711.
type Law byte

// The laws.
const (
	MuLaw Law = iota // RTP payload type 0, PCMU
	ALaw             // RTP payload type 8, PCMA
)

// String is the name of the encoding in SDP (RFC 3551).
func (l Law) String() string {
	if l == ALaw {
		return "PCMA"
	}
	return "PCMU"
}

// Encode appends the compressed samples to dst.
func (l Law) Encode(dst []byte, pcm []int16) []byte {
	if l == ALaw {
		for _, s := range pcm {
			dst = append(dst, EncodeALaw(s))
		}
		return dst
	}
	for _, s := range pcm {
		dst = append(dst, EncodeMuLaw(s))
	}
	return dst
}

// Decode appends the expanded samples to dst.
func (l Law) Decode(dst []int16, data []byte) []int16 {
	if l == ALaw {
		for _, b := range data {
			dst = append(dst, DecodeALaw(b))
		}
		return dst
	}
	for _, b := range data {
		dst = append(dst, DecodeMuLaw(b))
	}
	return dst
}
