package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func none(string) (string, bool) { return "", false }

func file(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "waggle.yaml")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnEmptyFileGivesTheDefaults(t *testing.T) {
	got, err := Load(file(t, ""), none)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, Default()) {
		t.Errorf("got %+v", got)
	}
}

func TestMistakesAreOneClearLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "htpp: {listen: 1}", `unknown key "htpp"`},
		{"unknown nested key", "http: {lissten: a}", `line 1: unknown key "lissten"`},
		{"not yaml", "http: [", "waggle.yaml"},
		{"wrong type", "voice: {calls: many}", "value `many` is not of type int"},
		{"bad listen", "http: {listen: nowhere}", "http.listen"},
		{"bad sip address", "sip: {listen: ['5060']}", "sip.listen"},
		{"empty password", "sip: {accounts: [{user: ann, password: ''}]}", "empty password"},
		{"bad trunk", "sip: {trunks: [{name: a, from: [somewhere]}]}", "sip.trunks"},
		{"bad phone ports", "sip: {ports: '10'}", "sip.ports"},
		{"bad ports", "webrtc: {ports: 9-1}", "webrtc.ports"},
		{"no model", "models: {asr: ''}", "models.asr"},
		{"no other text model yet", "models: {text: x.onnx}", "models.text"},
		{"missing secret", "llm: {key: 'file:/nowhere/key'}", "llm.key"},
		{"no postgres yet", "database: 'postgres://x'", "SQLite"},
		{"an LLM without a model", "llm: {url: 'http://127.0.0.1:1'}", "llm.model"},
		{"an LLM that is no address", "llm: {url: 'gpt', model: a}", "llm.url"},
		{"an LLM that may take an hour", "llm: {timeout_ms: 3600000}", "llm.timeout_ms"},
		{"no budget", "llm: {hour_tokens: 0}", "llm.hour_tokens"},
		{"a desk that is staffed sometimes", "desk: {staffed: sometimes}", "desk.staffed"},
		{"a desk at no address", "desk: {transfer: '600'}", "desk.transfer"},
		{"a desk over no trunk", "desk: {transfer: 'tel:4008001234'}", "desk.trunk"},
		{"a desk over a trunk that forbids it", "sip: {trunks: [{name: city, address: 'sip:192.0.2.1', prefixes: ['1']}]}\ndesk: {transfer: 'tel:4008001234', trunk: city}", "desk.trunk"},
		{"a trunk for an address", "desk: {transfer: 'sip:600@192.0.2.1', trunk: city}", "desk.trunk"},
		{"a phone that nobody answers", "desk: {transfer: 'sip:600@192.0.2.1', staffed: never}", "desk.transfer"},
		{"another way to transfer", "desk: {transfer_by: pigeon}", "desk.transfer_by"},
		{"a desk without lines", "desk: {lines: 0}", "desk.lines"},
		{"hours that are none", "desk: {hours: 9-21}", "desk.hours"},
		{"a shop that is no address", "shop: {url: 'erp.example.net'}", "shop.url"},
		{"a shop that may take an hour", "shop: {timeout_ms: 3600000}", "shop.timeout_ms"},
		{"photos kept for less than nothing", "photos: {keep_days: -1}", "photos.keep_days"},
		{"nameless trunk", "sip: {trunks: [{from: [192.0.2.1]}]}", "without a name"},
		{"unknown trunk", "outbound: {trunk: none}", "outbound.trunk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(file(t, c.text), none)
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error = %v, want one that says %q", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent.yaml"), none); !errors.Is(err, ErrInvalid) {
		t.Errorf("a named file that is absent gave %v", err)
	}
}

func TestTheEnvironmentOverridesTheFile(t *testing.T) {
	env := map[string]string{
		"WAGGLE_HTTP_LISTEN": "127.0.0.1:9999", "WAGGLE_VOICE_CALLS": "7",
		"WAGGLE_VOICE_RECORD": "false", "WAGGLE_SIP_LISTEN": "udp://127.0.0.1:1, tcp://127.0.0.1:2",
	}
	look := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
	c, err := Load(file(t, "http: {listen: '127.0.0.1:1'}"), look)
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.Listen != "127.0.0.1:9999" || c.Voice.Calls != 7 || c.Voice.Record || len(c.SIP.Listen) != 2 {
		t.Errorf("got %+v", c)
	}
	env["WAGGLE_VOICE_CALLS"] = "seven"
	if _, err := Load(file(t, ""), look); err == nil || !strings.Contains(err.Error(), "WAGGLE_VOICE_CALLS") {
		t.Errorf("a bad number gave %v", err)
	}
}

func TestSecretsComeFromFilesAndAreNeverPrinted(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file(t, "llm: {key: 'file:"+secret+"'}"), none)
	if err != nil {
		t.Fatal(err)
	}
	if c.LLM.Key.Reveal() != "s3cret" {
		t.Errorf("key = %q", c.LLM.Key.Reveal())
	}
	out, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{string(out), fmt.Sprintf("%v %+v %#v", c, c, c)} {
		if strings.Contains(printed, "s3cret") {
			t.Errorf("the secret was printed: %s", printed)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("http: {listen: '127.0.0.1:1'}")
	f.Add("sip: {accounts: [{user: a, password: b}]}")
	f.Fuzz(func(_ *testing.T, text string) {
		c := Default()
		if c.decode(strings.NewReader(text), "fuzz") == nil {
			_ = c.validate()
		}
	})
}

func TestWherePeopleAnswerCalls(t *testing.T) {
	for _, c := range []struct{ yaml, uri, number, trunk string }{
		{"", "", "", ""},
		{"desk: {transfer: 'sip:600@192.0.2.1:5070'}", "sip:600@192.0.2.1:5070", "", ""},
		{"sip: {trunks: [{name: city, address: 'sip:192.0.2.1', prefixes: ['400']}]}\ndesk: {transfer: 'tel:4008001234', trunk: city}", "", "4008001234", "city"},
		{"sip: {trunks: [{name: city, address: 'sip:192.0.2.1'}]}\noutbound: {trunk: city}\ndesk: {transfer: 'tel:4008001234'}", "", "4008001234", "city"},
	} {
		got, err := Load(file(t, c.yaml), none)
		if err != nil {
			t.Fatal(err)
		}
		if uri, number, trunk := got.DeskPhone(); uri != c.uri || number != c.number || trunk != c.trunk {
			t.Errorf("%q: %q, %q, %q", c.yaml, uri, number, trunk)
		}
	}
}
