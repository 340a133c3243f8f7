package zipformer

import (
	"waggle/asr/hotwords"
	"waggle/asr/tokens"
)

// raised writes the standing hotwords and the phrases of a turn in tokens.
func raised(t *tokens.Table, standing []hotwords.Hotword, turn []string) (*hotwords.Graph, error) {
	return hotwords.InTokens(t.Encode, standing, turn)
}
