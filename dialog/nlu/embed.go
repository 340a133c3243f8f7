package nlu

import "errors"

// ErrNoEncoder says that texts are read by the linear classifier alone.
var ErrNoEncoder = errors.New("nlu: there is no encoder to place texts by their meaning")

// Embed places each text among others by what it wants, for retrieval: 128
// numbers of length one. Errors: ErrNoEncoder, or what made the encoder fail.
func (u *Understander) Embed(texts []string) ([][]float32, error) {
	if u.encoder == nil {
		return nil, ErrNoEncoder
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		e, err := u.encoder.Encode(u.model.words.tokenise(Normalise(t)))
		if err != nil {
			return nil, err
		}
		out[i] = e.Vector
	}
	return out, nil
}
