package dropin

import (
	"context"

	"waggle/asr/modeldir"
	"waggle/asr/paraformer"
	"waggle/asr/zipformer"
)

// families is the table of what can be opened, narrow rules before wide ones.
// One row a family: the roles of its files, what its first graph must look
// like, and its loader.
func families() []family {
	return append(wholeUtterance(), []family{
		{
			name: "zipformer and zipformer2 streaming transducer", roles: []modeldir.Role{modeldir.Encoder, modeldir.Decoder, modeldir.Joiner},
			claims: zipformer.IsTransducer,
			open: func(_ context.Context, d *modeldir.Dir, o Options) (Recognizer, error) {
				return zipformer.OpenTransducer(d, zipformerOptions(o))
			},
		},
		{
			name: "zipformer2 streaming CTC", roles: []modeldir.Role{modeldir.Whole},
			claims: zipformer.IsCTC,
			open: func(_ context.Context, d *modeldir.Dir, o Options) (Recognizer, error) {
				return zipformer.OpenCTC(d, zipformerOptions(o))
			},
		},
		{
			name: "Paraformer streaming", roles: []modeldir.Role{modeldir.Encoder, modeldir.Decoder},
			claims: paraformer.IsStreaming,
			open: func(_ context.Context, d *modeldir.Dir, o Options) (Recognizer, error) {
				return paraformer.OpenStreaming(d, o.streams())
			},
		},
	}...)
}

func zipformerOptions(o Options) zipformer.Options {
	return zipformer.Options{Streams: o.streams(), Paths: o.Paths, Hotwords: o.Hotwords}
}
