"""Writes zipformer2/, wenet/, nemo/, nemo-raw/ and telespeech/: graphs with the ports and metadata of offline CTC models that hear the tones of
asr/segment/testdata/tones.py at a quarter of the frame rate.

With --peer the same files are run through sherpa-onnx; what it says is golden.tsv, which the Go tests compare with.

Run: pip install onnx numpy kaldi-native-fbank sherpa-onnx && python asr/offlinectc/testdata/make_ctc.py --peer
"""

import sys
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
from onnx import TensorProto, helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "segment" / "testdata"))
import tones  # noqa: E402

# Unit u of the tones is token FIRST+u. WeNet calls its blank <blank>.
ZIPFORMER = ["<blk>", "<unk>", "我", "要", "▁re", "turn", "▁OK", "退", "三", "件"]
WENET = ["<blank>", "<unk>", "我", "要", "退", "货", "o", "k", "三", "件", "<sos/eos>"]
FIRST = 2
NEMO = ["<unk>", "▁", "我", "要", "退", "货", "▁o", "k", "三", "件", "<blk>"]
TELE = ["<blk>", "<unk>", "我", "要", "退", "货", "天", "翼", "三", "件"]


def librosa(pcm):
    """[frames, 80] as sherpa-onnx makes them for NeMo's models."""
    o = knf.FbankOptions()
    o.frame_opts.dither, o.frame_opts.snip_edges, o.frame_opts.window_type, o.frame_opts.samp_freq = 0, False, "hann", tones.RATE
    o.frame_opts.remove_dc_offset = False
    o.mel_opts.num_bins, o.mel_opts.low_freq, o.mel_opts.high_freq, o.mel_opts.is_librosa = 80, 0, 0, True
    bank = knf.OnlineFbank(o)
    bank.accept_waveform(tones.RATE, (pcm.astype(np.float64) / 32768).tolist())
    bank.input_finished()
    return np.array([bank.get_frame(i) for i in range(bank.num_frames_ready)], np.float32)


def cepstra(pcm):
    """[frames, 40] as sherpa-onnx makes them for TeleSpeech's models."""
    o = knf.MfccOptions()
    o.frame_opts.dither, o.frame_opts.snip_edges, o.frame_opts.samp_freq = 0, True, tones.RATE
    o.mel_opts.num_bins = o.num_ceps = 40
    o.mel_opts.low_freq, o.mel_opts.high_freq, o.use_energy = 40, -200, False
    bank = knf.OnlineMfcc(o)
    bank.accept_waveform(tones.RATE, pcm.astype(np.float64).tolist())
    bank.input_finished()
    return np.array([bank.get_frame(i) for i in range(bank.num_frames_ready)], np.float32)


def uncepstral():
    """[40, 40]: back from cepstra to log energies."""
    k, j = np.arange(40)[:, None], np.arange(40)[None]
    rows = np.sqrt(np.where(k == 0, 1, 2) / 40) * np.cos(np.pi / 40 * (j + 0.5) * k) * (1 + 11 * np.sin(np.pi * k / 22))
    return np.linalg.inv(rows).T.astype(np.float32)


def hearing(seen, bins, floors, tokens, first, blank):
    """Nodes and constants from [N, L, mel] to scores [N, L, V]."""
    v = len(tokens)
    hear, silence = np.zeros((len(bins), v), np.float32), np.zeros(v, np.float32)
    for u in range(len(bins)):
        hear[u, first + u] = 12
    silence[blank] = 6
    n, c = helper.make_node, tones.const
    nodes = [n("Gather", [seen, "bins"], ["level"], axis=2), n("Sub", ["level", "floors"], ["over"]), n("Mul", ["over", "steep"], ["sharp"]),
             n("Sigmoid", ["sharp"], ["gates"]), n("MatMul", ["gates", "hear"], ["scores"]), n("Add", ["scores", "silence"], ["logits"])]
    return nodes, [c("bins", np.array(bins, np.int64)), c("floors", np.asarray(floors, np.float32)), c("steep", np.float32(20)),
                   c("hear", hear), c("silence", silence)]


def fourth(axis):
    """Constants of a Slice that takes every fourth along an axis."""
    return [tones.const(name, np.array([value], np.int64)) for name, value in (("starts", 0), ("ends", 1 << 30), ("axes", axis), ("steps", 4))]


def nemo(folder, normalize):
    """x [N,80,T], x_lens -> log_probs [N,L,V]; normalised values are compared with 0.7 deviations."""
    bins, floors = tones.gates(librosa)
    if normalize:
        floors = np.full(len(bins), 0.7)
    nodes, constants = hearing("rows", bins, floors, NEMO, FIRST, NEMO.index("<blk>"))
    nodes = [helper.make_node("Slice", ["audio_signal", "starts", "ends", "axes", "steps"], ["quarter"]),
             helper.make_node("Transpose", ["quarter"], ["rows"], perm=[0, 2, 1]), *nodes,
             helper.make_node("LogSoftmax", ["logits"], ["logprobs"], axis=-1)]
    (HERE / folder).mkdir(exist_ok=True)
    tones.write(HERE / folder / "model.onnx", nodes, [tones.port("audio_signal", ["N", 80, "T"]), tones.port("length", ["N"], TensorProto.INT64)],
                [tones.port("logprobs", ["N", "L", len(NEMO)])], constants + fourth(2),
                {"model_type": "EncDecCTCModelBPE", "version": 1, "vocab_size": len(NEMO) - 1, "subsampling_factor": 4, "normalize_type": normalize})
    tones.write_tokens(HERE / folder / "tokens.txt", NEMO)


