package encoder

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"waggle/dialog/nlu"
	"waggle/models/onnx"
)

func load(t testing.TB, name string) (*Encoder, error) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(raw)
	if errors.Is(err, onnx.ErrNoRuntime) {
		t.Skip(err)
	}
	return e, err
}

func read(t testing.TB, e *Encoder, text string) nlu.Encoding {
	t.Helper()
	out, err := e.Encode(nlu.Tokenise([]string{text})[0])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The graph of testdata adds a row for each character, so its answers can be
// told beforehand.
func TestEncodeGivesWhatTheGraphSays(t *testing.T) {
	e, err := load(t, "encoder.onnx")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	sure := float32(math.Exp(5) / (math.Exp(5) + 3))
	for text, want := range map[string]struct {
		intent int
		mood   nlu.Sentiment
		how    nlu.Emotion
	}{
		"退": {0, nlu.Neutral, nlu.Calm}, "快": {1, nlu.Neutral, nlu.Calm}, "谢": {2, nlu.Positive, nlu.Satisfied}, "滚": {3, nlu.Negative, nlu.Angry},
	} {
		got := read(t, e, text)
		if p := got.Intents[want.intent]; math.Abs(float64(p-sure)) > 1e-5 {
			t.Errorf("%s: %v, not %v for intent %d", text, got.Intents, sure, want.intent)
		}
		if got.Mood.Sentiment != want.mood || got.Mood.Emotion != want.how || (got.Mood.Insult > 0.9) != (text == "滚") {
			t.Errorf("%s: %+v", text, got.Mood)
		}
		if len(got.Vector) != 128 {
			t.Errorf("%s: a vector of %d", text, len(got.Vector))
		}
	}
	if got := read(t, e, ""); len(got.Intents) != 4 {
		t.Errorf("an empty text: %+v", got)
	}
	if got := read(t, e, strings.Repeat("退", 5000)); got.Intents[0] < 0.99 {
		t.Errorf("a long text: %v", got.Intents)
	}
}

func TestManyAtOnce(t *testing.T) {
	e, err := load(t, "encoder.onnx")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if got := read(t, e, "退"); got.Intents[0] < 0.9 {
					t.Errorf("%v", got.Intents)
				}
			}
		})
	}
	all.Wait()
}

func TestOtherGraphsAreRefused(t *testing.T) {
	for _, name := range []string{"few_names.onnx", "other_inputs.onnx"} {
		if e, err := load(t, name); !errors.Is(err, ErrGraph) {
			t.Errorf("%s: %v %v", name, e, err)
		}
	}
	if _, err := New([]byte("no graph")); err == nil {
		t.Error("bytes that are no graph were accepted")
	}
}

func TestAnEncoderOfOtherIntentsIsRefused(t *testing.T) {
	e, err := load(t, "encoder.onnx")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	if _, err := nlu.OpenWith(nlu.Options{Encoder: e}); !errors.Is(err, nlu.ErrEncoder) {
		t.Errorf("OpenWith: %v", err)
	}
}

// What ships must fit the classifier that ships, and reading with both must
// not be worse than the floor.
func TestTheEncoderThatShips(t *testing.T) {
	e, err := Open()
	if errors.Is(err, onnx.ErrNoRuntime) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	u, err := nlu.OpenWith(nlu.Options{Encoder: e, Share: nlu.BestShare})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../data/heldout.tsv")
	if err != nil {
		t.Fatal(err)
	}
	utterances, err := nlu.ReadUtterances(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := nlu.Evaluate(u, utterances)
	t.Logf("%+v", r)
	if r.Accuracy < 0.81 || r.InScope < 0.94 || r.OOSRecall < 0.75 {
		t.Errorf("reading has become worse: %+v", r)
	}
	if m := u.Understand("气死我了，你们这是什么破服务").Mood; m.Sentiment != nlu.Negative || m.Emotion != nlu.Angry {
		t.Errorf("an angry sentence is %+v", m)
	}
	if m := u.Understand("太好了，非常满意").Mood; m.Sentiment != nlu.Positive {
		t.Errorf("a pleased sentence is %+v", m)
	}
	near, far := likeness(t, u, "快递到哪了", "我的包裹走到哪里了"), likeness(t, u, "快递到哪了", "发票抬头怎么写")
	if near < far+0.3 {
		t.Errorf("one wish lies at %.2f, another at %.2f", near, far)
	}
}

func likeness(t *testing.T, u *nlu.Understander, a, b string) (dot float32) {
	t.Helper()
	v, err := u.Embed([]string{a, b})
	if err != nil {
		t.Fatal(err)
	}
	for i := range v[0] {
		dot += v[0][i] * v[1][i]
	}
	return dot
}
