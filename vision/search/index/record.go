package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A file is a header and records; the log and the snapshot are alike. Every
// record stands behind its length and CRC-32C, so that one that was cut off or
// changed is known as such.
//
//	header: magic, dim uint32, network uint16 + bytes, CRC-32C
//	record: length uint32, CRC-32C uint32, payload
//	payload: op, key uint16, product uint16, stamp uint64, scale float32, key, product, row
const magic = "waggle-index-v1\n"

const (
	opPut    = 1
	opRemove = 2
	opHusk   = 3 // a dead slot that the graph still steps on
)

const payloadHead = 1 + 2 + 2 + 8 + 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errCut = errors.New("index: a record is cut off or changed")

func header(dim int, network string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), uint32(dim))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(network)))
	b = append(b, network...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// readHeader compares the file's header with the one that is expected.
func readHeader(r io.Reader, dim int, network string) error {
	fixed := make([]byte, len(magic)+6)
	if _, err := io.ReadFull(r, fixed); err != nil || string(fixed[:len(magic)]) != magic {
		return fmt.Errorf("%w: no index", ErrDamaged)
	}
	rest := make([]byte, int(binary.LittleEndian.Uint16(fixed[len(magic)+4:]))+4)
	if _, err := io.ReadFull(r, rest); err != nil {
		return fmt.Errorf("%w: header", ErrDamaged)
	}
	sum := crc32.Update(crc32.Checksum(fixed, castagnoli), castagnoli, rest[:len(rest)-4])
	if binary.LittleEndian.Uint32(rest[len(rest)-4:]) != sum {
		return fmt.Errorf("%w: header", ErrDamaged)
	}
	if int(binary.LittleEndian.Uint32(fixed[len(magic):])) != dim || string(rest[:len(rest)-4]) != network {
		return ErrOther
	}
	return nil
}

// appendRecord adds one record to b. row has at least dim numbers where the
// op needs one.
func appendRecord(b []byte, op byte, e entry, dim int) []byte {
	start := len(b)
	b = append(b, make([]byte, 8)...)
	b = append(b, op)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(e.key)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(e.product)))
	b = binary.LittleEndian.AppendUint64(b, e.stamp)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(e.scale))
	b = append(b, e.key...)
	b = append(b, e.product...)
	if op != opRemove {
		for _, v := range e.row[:dim] {
			b = append(b, byte(v))
		}
	}
	payload := b[start+8:]
	binary.LittleEndian.PutUint32(b[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(b[start+4:], crc32.Checksum(payload, castagnoli))
	return b
}

// reader reads records one after the other.
type reader struct {
	io.Reader
	buf []byte
	row []int8
}

func newReader(r io.Reader, dim int) *reader {
	return &reader{r, make([]byte, payloadHead+2*maxName+dim), make([]int8, dim)}
}

// next reads a record: io.EOF at a clean end, errCut where one is not whole.
// The entry's row is valid until the next call.
func (r *reader) next() (op byte, e entry, size int, err error) {
	var head [8]byte
	if n, err := io.ReadFull(r, head[:]); err != nil {
		if n == 0 && errors.Is(err, io.EOF) {
			return 0, e, 0, io.EOF
		}
		return 0, e, 0, errCut
	}
	n := int(binary.LittleEndian.Uint32(head[:]))
	if n < payloadHead || n > len(r.buf) {
		return 0, e, 0, errCut
	}
	p := r.buf[:n]
	if _, err := io.ReadFull(r, p); err != nil || crc32.Checksum(p, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return 0, e, 0, errCut
	}
	op = p[0]
	key, product := int(binary.LittleEndian.Uint16(p[1:])), int(binary.LittleEndian.Uint16(p[3:]))
	e.stamp = binary.LittleEndian.Uint64(p[5:])
	e.scale = math.Float32frombits(binary.LittleEndian.Uint32(p[13:]))
	row := len(r.row)
	if op == opRemove {
		row = 0
	}
	if payloadHead+key+product+row != n || op < opPut || op > opHusk {
		return 0, e, 0, errCut
	}
	p = p[payloadHead:]
	e.key, e.product = string(p[:key]), string(p[key:key+product])
	e.row = r.row[:row]
	for i, v := range p[key+product:] {
		e.row[i] = int8(v)
	}
	return op, e, n + 8, nil
}
