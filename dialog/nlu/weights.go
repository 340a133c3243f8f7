package nlu

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrWeights is the verdict on a file of weights that does not fit.
var ErrWeights = errors.New("nlu: not a file of intent weights for this version")

// weightsHeader is the first line of a file of weights. A row for each feature
// follows: bucket (uint32), scale (float32), a weight for each intent (int8),
// little-endian, the whole compressed by gzip (RFC 1952).
type weightsHeader struct {
	Format   string   `json:"format"`
	Intents  []Intent `json:"intents"`
	Rows     int      `json:"rows"`
	Train    string   `json:"train"`    // sha256 of train.tsv
	Concepts string   `json:"concepts"` // sha256 of concepts.tsv
}

const (
	weightsFormat = "waggle-intents-1"
	mostIntents   = 256
)

// TrainLinear fits the linear classifier to a TSV of utterances and writes its
// weights.
func TrainLinear(w io.Writer, tsv []byte) error {
	utterances, err := ReadUtterances(bytes.NewReader(tsv))
	if err != nil {
		return fmt.Errorf("nlu: training data: %w", err)
	}
	return train(augment(utterances)).write(w, digest(tsv))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (c *classifier) write(w io.Writer, trained string) error {
	h := weightsHeader{Format: weightsFormat, Intents: c.intents, Train: trained, Concepts: digest(conceptsTSV)}
	for _, r := range c.rows {
		if r.weight != nil {
			h.Rows++
		}
	}
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(z)
	_, _ = out.Write(append(head, '\n')) // errors stay with the writer until Flush
	for b, r := range c.rows {
		if r.weight == nil {
			continue
		}
		var front [8]byte
		binary.LittleEndian.PutUint32(front[:], uint32(b))
		binary.LittleEndian.PutUint32(front[4:], math.Float32bits(r.scale))
		_, _ = out.Write(front[:])
		for _, x := range r.weight {
			_ = out.WriteByte(byte(x))
		}
	}
	return errors.Join(out.Flush(), z.Close())
}

// readClassifier reads what write wrote. Errors: ErrWeights.
func readClassifier(r io.Reader) (*classifier, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWeights, err)
	}
	in := bufio.NewReader(z)
	h, err := headerLine(in)
	if err != nil {
		return nil, err
	}
	c := &classifier{intents: h.Intents, words: newVocabulary(), rows: make([]row, 1<<hashBits)}
	if err := c.readRows(in, h.Rows); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(in, make([]byte, 1)); !errors.Is(err, io.EOF) { // the checksum is read with the end
		return nil, fmt.Errorf("%w: its end: %w", ErrWeights, err)
	}
	return c, nil
}

// readHeader reads the first line of a file of weights.
func readHeader(r io.Reader) (weightsHeader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return weightsHeader{}, fmt.Errorf("%w: %w", ErrWeights, err)
	}
	return headerLine(bufio.NewReader(z))
}

func headerLine(in *bufio.Reader) (weightsHeader, error) {
	var h weightsHeader
	line, err := in.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		return h, fmt.Errorf("%w: %w", ErrWeights, err)
	}
	if h.Format != weightsFormat || len(h.Intents) == 0 || len(h.Intents) > mostIntents || h.Rows < 0 || h.Rows > 1<<hashBits {
		return h, fmt.Errorf("%w: its header says %q, %d intents, %d rows", ErrWeights, h.Format, len(h.Intents), h.Rows)
	}
	if h.Concepts != digest(conceptsTSV) {
		return h, fmt.Errorf("%w: it was made with other concepts", ErrWeights)
	}
	return h, nil
}

func (c *classifier) readRows(in io.Reader, n int) error {
	record := make([]byte, 8+len(c.intents))
	all := make([]int8, n*len(c.intents))
	for range n {
		if _, err := io.ReadFull(in, record); err != nil {
			return fmt.Errorf("%w: %w", ErrWeights, err)
		}
		b := binary.LittleEndian.Uint32(record)
		if b >= uint32(len(c.rows)) {
			return fmt.Errorf("%w: no feature %d", ErrWeights, b)
		}
		w := all[:len(c.intents):len(c.intents)]
		all = all[len(c.intents):]
		for i, x := range record[8:] {
			w[i] = int8(x)
		}
		c.rows[b] = row{scale: math.Float32frombits(binary.LittleEndian.Uint32(record[4:])), weight: w}
	}
	return nil
}
