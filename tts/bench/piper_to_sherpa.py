"""Writes a piper voice in the form that sherpa-onnx reads, so that both programs say the same graph: metadata_props and tokens.txt.

    python piper_to_sherpa.py NAME.onnx FOLDER      (needs onnx; NAME.onnx.json must lie beside)
"""
import json
import pathlib
import sys

import onnx


def main(graph, folder):
    config = json.loads(pathlib.Path(str(graph) + ".json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    ids = config["phoneme_id_map"]
    (folder / "tokens.txt").write_text("".join(f"{s} {i[0]}\n" for s, i in ids.items()), encoding="utf-8")
    model = onnx.load(graph)
    props = dict(
        model_type="vits", comment="piper", language=config["language"]["name_english"], voice=config["espeak"]["voice"], has_espeak=1,
        n_speakers=config["num_speakers"], sample_rate=config["audio"]["sample_rate"])
    for key, value in props.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, folder / graph.name)


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
