package hotwords

// maxTokens bounds a phrase: longer ones are sentences, not names.
const maxTokens = 64

// InTokens writes the standing hotwords and the phrases of a turn in tokens, by
// encode. Those that hold a character which the model never learnt, or are too
// many, are left out: a call goes on without them.
func InTokens(encode func(string) ([]int, error), standing []Hotword, turn []string) (*Graph, error) {
	var list []Phrase
	add := func(text string, score float32) {
		ids, err := encode(text)
		if err == nil && len(ids) <= maxTokens && len(list) < MaxPhrases {
			list = append(list, Phrase{Tokens: ids, Score: score})
		}
	}
	for _, p := range turn {
		add(p, 0)
	}
	for _, h := range standing {
		add(h.Text, h.Score)
	}
	return New(list)
}
