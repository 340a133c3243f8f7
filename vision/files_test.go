package vision

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

func jpegFile(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngFile(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func testFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// chunk is one PNG chunk with its CRC.
func chunk(name string, body []byte) []byte {
	b := make([]byte, 8, 12+len(body))
	binary.BigEndian.PutUint32(b, uint32(len(body)))
	copy(b[4:], name)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunk puts a chunk right behind IHDR.
func withChunk(file []byte, name string, body []byte) []byte {
	const ihdr = 8 + 25
	return join(file[:ihdr], chunk(name, body), file[ihdr:])
}

// pngBomb announces a size and carries zeros only.
func pngBomb(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	var idat bytes.Buffer
	z := zlib.NewWriter(&idat)
	line := make([]byte, 1+3*w)
	for range min(h, 4096) {
		_, _ = z.Write(line)
	}
	_ = z.Close()
	return join([]byte(pngSignature), chunk("IHDR", ihdr), chunk("IDAT", idat.Bytes()), chunk("IEND", nil))
}

// deflated packs n zeros, as text and profile bombs do.
func deflated(n int) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(make([]byte, n))
	_ = z.Close()
	return b.Bytes()
}

// profile is a matrix profile with one gamma and the given colorants.
func profile(gamma float64, toXYZ [3][3]float64) []byte {
	names := []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}
	b := make([]byte, 132+12*len(names))
	copy(b[16:], "RGB XYZ ")
	copy(b[36:], "acsp")
	binary.BigEndian.PutUint32(b[128:], uint32(len(names)))
	for i, name := range names {
		var tag []byte
		if i < 3 {
			tag = append(tag, "XYZ \x00\x00\x00\x00"...)
			for row := range 3 {
				tag = binary.BigEndian.AppendUint32(tag, uint32(int32(math.Round(toXYZ[row][i]*65536))))
			}
		} else {
			tag = append(tag, "curv\x00\x00\x00\x00\x00\x00\x00\x01"...)
			tag = binary.BigEndian.AppendUint16(tag, uint16(math.Round(gamma*256)))
			tag = append(tag, 0, 0)
		}
		e := b[132+12*i:]
		copy(e, name)
		binary.BigEndian.PutUint32(e[4:], uint32(len(b)))
		binary.BigEndian.PutUint32(e[8:], uint32(len(tag)))
		b = append(b, tag...)
	}
	return b
}

func zlibWriter(dst *bytes.Buffer, b []byte) (int, error) {
	z := zlib.NewWriter(dst)
	if _, err := z.Write(b); err != nil {
		return 0, err
	}
	return dst.Len(), z.Close()
}
