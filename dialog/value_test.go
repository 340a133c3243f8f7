package dialog

import (
	"testing"
	"time"

	"waggle/dialog/guard"
)

// What a value speaks is proven by its own fact, on every channel and at every
// hour: rendering and guard read the same record independently.
func TestSpokenValuesAreProvenByTheirFacts(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 12, 31, 14, 5, 0, 0, zone)
	values := []Value{Money(12800), Money(1250), Money(5), Count(3), Count(120), Digits("2679864326"),
		Digits("13800000001"), Digits("4326"), Digits("64510"), Text("24小时内")}
	for h := -100; h < 100; h++ {
		at := now.Add(time.Duration(h) * time.Hour)
		values = append(values, Day(at), Hour(at))
	}
	for _, v := range values {
		for _, voice := range []bool{false, true} {
			said := v.Spoken(Manner{Voice: voice, Now: now})
			if unproven := new(guard.Guard).Check(said, []string{v.Fact()}, now); len(unproven) > 0 {
				t.Errorf("%q is not proven by %q: %v", said, v.Fact(), unproven)
			}
		}
	}
}

func TestSpoken(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("CST", 8*3600))
	for _, c := range []struct {
		value       Value
		text, voice string
	}{
		{Digits("13800000001"), "13800000001", "幺三八，零零零零，零零零幺"},
		{Digits("4326"), "4326", "四三二六"},
		{Digits("SF1402"), "SF1402", "SF，幺四零二"},
		{Money(12850), "128.5元", "128.5元"},
		{Hour(now.Add(25 * time.Hour)), "明天下午3点", "明天下午3点"},
		{Hour(now.Add(-14 * time.Hour)), "今天凌晨12点", "今天凌晨12点"},
		{Day(now.AddDate(0, 0, 5)), "11月25日", "11月25日"},
	} {
		if got := c.value.Spoken(Manner{Now: now}); got != c.text {
			t.Errorf("text: %q, not %q", got, c.text)
		}
		if got := c.value.Spoken(Manner{Voice: true, Now: now}); got != c.voice {
			t.Errorf("voice: %q, not %q", got, c.voice)
		}
	}
}

func TestDetailsGiveWayToTheEar(t *testing.T) {
	var d draft
	for _, s := range []string{"一。", "二。"} {
		d.say(Sentence{Text: s})
	}
	d.detail(Sentence{Text: "细节。"})
	if got := d.reply(Manner{}).Text(); got != "一。二。细节。" {
		t.Errorf("to the eye: %s", got)
	}
	if got := d.reply(Manner{Voice: true}).Text(); got != "一。二。" {
		t.Errorf("to the ear: %s", got)
	}
}

func TestPhoneNumber(t *testing.T) {
	for from, want := range map[string]string{
		"sip:+8613800000001@192.0.2.7": "13800000001", "13800000001": "13800000001", "tel:+86-138-0000-0001": "13800000001", "anonymous": "",
	} {
		if got := phoneNumber(from); got != want {
			t.Errorf("%s: %q", from, got)
		}
	}
}
