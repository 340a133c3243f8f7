package dropin

import (
	"context"
	"strings"

	"waggle/asr/modeldir"
	"waggle/asr/offlinectc"
	"waggle/asr/paraformer"
	"waggle/asr/segment"
	"waggle/asr/sensevoice"
	"waggle/asr/whisper"
)

// wholeUtterance lists the families that take an utterance at once.
func wholeUtterance() []family {
	whole := []modeldir.Role{modeldir.Whole}
	return []family{
		{
			name: "SenseVoice", roles: whole,
			claims: modelType("sense_voice"),
			open: gathered(func(d *modeldir.Dir, o Options) (segment.Model, error) {
				return sensevoice.Open(d, sensevoice.Options{Language: o.Language, ITN: o.ITN, Hotwords: o.Hotwords})
			}),
		},
		{
			name: "Paraformer offline", roles: whole,
			claims: modelType("paraformer"),
			open: gathered(func(d *modeldir.Dir, _ Options) (segment.Model, error) {
				return paraformer.OpenOffline(d)
			}),
		},
		{
			name: "offline CTC (zipformer2, WeNet, NeMo, TeleSpeech)", roles: whole,
			claims: func(g *modeldir.Graph) bool { return offlinectc.Known(g.Meta["model_type"]) },
			open: gathered(func(d *modeldir.Dir, o Options) (segment.Model, error) {
				return offlinectc.Open(d, offlinectc.Options{Hotwords: o.Hotwords})
			}),
		},
		{
			name: "Whisper", roles: []modeldir.Role{modeldir.Encoder, modeldir.Decoder},
			claims: func(g *modeldir.Graph) bool { return g.Meta["n_text_ctx"] != "" },
			open: gathered(func(d *modeldir.Dir, o Options) (segment.Model, error) {
				return whisper.Open(d, whisper.Options{Language: o.Language})
			}),
		},
	}
}

// modelType claims graphs whose model_type begins so: exports add _ctc or a size.
func modelType(prefix string) func(*modeldir.Graph) bool {
	return func(g *modeldir.Graph) bool { return strings.HasPrefix(g.Meta["model_type"], prefix) }
}

// gathered puts a model that takes whole utterances behind asr.Recognizer.
func gathered(open func(*modeldir.Dir, Options) (segment.Model, error)) func(context.Context, *modeldir.Dir, Options) (Recognizer, error) {
	return func(_ context.Context, d *modeldir.Dir, o Options) (Recognizer, error) {
		m, err := open(d, o)
		if err != nil {
			return nil, err
		}
		return segment.New(m, segment.Options{Streams: o.Streams, Punctuate: o.Punctuate})
	}
}
