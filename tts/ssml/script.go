package ssml

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// paragraph is the silence that the end of a paragraph adds to that of its
// last sentence.
const paragraph = 300 * time.Millisecond

// script collects the parts. Text in one style stays in one part, so that it
// is phrased as a whole.
type script struct {
	parts  []Part
	silent time.Duration // all pauses
}

// add appends text; the white space of the document's layout is one space.
func (s *script) add(style Style, text string) {
	text = unfold(text)
	if text == "" {
		return
	}
	if last := s.last(); last != nil && last.Pause == 0 && (last.Style == style || strings.TrimSpace(text) == "") {
		last.Text += text
		return
	}
	if strings.TrimSpace(text) != "" {
		s.parts = append(s.parts, Part{Style: style, Text: text})
	}
}

func (s *script) last() *Part {
	if len(s.parts) == 0 {
		return nil
	}
	return &s.parts[len(s.parts)-1]
}

// unfold turns runs of white space into one space, at the ends too.
func unfold(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// endSentence ends what was said so far, unless a mark did already.
func (s *script) endSentence() {
	last := s.last()
	if last == nil || last.Pause > 0 {
		return
	}
	text := strings.TrimRight(last.Text, " ")
	if r, _ := utf8.DecodeLastRuneInString(text); r != utf8.RuneError && !strings.ContainsRune("。！？!?", r) {
		last.Text = text + "。"
	}
}

// pause adds silence.
func (s *script) pause(d time.Duration) error {
	if s.silent += d; s.silent > LongestSilence {
		return fmt.Errorf("the breaks last longer than %v together", LongestSilence)
	}
	if s.last() == nil {
		s.parts = append(s.parts, Part{Style: Style{Rate: 1}})
	}
	s.last().Pause += d
	return nil
}

// breakOf adds what <break> asks for: a time, or a strength, which is written
// as the mark that asks for the same pause.
func (s *script) breakOf(a attributes) error {
	strength, weighed := a.take("strength")
	if written, ok := a.take("time"); ok {
		d, err := duration(written)
		if err != nil {
			return err
		}
		return s.pause(d)
	}
	if !weighed {
		strength = "medium"
	}
	mark, ok := map[string]string{"none": "", "x-weak": "、", "weak": "、", "medium": "，", "strong": "。", "x-strong": "。"}[strength]
	if !ok {
		return fmt.Errorf("strength is none, x-weak, weak, medium, strong or x-strong, not %q", strength)
	}
	if last := s.last(); last != nil {
		last.Text += mark
	}
	if strength == "x-strong" {
		return s.pause(paragraph)
	}
	return nil
}
