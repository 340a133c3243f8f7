"""Writes golden.jsonl into every model folder here: what sherpa-onnx reads with the same graphs in the same recordings.

Run: pip install sherpa-onnx soundfile numpy && python asr/dropin/testdata/golden.py
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEER = HERE.parents[2] / "models" / "train" / "peers" / "sherpa.py"
RUNS = {
    "zipformer2-ctc": [[]],
    "zipformer2-bbpe": [[]],
    "zipformer2-transducer": [[], ["--method", "modified_beam_search"], ["--method", "modified_beam_search", "--hotwords", "退货"],
                              ["--method", "modified_beam_search", "--hotwords", "要退 谢谢瓷"]],
    "zipformer-transducer": [[], ["--method", "modified_beam_search"], ["--method", "modified_beam_search", "--hotwords", "退货"]],
    "paraformer-streaming": [[]],
}

for name, runs in RUNS.items():
    if not (HERE / name).is_dir():
        continue
    (HERE / name / "golden.jsonl").write_text("")
    for options in runs:
        subprocess.run([sys.executable, PEER, "--append", *options, HERE / name, *sorted(set(HERE.glob("*.flac")) - {HERE / "steps.flac"})], check=True)
