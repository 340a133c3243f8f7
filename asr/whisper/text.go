package whisper

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"waggle/asr/tokens"
)

// spelling is the bytes of every text token. A character may be cut between
// tokens, so that only whole texts are valid UTF-8.
type spelling [][]byte

// readSpelling decodes a tokens.txt whose symbols are base64, as tiktoken files
// are. One token of Whisper's table is the empty string. Errors:
// tokens.ErrTokens.
func readSpelling(t *tokens.Table) (spelling, error) {
	list := make(spelling, t.Len())
	for id := range list {
		symbol := strings.TrimRight(t.Symbol(id), "= ")
		b, err := base64.RawStdEncoding.DecodeString(symbol)
		if err != nil {
			return nil, fmt.Errorf("%w: token %d, %q, is not base64 as Whisper's are", tokens.ErrTokens, id, symbol)
		}
		list[id] = b
	}
	return list, nil
}

// text joins tokens; bytes that make no character and special tokens are left
// out.
func (s spelling) text(ids []int) string {
	var b []byte
	for _, id := range ids {
		if id < len(s) {
			b = append(b, s[id]...)
		}
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(b), ""))
}

// repetition is how much longer a text is than its deflated form. The reference
// takes more than repetitive for a decoder that goes round in circles
// (openai/whisper, transcribe.py, compression_ratio_threshold).
func repetition(text string) float64 {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, err := io.WriteString(w, text)
	if errors.Join(err, w.Close()) != nil || text == "" {
		return 0 // a buffer does not fail
	}
	return float64(len(text)) / float64(packed.Len())
}

// notSpeech are the symbols that transcribers write and nobody says. The
// reference suppresses them, bare or after a space (openai/whisper,
// tokenizer.py, non_speech_tokens); - and ' only after a space, since both
// occur inside words.
var notSpeech = strings.Fields("\" # ( ) * + / : ; < = > @ [ \\ ] ^ _ ` { | } ~ 「 」 『 』 " +
	"<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪ ♩ ♪ ♫ ♬ ♭ ♮ ♯")

// suppressed are the tokens that never follow: symbols that nobody says, and
// all special tokens but the end.
func (s spelling) suppressed(set settings) []int {
	list := slices.Clone(set.notSpeech)
	if list == nil {
		list = s.silent()
	}
	for id := set.eot + 1; id < set.vocabulary; id++ {
		list = append(list, id)
	}
	return list
}

// silent finds the tokens that write notSpeech.
func (s spelling) silent() []int {
	silent := map[string]bool{" -": true, " '": true}
	for _, symbol := range notSpeech {
		silent[symbol], silent[" "+symbol] = true, true
	}
	var list []int
	for id, b := range s {
		if silent[string(b)] {
			list = append(list, id)
		}
	}
	return list
}
