"""Which recordings are trained on, under which labels, and which are held back."""

import argparse
import csv
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import units  # noqa: E402  (models/train/units.py, shared with the voice)

HELD_OUT_STUDENTS = {"d29", "d30", "d32", "d33", "d34"}
HELD_OUT_WORDS = 20  # one HSK word in so many


def arguments(about):
    """The two options that every step shares."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--data", default="../shared/data", help="folder with speech/ and dialog/")
    parser.add_argument("--cache", default=str(HERE.parent / ".cache" / "asr"), help="where caches and checkpoints go")
    return parser


def source(path):
    """hsk, syllabs, davinfifield, hantts, dspspeech20, tcl606_digits or en_fsdd_train."""
    parts = path.split("/")
    return parts[1] if parts[0] == "audio-cmn" else parts[0]


def held_out(row):
    """Whole students, one HSK word in twenty (by its spelling, so every recording of it), all of the digits man."""
    kind = source(row["path"])
    if kind == "dspspeech20":
        return row["path"].split("/")[1] in HELD_OUT_STUDENTS
    if kind == "hsk":
        return zlib.crc32(row["hanzi"].encode()) % HELD_OUT_WORDS == 0
    return kind == "tcl606_digits"


def load(data):
    """Entries of transcripts.tsv with usable labels; English clips keep an empty label and serve as babble."""
    entries = []
    with open(Path(data) / "speech" / "transcripts.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            if row["quality"] in ("suspect", "nonstandard", "pattern"):
                continue
            syllables = [units.base(s) for s in row["pinyin"].split()]
            if None in syllables or "old" in row["pinyin"]:
                continue
            entries.append({
                "path": row["path"], "text": row["hanzi"], "syllables": syllables, "pinyin": row["pinyin"],
                "speaker": row["speaker"], "gender": row["gender"], "source": source(row["path"]), "held": held_out(row),
                "trim": source(row["path"]) != "dspspeech20",
            })
    return entries
