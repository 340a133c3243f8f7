"""Lends the words of the first voice to a voice that only has syllables: their envelopes as the other person would have them.

Two steps, both fitted on the aligned recordings. The frequency axis is warped by the ratio of the two vocal tracts (as in
vocal tract length normalisation, Lee and Rose 1996), so that formants move as they do in the word. Then the mean of every
third of every phone is made the other's, gliding over 50 ms; what is left of the first person is how one sound passes
into the next, which is what the syllables cannot teach. Pitch and durations stay; the pitch is relative to each voice's range.
"""

import numpy as np
import scipy.ndimage

import align
import features
import labels
import prepare
import speakers

GLIDE = 5            # frames
FEWEST = 30          # frames a third of a phone must have for a mean of its own


def warp(mel, ratio):
    """Log envelopes [T, 80] of a vocal tract that is longer by 1/ratio: what was at f is at f * ratio."""
    centres = features.band_centres()
    at = np.interp(np.minimum(centres / ratio, centres[-1]), centres, np.arange(len(centres)))
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(centres) - 1)
    return mel[:, low] + (at - low) * (mel[:, high] - mel[:, low])


def thirds(words, durations):
    """Class of every frame: phone * 3 + third of it. durations [phones + 2 silences a word] as align.py writes them."""
    at = np.concatenate([[0], np.cumsum(words.units + 2)])
    out = []
    for i in range(len(words)):
        phones = [align.SIL, *words.of("phones", i), align.SIL]
        for p, d in zip(phones, durations[at[i]:at[i + 1]].astype(int)):
            out.append(3 * p + np.arange(d) * 3 // max(d, 1))
    return np.concatenate(out)


def means(mel, classes, n):
    """Mean envelope of every class [n, 80] and how many frames it has."""
    count = np.bincount(classes, minlength=n)
    total = np.stack([np.bincount(classes, mel[:, b], n) for b in range(mel.shape[1])], 1)
    return total / np.maximum(count, 1)[:, None], count


def differences(source, source_class, target, target_class):
    """What to add to source's envelopes by class, [3 * phones, 80]; classes that one side hardly has get the mean of all."""
    n = 3 * len(labels.PHONES)
    a, have = means(source, source_class, n)
    b, want = means(target, target_class, n)
    sound = (have >= FEWEST) & (want >= FEWEST)
    sound[3 * align.SIL:3 * align.SIL + 3] = False
    delta = np.where(sound[:, None], b - a, (b - a)[sound].mean(0))
    delta[3 * align.SIL:3 * align.SIL + 3] = 0
    return delta, float(np.sqrt((((b - a) - (b - a)[sound].mean(0))[sound] ** 2).mean()))


def best_ratio(source, source_class, target, target_class):
    """The warp after which the two voices' phones differ least in shape."""
    some = slice(None, None, 7)
    left = {r: differences(warp(source[some], r), source_class[some], target, target_class)[1] for r in np.arange(0.78, 1.01, 0.02)}
    print({round(float(r), 2): round(v, 4) for r, v in left.items()})
    return min(left, key=left.get)


def main():
    args = prepare.arguments(__doc__).parse_args()
    words = align.Words(args.cache)
    classes = thirds(words, np.load(args.cache / "align.npz")["durations"])
    owner = np.repeat(words.voice, words.frames)
    mel = words.data["mel"]
    syllables = [k for k, who in enumerate(speakers.VOICES) if not who.words]
    assert len(syllables) == 1, "converted.npy holds one voice"
    first, other = owner == 0, owner == syllables[0]
    source, target = mel[first].astype(np.float32), mel[other].astype(np.float32)
    ratio = best_ratio(source, classes[first], target, classes[other])
    moved = warp(source, ratio)
    delta, left = differences(moved, classes[first], target, classes[other])
    print("ratio", round(float(ratio), 2), "distance of phone means before their shift", round(left, 3), "nepers")
    glide = scipy.ndimage.uniform_filter1d(delta[classes[first]], GLIDE, axis=0)
    quiet = classes[first] // 3 == align.SIL
    out = np.where(quiet[:, None], source, np.maximum(moved + glide, np.log(features.FLOOR)))
    np.save(args.cache / "converted.npy", out.astype(np.float16))


if __name__ == "__main__":
    main()
