"""Who speaks: where the recordings of a voice lie, and how to read them.

The order of VOICES is the `speaker` id of the exported model.
"""

from dataclasses import dataclass

import labels


@dataclass(frozen=True)
class Speaker:
    """A person whose recordings train a voice."""

    name: str
    folder: str        # under speech/
    words: bool        # recordings of words (hanzi and citation tones) or of single syllables (tone as spoken)
    f0_low: float      # search range of F0 in Hz
    f0_high: float
    f0_mean: float     # centre and spread of log-F0 as the acoustic model sees it: with them, the tones of all voices
    f0_spread: float   # have the same contours
    low_room: float    # power over which there is speech, 150-1000 Hz and above 1500 Hz, at the normal level
    high_room: float

    def label(self, row):
        """Label of a row of transcripts.tsv, or None when its pinyin cannot be read."""
        return labels.word(row["hanzi"] if self.words else "", row["pinyin"])


TAN = Speaker("tan", "audio-cmn/hsk/", True, 75, 520, 240.0, 0.3, 1e-5, 1e-6)
WU = Speaker("wu", "hantts/", False, 60, 300, 109.4, 0.254, 2e-5, 2e-6)
VOICES = [TAN, WU]
