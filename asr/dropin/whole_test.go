package dropin

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/asr/punct"
	"waggle/asr/segment/segmenttest"
	"waggle/audio"
	"waggle/audio/clip"
)

// openWhole opens a family's test folder.
func openWhole(t *testing.T, folder string, o Options) Recognizer {
	t.Helper()
	r, err := Open(context.Background(), filepath.Join("..", folder), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestRecordingsAreTranscribedByEveryWholeUtteranceFamily(t *testing.T) {
	p, err := punct.Open("../punct/testdata")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for folder, o := range map[string]Options{
		"sensevoice/testdata": {}, "paraformer/testdata/offline": {}, "offlinectc/testdata/wenet": {}, "offlinectc/testdata/nemo-raw": {},
		"whisper/testdata": {},
	} {
		for _, c := range []struct {
			punctuate func(string) (string, error)
			want      string
		}{{nil, "我要退货"}, {p.Punctuate, "我要退货。"}} {
			o.Punctuate = c.punctuate
			units := []int{0, 1, 2, 3}
			if folder == "whisper/testdata" { // spends two tones on a character
				units, c.want = []int{0, 1, 2, 3, 7}, strings.Replace(c.want, "退货", "退件", 1)
			}
			tr := asr.Transcriber{Recognizer: openWhole(t, folder, o)}
			got, err := tr.Transcribe(context.Background(), clip.Clip{PCM: segmenttest.Say(units...)}, asr.Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.want || got.Spoken != strings.TrimSuffix(c.want, "。") || !got.Final || got.Confidence < 0.9 || !got.Uncalibrated || len(got.Words) == 0 {
				t.Errorf("%s: %+v, want %s", folder, got, c.want)
			}
		}
	}
}

func TestLanguageAndOwnWritingReachTheModel(t *testing.T) {
	r := openWhole(t, "sensevoice/testdata", Options{Language: "en", ITN: true})
	got, err := asr.Transcriber{Recognizer: r}.Transcribe(context.Background(), clip.Clip{PCM: segmenttest.Say(5, 7)}, asr.Hints{})
	if err != nil || got.Text != "3件" || got.Tags != (asr.Tags{Language: "en", Emotion: "NEUTRAL", Event: "Speech"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Open(context.Background(), "../whisper/testdata", Options{Language: "xx"}); err == nil || !strings.Contains(err.Error(), `"xx"`) {
		t.Errorf("an unknown language: %v", err)
	}
}

func TestAMissingTokensFileIsNamed(t *testing.T) {
	for _, folder := range []string{"sensevoice/testdata", "paraformer/testdata/offline", "offlinectc/testdata/wenet", "whisper/testdata"} {
		dir := t.TempDir()
		graphs, err := filepath.Glob(filepath.Join("..", folder, "*.onnx"))
		if err != nil || len(graphs) == 0 {
			t.Fatal(graphs, err)
		}
		for _, g := range graphs {
			raw, err := os.ReadFile(g)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(g)), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Open(context.Background(), dir, Options{}); !errors.Is(err, modeldir.ErrFiles) || !strings.Contains(err.Error(), "tokens.txt is missing") {
			t.Errorf("%s: %v", folder, err)
		}
	}
}

func TestTelephoneSoundIsHeardByWholeUtteranceFamilies(t *testing.T) {
	narrow, err := audio.Resample(segmenttest.Say(0, 1, 2, 3), 16000, 8000)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"sensevoice/testdata", "paraformer/testdata/offline", "offlinectc/testdata/wenet"} {
		s, err := openWhole(t, folder, Options{}).NewStream(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		const frame = 160 // 20 ms
		for at := 0; at < len(narrow); at += frame {
			if err := s.Write(audio.Frame{PCM: narrow[at:min(at+frame, len(narrow))], Rate: 8000}); err != nil {
				t.Fatal(err)
			}
		}
		peeked, _, err := s.(asr.Peeker).Peek()
		if err != nil || peeked.Text != "我要退货" || peeked.Final {
			t.Errorf("%s: peek reads %+v, %v", folder, peeked, err)
		}
		got, err := s.(asr.Utterances).Finish()
		if err != nil || got.Text != "我要退货" || !got.Final {
			t.Errorf("%s: %+v, %v", folder, got, err)
		}
	}
}
