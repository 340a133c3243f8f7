package dropin

import (
	"fmt"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/asr/silero"
	"waggle/asr/tenvad"
)

// OpenVAD opens a voice activity model, an .onnx file or a folder with one:
// Silero VAD of version 4 or 5, a TEN VAD, or a graph of the waggle_vad family. Errors:
// ErrFamily, modeldir.ErrFiles, those of the family, or those of the runtime.
func OpenVAD(path string) (asr.DetectorModel, error) {
	dir, err := modeldir.Open(path, modeldir.Float32) // small models gain nothing from int8
	if err != nil {
		return nil, err
	}
	g, err := dir.Graph(modeldir.Whole)
	if err != nil {
		return nil, err
	}
	switch {
	case g.Meta["model_type"] == "waggle_vad":
		return asr.NewVADModel(g.Path, g.Bytes)
	case tenvad.Is(g.Meta):
		return tenvad.Open(g.Path, g.Bytes, tenvad.Options{})
	case silero.Is(g.Inputs, g.Outputs):
		return silero.Open(g.Path, g.Bytes, silero.Options{})
	}
	return nil, fmt.Errorf("%w: %s is neither a Silero VAD nor a TEN VAD (with metadata) nor a waggle_vad graph: %d inputs, %d outputs", ErrFamily, g.Path, len(g.Inputs), len(g.Outputs))
}
