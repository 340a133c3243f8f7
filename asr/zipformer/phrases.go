package zipformer

import (
	"waggle/asr/hotwords"
	"waggle/asr/tokens"
)

// maxPhraseTokens bounds a phrase: longer ones are sentences, not names.
const maxPhraseTokens = 64

// raised writes the standing hotwords and the phrases of a turn in tokens.
// Those that hold a character which the model never learnt, or are too many,
// are left out: a call goes on without them.
func raised(t *tokens.Table, standing []hotwords.Hotword, turn []string) (*hotwords.Graph, error) {
	var list []hotwords.Phrase
	add := func(text string, score float32) {
		ids, err := t.Encode(text)
		if err == nil && len(ids) <= maxPhraseTokens && len(list) < hotwords.MaxPhrases {
			list = append(list, hotwords.Phrase{Tokens: ids, Score: score})
		}
	}
	for _, p := range turn {
		add(p, 0)
	}
	for _, h := range standing {
		add(h.Text, h.Score)
	}
	return hotwords.New(list)
}
