package zipformer

import (
	"bufio"
	"errors"
	"maps"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/modeldir"
	"waggle/asr/tokens"
	"waggle/audio/clip"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testdata = "../dropin/testdata/"

func graph(t testing.TB, folder string, role modeldir.Role) *modeldir.Graph {
	t.Helper()
	d, err := modeldir.Open(testdata+folder, modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph(role)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// steps is what onnxruntime gives for the test sound, row by row.
func steps(t *testing.T) [][]float64 {
	t.Helper()
	f, err := os.Open(testdata + "zipformer2-ctc/steps.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]float64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row []float64
		for c := range strings.FieldsSeq(lines.Text()) {
			v, err := strconv.ParseFloat(c, 64)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	return rows
}

// sound is the beginning of the sentence that steps.tsv was made of.
func frames(t *testing.T) [][fbank.Bins]float32 {
	t.Helper()
	c, err := clip.Open(testdata+"steps.flac", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	e := fbank.New()
	e.Write(c.PCM)
	e.Flush()
	var list [][fbank.Bins]float32
	for {
		var row [fbank.Bins]float32
		if !e.Read(row[:]) {
			return list
		}
		list = append(list, row)
	}
}

// Whatever runs together, each stream must get what a lone stream gets from
// onnxruntime. One lane that waits long makes all streams share nearly every run;
// it must not wait for ever, since a stream that was served already does not come
// again before the others were.
func TestStreamsThatShareRunsKeepTheirStates(t *testing.T) {
	e, err := openEncoder(graph(t, "zipformer2-ctc", modeldir.Whole))
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	own := e.runner
	defer own.Close()
	if e.runner, err = batch.New(e.session, e.plan(e.rows, e.cols), batch.Options{Lanes: 1, Wait: 100 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	var streams [12]*strand
	for i := range streams {
		if streams[i], err = e.newStrand(); err != nil {
			t.Fatal(err)
		}
		defer streams[i].step.Close()
	}
	want, heard := steps(t), frames(t)
	size := e.rows * e.cols
	for n := 0; n*e.rows < len(want); n++ {
		for i, s := range streams { // each hears the sound at another loudness, but for the first and the last
			for k, f := range heard[n*e.Shift:][:e.Window] {
				for b, v := range f {
					s.x[k*fbank.Bins+b] = v + float32(i%11)
				}
			}
			if err := s.step.Start(false); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range streams {
			if err := s.step.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range []*strand{streams[0], streams[11]} {
			for i, v := range s.y[:size] {
				if w := want[n*e.rows+i/e.cols][i%e.cols]; math.Abs(w-float64(v)) > 5e-3*max(1, math.Abs(w)) {
					t.Fatalf("window %d value %d: %v, want %v", n, i, v, w)
				}
			}
		}
	}
	if runs, all := e.runner.Stats(); runs >= all/2 {
		t.Errorf("%d runs for %d steps", runs, all)
	}
}

// meta is that of a small but whole model.
func meta() modeldir.Meta {
	return modeldir.Meta{
		"model_type": "zipformer2", "encoder_dims": "80,8", "query_head_dims": "4,3", "value_head_dims": "3,2", "num_heads": "2,1",
		"num_encoder_layers": "1,2", "cnn_module_kernels": "3,5", "left_context_len": "6,4", "T": "29", "decode_chunk_len": "16",
	}
}

func TestMetadataThatCannotBeMeantIsRefused(t *testing.T) {
	for _, c := range []struct {
		key, value string
		want       error
	}{
		{"T", "", modeldir.ErrMetadata},
		{"T", "100000", modeldir.ErrMetadata},
		{"T", "-1", modeldir.ErrMetadata},
		{"decode_chunk_len", "30", modeldir.ErrMetadata}, // beyond T
		{"decode_chunk_len", "0", modeldir.ErrMetadata},
		{"encoder_dims", "80", ErrModel}, // one stack, the others say two
		{"encoder_dims", "80,x", modeldir.ErrMetadata},
		{"num_heads", "2,1,1", ErrModel},
		{"num_encoder_layers", "60,60", ErrModel},
		{"num_encoder_layers", "1,99999999999999999999", modeldir.ErrMetadata},
		{"query_head_dims", "4096,4096", ErrModel}, // times two heads
		{"left_context_len", "2000000000,1", modeldir.ErrMetadata},
		{"cnn_module_kernels", strings.Repeat("3,", 5000), modeldir.ErrMetadata},
	} {
		m := meta()
		m[c.key] = c.value
		if _, err := ReadConfig(m); !errors.Is(err, c.want) || !strings.Contains(err.Error(), strings.Split(c.key, "_")[0]) && c.want == modeldir.ErrMetadata {
			t.Errorf("%s=%.20s: %v", c.key, c.value, err)
		}
	}
	for key := range meta() {
		m := meta()
		if delete(m, key); key == "model_type" {
			continue
		}
		if _, err := ReadConfig(m); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), key) {
			t.Errorf("without %s: %v", key, err)
		}
	}
}

func TestGraphsThatDoNotFitTheirMetadataAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*modeldir.Graph)
		says  string
	}{
		"other family":   {func(g *modeldir.Graph) { g.Meta["model_type"] = "conformer" }, "model_type"},
		"other features": {func(g *modeldir.Graph) { g.Meta["feature"] = "whisper" }, "whisper"},
		"one layer more": {func(g *modeldir.Graph) { g.Meta["num_encoder_layers"] = "2,2" }, "metadata mean 27 inputs"},
		"other width":    {func(g *modeldir.Graph) { g.Meta["encoder_dims"] = "80,16" }, "metadata mean float32 [1 1 4 12]"},
		"other context":  {func(g *modeldir.Graph) { g.Meta["left_context_len"] = "6,5" }, "cached_key_1"},
		"other window":   {func(g *modeldir.Graph) { g.Meta["T"] = "45" }, "x is float32"},
		"state of int64": {func(g *modeldir.Graph) { g.Inputs[1].Type = onnx.Int64 }, "cached_key_0 is int64"},
		"lens of float":  {func(g *modeldir.Graph) { g.Outputs[len(g.Outputs)-1].Type = onnx.Float32 }, "new_processed_lens"},
		"flat output":    {func(g *modeldir.Graph) { g.Outputs[0].Dims = g.Outputs[0].Dims[:2] }, "output log_probs"},
		"state missing":  {func(g *modeldir.Graph) { g.Inputs = g.Inputs[:5] }, "the graph has 5"},
	} {
		t.Run(name, func(t *testing.T) {
			g := *graph(t, "zipformer2-ctc", modeldir.Whole)
			g.Meta = maps.Clone(g.Meta)
			g.Inputs, g.Outputs = append([]onnx.Port{}, g.Inputs...), append([]onnx.Port{}, g.Outputs...)
			c.spoil(&g)
			e, err := openEncoder(&g)
			if err == nil {
				_ = e.close()
			}
			if !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
}

func TestOutputThatIsNoNumberIsRefused(t *testing.T) {
	g := graph(t, "zipformer2-nan", modeldir.Whole)
	e, err := openEncoder(g)
	if err == nil {
		_ = e.close()
	}
	if !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("%v", err)
	}
}

func TestPhrasesBeyondTheVocabularyAreLeftOut(t *testing.T) {
	table, err := tokens.Read([]byte("<blk> 0\n退 1\n货 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	many := make([]hotwords.Hotword, 5000)
	for i := range many {
		many[i].Text = "退货"
	}
	for _, list := range [][]hotwords.Hotword{nil, {{Text: "青花瓷"}}, {{}}, many} {
		g, err := raised(table, nil, list)
		if err != nil || (g != nil) != (len(list) == len(many)) {
			t.Errorf("%d phrases: %v, %v", len(list), g, err)
		}
	}
}

func FuzzReadConfig(f *testing.F) {
	m := meta()
	f.Add(m["encoder_dims"], m["num_heads"], m["num_encoder_layers"], m["left_context_len"], "29", "16")
	f.Add("1", "4096", "64", "4096", "1000", "1000")
	f.Fuzz(func(t *testing.T, dims, heads, layers, left, window, shift string) {
		m := meta()
		m["encoder_dims"], m["num_heads"], m["num_encoder_layers"], m["left_context_len"] = dims, heads, layers, left
		m["T"], m["decode_chunk_len"] = window, shift
		c, err := ReadConfig(m)
		if err != nil {
			return
		}
		if n := len(c.states()); n < 8 || n > 6*maxLayers+2 {
			t.Errorf("%d states", n)
		}
		if err := c.checkPorts(make([]onnx.Port, 3), nil); err == nil {
			t.Error("three inputs are enough")
		}
	})
}
