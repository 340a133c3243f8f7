package nlu

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"waggle/models"
)

func builtinWeights(t testing.TB) []byte {
	t.Helper()
	raw, _, err := models.Builtin().Open(linearModel)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The weights must have been made from the utterances that lie beside the code.
func TestWeightsAreOfTheseUtterances(t *testing.T) {
	h, err := readHeader(bytes.NewReader(builtinWeights(t)))
	if err != nil {
		t.Fatal(err)
	}
	if want, clauses := digest(trainTSV(t)), digest(clausesTSV(t)); h.Train != want || h.Clauses != clauses {
		t.Errorf("trained on %s and %s, but train.tsv is %s and clauses.tsv %s: run `go run ./models/train/text/linear && python models/train/manifest.py`", h.Train, h.Clauses, want, clauses)
	}
}

func TestTrainingIsDeterministicAndSurvivesTheFile(t *testing.T) {
	tsv := []byte("text\tintent\n我的快递到哪了\tparcel\n查一下物流到哪里了\tparcel\n我要退货\treturn\n这个不要了想退货\treturn\n")
	clauses := []byte("text\tintent\n我要退货，快递到哪了\treturn+parcel\n我要退货不要了\treturn\n")
	var a, b bytes.Buffer
	if err := errors.Join(TrainLinear(&a, tsv, clauses), TrainLinear(&b, tsv, clauses)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same utterances gave other weights")
	}
	c, err := readClassifier(&a)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c.intents, []Intent{Parcel, Return}) {
		t.Errorf("intents %v", c.intents)
	}
	if p := c.probabilities("帮我退货"); p[1] < 0.6 {
		t.Errorf("退货 is %v", p)
	}
}

func TestBadWeightsAreRefused(t *testing.T) {
	good := builtinWeights(t)
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 0xff
	for name, raw := range map[string][]byte{
		"empty": nil, "no gzip": []byte("text"), "cut": good[:len(good)/2], "flipped": flipped,
	} {
		if _, err := readClassifier(bytes.NewReader(raw)); !errors.Is(err, ErrWeights) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
