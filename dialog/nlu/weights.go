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
	Clauses  string   `json:"clauses"`  // sha256 of clauses.tsv
	Concepts string   `json:"concepts"` // sha256 of concepts.tsv
	// Ends is the boundary model: scale, bias, and a weight (int8) for each
	// bucket. Cuts are the weights of the signs of a cut.
	Scale float32   `json:"ends_scale"`
	Bias  float32   `json:"ends_bias"`
	Ends  []byte    `json:"ends"`
	Cuts  []float64 `json:"cuts"`
}

const (
	weightsFormat = "waggle-intents-2"
	mostIntents   = 256
	mostHeader    = 1 << 16 // bytes
)

// TrainLinear fits the linear classifier to a TSV of utterances, and what parts
// questions to one of sentences (see EvaluateClauses), and writes the weights.
func TrainLinear(w io.Writer, tsv, clauses []byte) error {
	utterances, err := ReadUtterances(bytes.NewReader(tsv))
	if err != nil {
		return fmt.Errorf("nlu: training data: %w", err)
	}
	sentences, err := ReadUtterances(bytes.NewReader(clauses))
	if err != nil {
		return fmt.Errorf("nlu: sentences: %w", err)
	}
	c := train(augment(utterances))
	c.trainCuts(utterances, sentences)
	return c.write(w, digest(tsv), digest(clauses))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (c *classifier) write(w io.Writer, trained, parted string) error {
	h := weightsHeader{
		Format: weightsFormat, Intents: c.intents, Train: trained, Clauses: parted, Concepts: digest(conceptsTSV),
		Scale: c.ends.scale, Bias: c.ends.bias, Cuts: c.cuts[:],
	}
	for _, w := range c.ends.weight {
		h.Ends = append(h.Ends, byte(w))
	}
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
	in := bufio.NewReaderSize(z, mostHeader)
	h, err := headerLine(in)
	if err != nil {
		return nil, err
	}
	c := &classifier{
		intents: h.Intents, words: newVocabulary(), rows: make([]row, 1<<hashBits),
		ends: boundary{h.Scale, make([]int8, len(h.Ends)), h.Bias}, cuts: cutWeights(h.Cuts),
	}
	for i, x := range h.Ends {
		c.ends.weight[i] = int8(x)
	}
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
	return headerLine(bufio.NewReaderSize(z, mostHeader))
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
	if len(h.Ends) != 1<<boundaryBits || len(h.Cuts) != signs {
		return h, fmt.Errorf("%w: it parts questions by %d buckets and %d signs", ErrWeights, len(h.Ends), len(h.Cuts))
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
