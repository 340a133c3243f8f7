package ctc

import (
	"slices"
	"testing"
)

func TestLatinWordsAreSpelledAsTheyAreSaid(t *testing.T) {
	g := graph(t)
	for text, said := range map[string]string{
		"T恤": "替续", "U盘": "优盘", "iPhone手机壳": "爱疯手机壳", "IPHONE": "爱疯", "VIP会员": "威爱屁会员", "Type-C线": "太普西线",
		"OK": "欧剋", "ab款": "诶币款", "红色T恤": "红色替续",
	} {
		got, want := g.Spell(text), g.Spell(said)
		if said == "欧剋" { // no common character is read kei
			want = append(g.Spell("欧"), g.spell("kei")...)
		}
		if said == "诶币款" {
			want = append(g.spell("ei"), g.Spell("币款")...)
		}
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestLatinWordsAreHeard(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	for _, text := range []string{"有XL码吗", "我要M码", "OK", "我买的T恤掉色", "这个U盘坏了", "我要退iPad"} {
		if got := decode(d, sound(t, g, text, 0.5), Hints{}).Text(); got != text {
			t.Errorf("%s was understood as %s", text, got)
		}
	}
	const name = "iPhone磁吸壳"
	if got := decode(d, sound(t, g, "我要买"+name, 0.5), Hints{Phrases: []string{name}, PhraseBoost: 4}).Text(); got != "我要买"+name {
		t.Errorf("understood %s", got)
	}
}
