package kokoro

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"waggle/tts/voicegraph"
)

func props(change map[string]string) map[string]string {
	p := map[string]string{"sample_rate": "24000", "n_speakers": "2", "style_dim": "510,1,256", "version": "2", "speaker_names": "af, zf"}
	maps.Copy(p, change)
	return p
}

func TestParseConfig(t *testing.T) {
	c, err := ParseConfig(props(nil))
	if err != nil || c.Rate != 24000 || c.Speakers != 2 || c.Rows != 510 || c.width != 256 || c.Version != 2 || c.Voice != "en-us" {
		t.Fatalf("ParseConfig = %+v, %v", c, err)
	}
	if !slices.Equal(c.Names, []string{"af", "zf"}) {
		t.Errorf("Names = %v", c.Names)
	}
	if c, err := ParseConfig(props(map[string]string{"speaker_names": "0->a,1->b"})); err != nil || !slices.Equal(c.Names, []string{"a", "b"}) {
		t.Errorf("numbered names = %v, %v", c.Names, err)
	}
	if c, err := ParseConfig(props(map[string]string{"speaker_names": "only one"})); err != nil || c.Names != nil {
		t.Errorf("names that do not name all = %v, %v", c.Names, err)
	}
	if c.VoicesSize() != 2*510*256*4 || c.CheckVoices(c.VoicesSize()) != nil {
		t.Errorf("VoicesSize = %d", c.VoicesSize())
	}
	if err := c.CheckVoices(17); !errors.Is(err, ErrVoices) {
		t.Errorf("a short voices.bin: %v", err)
	}
}

func TestHostileMetadataAreRefusedWithAReason(t *testing.T) {
	for reason, change := range map[string]map[string]string{
		"style_dim":    {"style_dim": "1000000000,1,256"},
		"style_dim is": {"style_dim": "510,2,256"},
		"3 numbers":    {"style_dim": "510,256"},
		"sample_rate":  {"sample_rate": "0"},
		"n_speakers":   {"n_speakers": "-1"},
		"version":      {"version": "two"},
	} {
		if _, err := ParseConfig(props(change)); !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%v: %v, want ErrModel with %q", change, err, reason)
		}
	}
	c, err := ParseConfig(props(map[string]string{"style_dim": "4096,1,4096", "n_speakers": "10000"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckVoices(c.VoicesSize()); !errors.Is(err, ErrVoices) {
		t.Errorf("600 GB of styles: %v", err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("510,1,256", "53", "a,b", "24000")
	f.Add("1,1,1,1", "-1", strings.Repeat(",", 20000), "")
	f.Fuzz(func(t *testing.T, style, speakers, names, rate string) {
		c, err := ParseConfig(props(map[string]string{"style_dim": style, "n_speakers": speakers, "speaker_names": names, "sample_rate": rate}))
		if err == nil && (c.VoicesSize() <= 0 || c.Names != nil && len(c.Names) != c.Speakers) {
			t.Errorf("taken: %d bytes, %d names of %d", c.VoicesSize(), len(c.Names), c.Speakers)
		}
	})
}
