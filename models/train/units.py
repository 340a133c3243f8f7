"""The sound units shared by the recogniser and the voice.

mandarin/syllables.tsv (also embedded by the Go package mandarin) maps every toneless syllable to an initial and a final.
This module only reads it, so that training and product can never disagree about a unit.
"""

import csv
import re
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "mandarin" / "syllables.tsv"

# Spellings found in the recordings' labels that are not in the table, and the syllable they stand for.
SPELLINGS = {
    "luu": "lv", "nuu": "nv", "luue": "lve", "nuue": "nve", "lue": "lve", "nue": "nve", "luun": "lvn",
    "jv": "ju", "qv": "qu", "xv": "xu", "yv": "yu", "yai": "ya", "muo": "mo", "lvn": "lun",
}


def load(path=TABLE):
    """Returns {syllable: (initial, final)}; the initial is "-" when there is none."""
    with open(path, encoding="utf-8") as f:
        return {r["syllable"]: (r["initial"], r["final"]) for r in csv.DictReader(f, delimiter="\t")}


SYLLABLES = load()
INITIALS = sorted({i for i, _ in SYLLABLES.values()} - {"-"})
FINALS = sorted({f for _, f in SYLLABLES.values()})
UNITS = INITIALS + FINALS  # without blank: each training adds its own special symbols in front


def base(pinyin):
    """Toneless syllable of the table for one pinyin syllable such as "lü4" or "nuu3"; None when it is not Mandarin."""
    s = re.sub(r"[0-9]", "", pinyin.lower()).replace("ü", "v").replace("u:", "v")
    s = SPELLINGS.get(s, s)
    return s if s in SYLLABLES else None


def units(syllable):
    """The one or two units of a toneless syllable, zero initials left out."""
    return [u for u in SYLLABLES[syllable] if u != "-"]
