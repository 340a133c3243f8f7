package eval

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"testing"
)

// heard makes n readings of a confidence, of which so many are right.
func heard(n, right int, confidence float32) []Detail {
	out := make([]Detail, n)
	for i := range out {
		out[i] = Detail{Chars: 10, Confidence: confidence, Errors: 2}
		if i >= right {
			out[i].Errors = 3
		}
	}
	return out
}

func TestCalibrationSeesOverconfidence(t *testing.T) {
	honest := calibration(append(heard(10, 9, 0.9), heard(10, 1, 0.1)...))
	if honest.ECE > 1e-6 || math.Abs(honest.Brier-0.09) > 1e-6 {
		t.Errorf("honest confidence: ECE %.3f, Brier %.3f", honest.ECE, honest.Brier)
	}
	boast := calibration(heard(20, 10, 1))
	if math.Abs(boast.ECE-0.5) > 1e-6 || boast.Reliability[9].N != 20 || boast.Reliability[9].Right != 0.5 {
		t.Errorf("overconfidence: %+v", boast)
	}
	if empty := calibration(nil); empty.ECE != 0 {
		t.Errorf("nothing heard: %+v", empty)
	}
}

func TestReliabilityIsDrawnAsXML(t *testing.T) {
	var b bytes.Buffer
	if err := calibration(heard(20, 10, 0.7)).WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	rects := 0
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			rects++
		}
	}
	if rects != 3 { // ground, frame, the one bar
		t.Errorf("%d rectangles", rects)
	}
}

func TestGroupsAreCountedApart(t *testing.T) {
	r := sum([]Detail{
		{Item: Item{Gender: "female", Kind: "word"}, Chars: 4, Errors: 1}, {Item: Item{Gender: "male", Kind: "word"}, Chars: 4, Errors: 3},
		{Item: Item{Gender: "male"}, Chars: 4, Errors: 4},
	})
	if len(r.Groups) != 2 || r.Groups[0].Name != "female" || r.Groups[0].CER != 0.25 || r.Groups[1].N != 2 || r.Groups[1].CER != 0.875 {
		t.Errorf("%+v", r.Groups)
	}
}
