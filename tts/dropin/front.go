package dropin

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"waggle/tts/kokoro"
	"waggle/tts/lexicon"
	"waggle/tts/matcha"
	"waggle/tts/vits"
)

func (f *files) sibling(name string) string { return filepath.Join(f.dir, name) }

func (f *files) tokens() (lexicon.Tokens, error) {
	data, err := read(f.sibling("tokens.txt"), lexicon.MaxTokensFile)
	if err != nil {
		return lexicon.Tokens{}, err
	}
	return lexicon.ParseTokens(data)
}

// words reads all lexicons of the folder.
func (f *files) words(t lexicon.Tokens, form lexicon.Form) (*lexicon.Lexicon, error) {
	if len(f.lexicons) == 0 {
		return nil, fmt.Errorf("%w: lexicon.txt is missing beside %s", ErrFiles, f.graph)
	}
	l := lexicon.New(t, form)
	for _, path := range f.lexicons {
		data, err := read(path, lexicon.MaxLexiconFile)
		if err != nil {
			return nil, err
		}
		if err := l.Add(data); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return l, nil
}

// blanks is what add_blank asks for.
func blanks(add bool) lexicon.Blanks {
	if add {
		return lexicon.Around
	}
	return lexicon.NoBlanks
}

// gap is the id of the blank between words, -1 where there is none.
func gap(t lexicon.Tokens) int64 {
	if id, ok := t.ID(" "); ok {
		return id
	}
	return -1
}

// vitsFront follows the order in which sherpa-onnx tells the exports apart.
func (f *files) vitsFront(ctx context.Context, m *vits.Model, t lexicon.Tokens) (lexicon.FrontEnd, error) {
	switch {
	case m.Frontend == "characters":
		return &lexicon.Sounds{Tokens: t, Speller: lexicon.Letters{}, Layout: coquiLayout(m, nil)}, nil
	case m.Toned():
		l, err := f.words(t, lexicon.PhonesAndTones)
		if err != nil {
			return nil, err
		}
		l.Alias("呣", "母") // the published lexicon lacks them
		l.Alias("嗯", "恩")
		return &lexicon.Words{Lexicon: l, Layout: lexicon.Layout{Blanks: blanks(m.AddBlank)}, Gap: -1}, nil
	case m.G2PW:
		ends, err := t.Need("^", "$")
		if err != nil {
			return nil, err
		}
		return f.plainWords(t, lexicon.Layout{Head: ends[:1], Tail: ends[1:], Blanks: blanks(m.AddBlank)})
	case m.Jieba:
		return f.plainWords(t, lexicon.Layout{Blanks: blanks(m.AddBlank)})
	case len(f.lexicons) > 0 && !strings.Contains(m.Family, "piper") && !strings.Contains(m.Family, "coqui"):
		return f.icefallFront(m, t)
	}
	return f.phonemeFront(ctx, m, t)
}

func (f *files) plainWords(t lexicon.Tokens, layout lexicon.Layout) (lexicon.FrontEnd, error) {
	l, err := f.words(t, lexicon.Phones)
	if err != nil {
		return nil, err
	}
	return &lexicon.Words{Lexicon: l, Layout: layout, Gap: gap(t), Between: true}, nil
}

// icefallFront is the front end of icefall and aishell3: silence at the start,
// eos at the end, silence before it where no mark stands.
func (f *files) icefallFront(m *vits.Model, t lexicon.Tokens) (lexicon.FrontEnd, error) {
	l, err := f.words(t, lexicon.Phones)
	if err != nil {
		return nil, err
	}
	w := &lexicon.Words{Lexicon: l, Layout: lexicon.Layout{Blanks: blanks(m.AddBlank)}, Gap: gap(t), Latin: !mandarin(m.Language)}
	if !w.Latin {
		if _, ok := t.ID("sil"); ok {
			ends, err := t.Need("sil", "eos")
			if err != nil {
				return nil, err
			}
			w.Layout.Head, w.Layout.Tail, w.Open = ends[:1], ends[1:], ends[:1]
		}
	}
	w.Marks = pauses(t, m.Punctuation)
	return w, nil
}

// pauses gives the marks of the metadata's list their symbol, or the symbol of
// a pause where tokens.txt has none.
func pauses(t lexicon.Tokens, punctuation string) func(rune) (int64, bool) {
	listed := map[string]bool{}
	for _, s := range strings.Fields(punctuation) {
		listed[s] = true
	}
	return func(mark rune) (int64, bool) {
		known := false
		for _, s := range lexicon.Widths(mark) {
			known = known || listed[s]
		}
		if !known {
			return 0, false
		}
		if id, ok := t.Mark(mark); ok {
			return id, true
		}
		for _, s := range []string{"#0", "sil"} {
			if id, ok := t.ID(s); ok {
				return id, true
			}
		}
		return 0, false
	}
}

// phonemeFront is the front end of piper and coqui: phonemes of espeak-ng, or
// of a lexicon that was put beside the voice.
func (f *files) phonemeFront(ctx context.Context, m *vits.Model, t lexicon.Tokens) (lexicon.FrontEnd, error) {
	var layout lexicon.Layout
	if strings.Contains(m.Family, "coqui") {
		comma, err := t.Need(",")
		if err != nil {
			return nil, err
		}
		layout = coquiLayout(m, comma)
	} else {
		ids, err := t.Need("_", "^", "$")
		if err != nil {
			return nil, err
		}
		layout = lexicon.Layout{Head: ids[1:2], Tail: ids[2:], Blank: ids[0], Blanks: lexicon.Between}
	}
	switch {
	case len(f.lexicons) > 0:
		return f.plainWords(t, layout)
	case m.Frontend == "text":
		return &lexicon.Sounds{Tokens: t, Speller: lexicon.Letters{}, Layout: layout}, nil
	}
	return espeak(ctx, t, m.Voice, m.Language, layout)
}

// coquiLayout has blanks around the phonemes and, outside of them, a comma for
// a longer pause.
func coquiLayout(m *vits.Model, comma []int64) lexicon.Layout {
	l := lexicon.Layout{Blank: m.BlankID, Blanks: blanks(m.AddBlank), Last: comma}
	if m.BosEos {
		l.First = []int64{m.BosID}
		l.Last = append(append([]int64(nil), comma...), m.EosID)
	}
	return l
}

func espeak(ctx context.Context, t lexicon.Tokens, voice, language string, layout lexicon.Layout) (lexicon.FrontEnd, error) {
	if voice == "" && mandarin(language) {
		voice = "cmn"
	}
	e, err := lexicon.NewEspeak(ctx, voice)
	if err != nil {
		return nil, err
	}
	return &lexicon.Sounds{Tokens: t, Speller: e, Layout: layout, Mandarin: lexicon.Chinese(voice)}, nil
}

func mandarin(language string) bool {
	language = strings.ToLower(language)
	return language == "" || strings.Contains(language, "chinese") || strings.Contains(language, "mandarin") || strings.HasPrefix(language, "zh")
}

func (f *files) matchaFront(ctx context.Context, m *matcha.Model, t lexicon.Tokens) (lexicon.FrontEnd, error) {
	layout := lexicon.Layout{Blank: m.PadID, Blanks: blanks(m.AddBlank)}
	if len(f.lexicons) > 0 {
		return f.plainWords(t, layout)
	}
	if !m.HasEspeak {
		_, err := f.words(t, lexicon.Phones)
		return nil, err
	}
	if m.BosEos {
		ends, err := t.Need("^", "$")
		if err != nil {
			return nil, err
		}
		layout.Head, layout.Tail = ends[:1], ends[1:]
	}
	return espeak(ctx, t, m.Voice, m.Language, layout)
}

func (f *files) kokoroFront(ctx context.Context, m *kokoro.Model, t lexicon.Tokens) (lexicon.FrontEnd, error) {
	layout := lexicon.Layout{First: []int64{0}, Last: []int64{0}}
	if len(f.lexicons) > 0 {
		return f.plainWords(t, layout)
	}
	return espeak(ctx, t, m.Voice, "", layout)
}
