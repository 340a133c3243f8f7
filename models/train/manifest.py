"""Rewrites models/builtin/manifest.json from the models and cards that are there. Run after every export.

    python models/train/manifest.py
"""

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "builtin"
KINDS = ("asr", "vad", "tts", "vision", "text")  # a model's file name starts with its kind
LICENCE = "Licence:"  # the line of a card that names it


def kind(stem):
    for name in KINDS:
        if stem == name or stem.startswith(name + "-"):
            return name
    raise SystemExit(f"{stem}.onnx: a model's name starts with one of {', '.join(KINDS)}")


def licence(card):
    """The licence named by the card, so that it is stated in one place only."""
    for line in card.read_text(encoding="utf-8").splitlines():
        if line.startswith(LICENCE):
            return line[len(LICENCE):].strip().split()[0].rstrip(".,;")
    raise SystemExit(f"{card}: no line starts with {LICENCE!r}")


def entry(path):
    card = path.with_suffix(".md")
    if not card.exists():
        raise SystemExit(f"{path}: write its card {card.name} first")
    data = path.read_bytes()
    return {"name": path.stem, "file": path.name, "kind": kind(path.stem), "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), "licence": licence(card), "card": card.name}


def main():
    models = [entry(p) for p in sorted([*FOLDER.glob("*.onnx"), *FOLDER.glob("*.gz")])]
    text = json.dumps({"models": models}, indent=2, ensure_ascii=False) + "\n"
    (FOLDER / "manifest.json").write_text(text, encoding="utf-8")
    print("\n".join(f"{m['name']:20s} {m['bytes']:>10,} bytes  {m['licence']}" for m in models))


if __name__ == "__main__":
    main()
