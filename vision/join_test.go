package vision

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func quality(label string) Finding { return Finding{Kind: KindQuality, Label: label, Score: 1} }

func crack(score float32, s Severity) Finding {
	return Finding{Kind: KindDamage, Label: "crack", Score: score, Severity: s}
}

func damage(label string, score float32) Finding {
	return Finding{Kind: KindDamage, Label: label, Score: score}
}

func colour(label string, score float32) Finding {
	return Finding{Kind: KindColour, Label: label, Score: score}
}

func product(label string, score float32) Finding {
	return Finding{Kind: KindProduct, Label: label, Score: score}
}

// in is the joined findings in short: kind:label@photo.
func in(list []Finding) string {
	var out []string
	for _, f := range list {
		out = append(out, f.Kind+":"+f.Label+"@"+f.Photo)
	}
	return strings.Join(out, " ")
}

// permute calls do with every order of the photos.
func permute(photos []Seen, n int, do func([]Seen)) {
	if n <= 1 {
		do(slices.Clone(photos))
		return
	}
	for i := range n {
		permute(photos, n-1, do)
		if n%2 == 0 {
			photos[i], photos[n-1] = photos[n-1], photos[i]
		} else {
			photos[0], photos[n-1] = photos[n-1], photos[0]
		}
	}
}

func TestSeveralPhotosAreOneEvidenceInAnyOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		photos [][]Finding // of photos a, b, c ...
		want   string
	}{
		{"one sees, two do not", [][]Finding{
			{quality(LabelBlurred), damage(LabelCannotSee, 0.2)}, {quality(LabelOK), damage(LabelIntact, 0.1)}, {quality(LabelDark), damage(LabelCannotSee, 0.3)},
		}, "quality:ok@b damage:intact@b"},
		{"none sees", [][]Finding{
			{quality(LabelNotAPhoto), damage(LabelCannotSee, 0.2)}, {quality(LabelBlurred), damage(LabelCannotSee, 0.3)},
		}, "quality:blurred@b damage:cannot_see@b"},
		{"damage on one is damage", [][]Finding{
			{quality(LabelOK), damage(LabelIntact, 0.4)}, {quality(LabelOK), crack(0.9, SeverityMinor)}, {quality(LabelOK), damage(LabelIntact, 0.1)},
		}, "quality:ok@a damage:crack@b"},
		{"the worst counts before the surest", [][]Finding{
			{quality(LabelOK), crack(0.99, SeverityMinor)}, {quality(LabelOK), crack(0.91, SeverityMajor), crack(0.9, SeverityMinor)},
		}, "quality:ok@a damage:crack@b damage:crack@b"},
		{"who cannot tell the colour abstains", [][]Finding{
			{quality(LabelOK), colour(LabelCannotTell, 0)}, {quality(LabelOK), colour(LabelDifferent, 0.9)}, {quality(LabelOK), colour(LabelDifferent, 0.95)},
		}, "quality:ok@a colour:different@c"},
		{"colours that contradict each other", [][]Finding{
			{quality(LabelOK), colour(LabelSame, 0.8)}, {quality(LabelOK), colour(LabelDifferent, 0.9)}, {quality(LabelOK), colour(LabelDifferent, 0.95)},
		}, "quality:ok@a colour:cannot_tell@c"},
		{"each question by another photo", [][]Finding{
			{quality(LabelOK), damage(LabelCannotSee, 0.4), colour(LabelSame, 0.9)}, {quality(LabelOK), crack(0.95, SeverityMedium), colour(LabelCannotTell, 0)},
		}, "quality:ok@a damage:crack@b colour:same@a"},
		{"numbers and products once, signs of any", [][]Finding{
			{quality(LabelOK), {Kind: KindNumber, Label: "2024", Score: 0.8}, product("vase", 0.3), {Kind: KindOrigin, Label: LabelReview, Score: 0.6, Note: "一。"}},
			{quality(LabelOK), {Kind: KindNumber, Label: "2024", Score: 0.9}, product("vase", 0.97), product("lamp", 0.2)},
			{quality(LabelOK), product(LabelUnknown, 0), {Kind: KindOrigin, Label: LabelReview, Score: 0.9, Note: "二。"}},
		}, "quality:ok@a number:2024@b origin:review@c product:vase@b product:lamp@b"},
		{"nothing is known of the product", [][]Finding{{product(LabelUnknown, 0)}, {product(LabelUnknown, 0)}}, "product:unknown@a"},
		{"a kind that came later", [][]Finding{{{Kind: "text", Label: "x", Score: 0.2}}, {{Kind: "text", Label: "x", Score: 0.4}}}, "text:x@b"},
	} {
		var photos []Seen
		for i, f := range c.photos {
			photos = append(photos, Seen{Photo: string(rune('a' + i)), Findings: f})
		}
		permute(photos, len(photos), func(p []Seen) {
			if got := in(Join(p)); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		})
	}
}

func TestJoiningKeepsWhatItWasGiven(t *testing.T) {
	alone := Seen{Photo: "a", Findings: []Finding{quality(LabelOK), crack(0.9, SeverityMajor)}}
	if got := in(Join([]Seen{alone})); got != "quality:ok@ damage:crack@" {
		t.Errorf("one photo: %s", got)
	}
	if got := in(Join([]Seen{alone, alone})); got != "quality:ok@a damage:crack@a" {
		t.Errorf("one photo twice: %s", got)
	}
	if got := Join(nil); len(got) != 0 {
		t.Errorf("no photos: %v", got)
	}
	if fmt.Sprint(alone.Findings) != fmt.Sprint([]Finding{quality(LabelOK), crack(0.9, SeverityMajor)}) {
		t.Errorf("the findings of a photo were changed: %v", alone.Findings)
	}
}

// The note of a joined sign tells every reason once, and no photo's own note is
// lost.
func TestJoinedSignsTellTheirReasonsOnce(t *testing.T) {
	sign := func(note string) []Finding {
		return []Finding{{Kind: KindOrigin, Label: LabelReview, Score: 0.7, Note: note}}
	}
	got := Join([]Seen{{"a", sign("二。")}, {"b", sign("一。")}, {"c", sign("二。")}})
	if len(got) != 1 || got[0].Note != "一。二。" {
		t.Errorf("%+v", got)
	}
}