def telespeech(folder):
    """x [1,T,40] -> logits [L,1,V]. The features come normalised over the utterance; back undoes that of a sentence of all units."""
    back = uncepstral()
    bins, floors = tones.gates(lambda pcm: cepstra(pcm) @ back)
    usual = cepstra(tones.say(range(len(tones.PERIODS))))
    floors = floors - (usual.mean(0) @ back)[bins]
    back = usual.std(0)[:, None] * back
    nodes, constants = hearing("mel", bins, floors, TELE, FIRST, 0)
    nodes = [helper.make_node("Slice", ["feats", "starts", "ends", "axes", "steps"], ["quarter"]),
             helper.make_node("MatMul", ["quarter", "back"], ["mel"]), *nodes,
             helper.make_node("Transpose", ["logits"], ["out"], perm=[1, 0, 2])]
    (HERE / folder).mkdir(exist_ok=True)
    tones.write(HERE / folder / "model.onnx", nodes, [tones.port("feats", ["N", "T", 40])], [tones.port("out", ["L", "N", len(TELE)])],
                [*constants, *fourth(1), tones.const("back", back)], {"model_type": "telespeech_ctc", "version": 1})
    tones.write_tokens(HERE / folder / "tokens.txt", TELE)


def build(folder, tokens, scale, meta):
    bins, floors = tones.gates(lambda pcm: tones.fbank(pcm, scale=scale))
    v, f32, i64 = len(tokens), TensorProto.FLOAT, TensorProto.INT64
    hear = np.zeros((len(bins), v), np.float32)
    for u in range(len(bins)):
        hear[u, FIRST + u] = 12
    silence = np.zeros(v, np.float32)
    silence[0] = 6
    n = helper.make_node
    nodes = [
        n("Slice", ["x", "starts", "ends", "axes", "steps"], ["quarter"]), n("Gather", ["quarter", "bins"], ["seen"], axis=2),
        n("Sub", ["seen", "floors"], ["over"]), n("Mul", ["over", "steep"], ["sharp"]), n("Sigmoid", ["sharp"], ["gates"]),
        n("MatMul", ["gates", "hear"], ["scores"]), n("Add", ["scores", "silence"], ["logits"]), n("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
        n("Add", ["x_lens", "three"], ["up"]), n("Div", ["up", "four"], ["log_probs_len"]),
    ]
    c = tones.const
    ints = lambda name, *v: c(name, np.array(v, np.int64))  # noqa: E731
    constants = [ints("starts", 0), ints("ends", 1 << 30), ints("axes", 1), ints("steps", 4), ints("bins", *bins), c("floors", floors),
                 c("steep", np.float32(20)), c("hear", hear), c("silence", silence), c("three", np.int64(3)), c("four", np.int64(4))]
    (HERE / folder).mkdir(exist_ok=True)
    tones.write(HERE / folder / "model.onnx", nodes, [tones.port("x", ["N", "T", 80]), tones.port("x_lens", ["N"], i64)],
                [tones.port("log_probs", ["N", "L", v], f32), tones.port("log_probs_len", ["N"], i64)], constants, meta)
    tones.write_tokens(HERE / folder / "tokens.txt", tokens)


def peer():
    """Columns: folder, units, text, times of the tokens."""
    import sherpa_onnx

    R = sherpa_onnx.OfflineRecognizer
    with open(HERE / "golden.tsv", "w", encoding="utf-8") as out:
        for folder, make in (("zipformer2", R.from_zipformer_ctc), ("wenet", R.from_wenet_ctc), ("nemo", R.from_nemo_ctc),
                             ("nemo-raw", R.from_nemo_ctc), ("telespeech", R.from_telespeech_ctc)):
            r = make(str(HERE / folder / "model.onnx"), str(HERE / folder / "tokens.txt"))
            for units in ((0, 1, 2, 3), (6, 7, 2, 3), (0, 0, 1), (0, 4, 5, 5, 1), ()):
                got = tones.heard_by_sherpa(r, tones.say(units))
                print(*tones.row(units, folder, got.text, got.timestamps), sep="\t", file=out)


build("zipformer2", ZIPFORMER, 1 / 32768, {"model_type": "zipformer2_ctc", "version": 1, "comment": "tones"})
build("wenet", WENET, 1, {"model_type": "wenet_ctc", "version": 1, "vocab_size": len(WENET), "subsampling_factor": 4, "comment": "tones"})
nemo("nemo", "per_feature")
nemo("nemo-raw", "")
telespeech("telespeech")
if "--peer" in sys.argv:
    peer()
