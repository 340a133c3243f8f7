package rehearse_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
)

// A script that wants something else than what happens must fail: otherwise
// the sixty that pass would mean nothing.
func TestWrongScriptsFail(t *testing.T) {
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"words":         "turns: [{user: 我的快递到哪了, says: [火星]}]",
		"never":         "turns: [{user: 我的快递到哪了, never: [花瓶]}]",
		"silent":        "turns: [{user: 我的快递到哪了, silent: true}]",
		"end":           "turns: [{user: 我的快递到哪了, end: true}]",
		"human":         "turns: [{user: 转人工}]",
		"photo wanted":  "turns: [{user: 我的花瓶碎了}]",
		"state":         "turns: [{user: 你好}]\nfinal: {states: {\"2679864326\": cancelled}}",
		"refund":        "turns: [{user: 你好}]\nfinal: {refunds: {\"2679864326\": [return 128]}}",
		"ticket":        "turns: [{user: 你好}]\nfinal: {tickets: {c01: [complaint]}}",
		"hurry":         "turns: [{user: 催一下花瓶}, {user: 可以}]",
		"city":          "turns: [{user: 你好}]\nfinal: {cities: {\"2679864326\": 杭州市}}",
		"after the end": "turns: [{user: 再见, end: true}, {user: 你好}]",
	} {
		t.Run(name, func(t *testing.T) {
			scripts, err := rehearse.Load(fstest.MapFS{"x.yaml": {Data: []byte("name: x\nuser: c01\n" + script)}})
			if err != nil {
				t.Fatal(err)
			}
			stage, err := rehearse.NewStage(t.Context(), understander, func() time.Time { return opensAt })
			if err != nil {
				t.Fatal(err)
			}
			if scripts[0].Play(t.Context(), stage) == nil {
				t.Error("the script passed")
			}
		})
	}
}

func TestMistakesInScriptsAreFound(t *testing.T) {
	for name, raw := range map[string]string{
		"unknown key": "name: x\nturns: [{user: 你好, say: [好]}]",
		"no name":     "turns: [{user: 你好}]",
		"no turns":    "name: x",
		"no YAML":     "name: [",
	} {
		if _, err := rehearse.Load(fstest.MapFS{"x.yaml": {Data: []byte(raw)}}); err == nil || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The measure counts scripts and turns, and times every turn.
func TestMeasure(t *testing.T) {
	scripts, err := rehearse.Load(fstest.MapFS{"x.yaml": {Data: []byte(
		"name: good\nturns: [{user: 你好}, {user: 满多少包邮, says: [49元]}]\n---\nname: bad\nturns: [{user: 你好, says: [火星]}]")}})
	if err != nil {
		t.Fatal(err)
	}
	r, verdicts, err := rehearse.Measure(t.Context(), scripts, 2, rehearse.Setting{Now: func() time.Time { return opensAt }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Scripts != 2 || r.Passed != 1 || r.Turns != 6 || r.P99MS <= 0 || r.P50MS > r.P99MS || len(verdicts) != 2 || verdicts[1].Err == "" {
		t.Errorf("%+v %+v", r, verdicts)
	}
}
