package zipformer

import (
	"waggle/asr/hotwords"
	"waggle/asr/tokens"
)

// maxPhraseTokens bounds a phrase: longer ones are sentences, not names.
const maxPhraseTokens = 64

// raised writes the hotwords of a turn and the standing ones in tokens. Those
// that hold a character which the model never learnt, or are too many, are left
// out: a call goes on without them.
func raised(t *tokens.Table, standing, turn []hotwords.Hotword) (*hotwords.Graph, error) {
	var list []hotwords.Phrase
	for _, set := range [][]hotwords.Hotword{turn, standing} {
		for _, h := range set {
			ids, err := t.Encode(h.Text)
			if err == nil && len(ids) <= maxPhraseTokens && len(list) < hotwords.MaxPhrases {
				list = append(list, hotwords.Phrase{Tokens: ids, Score: h.Score})
			}
		}
	}
	return hotwords.New(list)
}
