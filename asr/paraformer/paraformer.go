// Package paraformer loads Paraformer models, offline and streaming, as FunASR
// exports them. It binds ports by position, as sherpa-onnx does. It may import
// asr/offline, asr/online and what lies below them.
package paraformer
