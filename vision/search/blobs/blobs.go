// Package blobs keeps a few kilobytes under each of many keys in one file that
// only grows at its end, and survives a crash in the middle of a write. Memory
// holds where each lies, not the bytes. It imports nothing of Waggle.
package blobs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// Errors.
var (
	ErrMissing = errors.New("blobs: nothing is kept under this key")
	ErrDamaged = errors.New("blobs: what is kept under this key is damaged")
	ErrTooLong = errors.New("blobs: key or blob too long")
)

// Bounds of a record.
const (
	maxKey  = 512
	maxBlob = 1 << 20
)

// Item is a blob with its key. Stamp tells one version from another.
type Item struct {
	Key   string
	Stamp uint64
	Blob  []byte
}

// place is where a blob lies.
type place struct {
	at    int64 // of the blob, behind its head
	n     uint32
	sum   uint32
	stamp uint64
}

// File keeps blobs. It is safe for concurrent use.
type File struct {
	path, tag string
	mu        sync.RWMutex
	file      *os.File
	size      int64 // of whole records
	living    int64 // bytes of records that are still asked for
	places    map[string]place
}

const magic = "waggle-blobs-v1\n"

// A record: head, key, blob. The head's last number is the CRC-32C of the rest
// of the head and the key, so that opening need not read the blobs.
const headSize = 2 + 4 + 8 + 4 + 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Open opens or makes the file at path; an empty path makes one that is gone
// when it is closed. A file of another tag is emptied, and what a crash left
// half written is cut off.
func Open(path, tag string) (*File, error) {
	f := &File{path: path, tag: tag, places: map[string]place{}}
	var err error
	if path == "" {
		f.file, err = os.CreateTemp("", "waggle-blobs-")
	} else {
		f.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	if path == "" {
		err = os.Remove(f.file.Name()) // the open file lives on without a name
	} else {
		err = unix.Flock(int(f.file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	if err == nil {
		err = f.read()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("blobs: %w", err), f.file.Close())
	}
	return f, nil
}

// Close frees the file.
func (f *File) Close() error { return f.file.Close() }

func (f *File) header() []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(f.tag)))
	return append(b, f.tag...)
}

// read finds the records.
func (f *File) read() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	want := f.header()
	have := make([]byte, len(want))
	if _, err := f.file.ReadAt(have, 0); err != nil || string(have) != string(want) {
		return f.empty()
	}
	f.size = int64(len(want))
	buf := make([]byte, headSize+maxKey)
	for {
		key, p, ok := f.head(buf, info.Size())
		if !ok {
			break
		}
		f.keep(key, p)
	}
	return f.file.Truncate(f.size)
}

// head reads the record at f.size; ok is false where none is whole.
func (f *File) head(buf []byte, end int64) (key string, p place, ok bool) {
	n, err := f.file.ReadAt(buf, f.size)
	if err != nil && !errors.Is(err, io.EOF) || n < headSize {
		return "", p, false
	}
	long := int(binary.LittleEndian.Uint16(buf))
	p = place{f.size + headSize + int64(long), binary.LittleEndian.Uint32(buf[2:]), binary.LittleEndian.Uint32(buf[14:]), binary.LittleEndian.Uint64(buf[6:])}
	if long > maxKey || n < headSize+long || p.n > maxBlob || p.at+int64(p.n) > end {
		return "", p, false
	}
	key = string(buf[headSize : headSize+long])
	return key, p, headSum(buf, key) == binary.LittleEndian.Uint32(buf[18:])
}

func headSum(head []byte, key string) uint32 {
	return crc32.Update(crc32.Checksum(head[:headSize-4], castagnoli), castagnoli, []byte(key))
}

// keep notes a record that begins at f.size.
func (f *File) keep(key string, p place) {
	if old, ok := f.places[key]; ok {
		f.living -= recordSize(key, old)
	}
	f.places[key] = p
	f.size += recordSize(key, p)
	f.living += recordSize(key, p)
}

func recordSize(key string, p place) int64 { return headSize + int64(len(key)) + int64(p.n) }

func (f *File) empty() error {
	b := f.header()
	if err := f.file.Truncate(0); err != nil {
		return err
	}
	if _, err := f.file.WriteAt(b, 0); err != nil {
		return err
	}
	f.size = int64(len(b))
	return f.file.Sync()
}

// Put keeps items; when it returns without an error they are on the disk.
// Errors: ErrTooLong, those of the file system.
func (f *File) Put(items ...Item) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b []byte
	places := make([]place, len(items))
	for i, it := range items {
		if len(it.Key) > maxKey || len(it.Blob) > maxBlob {
			return fmt.Errorf("%w: %d and %d bytes", ErrTooLong, len(it.Key), len(it.Blob))
		}
		b = appendHead(b, it)
		places[i] = place{f.size + int64(len(b)), uint32(len(it.Blob)), crc32.Checksum(it.Blob, castagnoli), it.Stamp}
		b = append(b, it.Blob...)
	}
	if len(b) == 0 {
		return nil
	}
	_, err := f.file.WriteAt(b, f.size)
	if err == nil {
		err = f.file.Sync()
	}
	if err != nil { // half a record must not stand before the next one
		return errors.Join(fmt.Errorf("blobs: %w", err), f.file.Truncate(f.size))
	}
	for i, it := range items {
		f.keep(it.Key, places[i])
	}
	return nil
}

func appendHead(b []byte, it Item) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(it.Key)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(it.Blob)))
	b = binary.LittleEndian.AppendUint64(b, it.Stamp)
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(it.Blob, castagnoli))
	b = binary.LittleEndian.AppendUint32(b, headSum(append(b[start:len(b):len(b)], 0, 0, 0, 0), it.Key))
	return append(b, it.Key...)
}

// Has reports whether this version of a key is kept.
func (f *File) Has(key string, stamp uint64) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	p, ok := f.places[key]
	return ok && p.stamp == stamp
}

// Get reads what is kept under a key. Errors: ErrMissing, ErrDamaged, those of
// the file system.
func (f *File) Get(key string) ([]byte, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	p, ok := f.places[key]
	if !ok {
		return nil, ErrMissing
	}
	b := make([]byte, p.n)
	if _, err := f.file.ReadAt(b, p.at); err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	if crc32.Checksum(b, castagnoli) != p.sum {
		return nil, ErrDamaged
	}
	return b, nil
}
