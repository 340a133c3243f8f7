"""Checks of the voice's recipe that need no recordings: python -m unittest discover -s models/train/tts -p "test_*.py"."""

import unittest

import numpy as np
import torch

import acoustic
import convert
import export
import features
import labels
import nets
import quality
import sources
import speakers
import stranger
import warm


class Sandhi(unittest.TestCase):
    def test_tones_are_those_that_are_spoken(self):
        for hanzi, cited, spoken in (
            ("一下", [1, 4], [2, 4]), ("一般", [1, 1], [4, 1]), ("第一", [4, 1], [4, 1]), ("一月", [1, 4], [1, 4]),
            ("不对", [4, 4], [2, 4]), ("不行", [4, 2], [4, 2]), ("好不好", [3, 4, 3], [3, 5, 3]),
            ("水果", [3, 3], [2, 3]), ("展览馆", [3, 3, 3], [2, 2, 3]), ("姐姐", [3, 5], [3, 5]),
        ):
            self.assertEqual(labels.sandhi(hanzi, cited), spoken, hanzi)

    def test_a_word_becomes_phones_with_places(self):
        word = labels.word("一下", "yi1 xia4")
        self.assertEqual([labels.PHONES[p] for p in word.phones], ["i", "x", "ia"])
        self.assertEqual((word.tones, word.positions), ([2, 0, 4], [labels.FIRST, labels.LAST, labels.LAST]))


class Assembly(unittest.TestCase):
    def setUp(self):
        ids = np.array([[acoustic.SIL, 0, 0], [5, 0, 3], [30, 1, 3], [acoustic.SIL, 0, 0]])
        self.word = (ids, np.array([8, 10, 30, 7]), np.zeros((55, 82), np.float32))

    def test_durations_add_up_to_the_frames(self):
        for factor in (1.0, 0.55, 0.8):
            for head in (True, False):
                for tail in (None, 0, 5, 20):
                    ids, natural, laid, frames = acoustic.trim(*acoustic.stretch(*self.word, factor), head, tail)
                    self.assertEqual(laid.sum(), len(frames))
                    self.assertEqual(len(ids), len(natural))
                    self.assertEqual(len(ids), len(laid))


class Sound(unittest.TestCase):
    def test_windows_give_back_the_sound(self):
        net, x = nets.Vocoder(width=8, blocks=1), torch.randn(1, 160 * 30)
        self.assertLess((net.sound(*net.spectrum(x)) - x)[:, 320:-320].abs().max(), 1e-4)

    def test_pulses_have_unit_power_and_no_alias(self):
        f0 = torch.full((1, 200), 250.0)
        phase, _ = nets.run_phase(f0, torch.zeros(1))
        x = nets.excite(phase, nets.per_sample(f0).reshape(1, -1))[0].numpy()
        self.assertAlmostEqual(float((x**2).mean()), 1.0, delta=0.06)
        spectrum = abs(np.fft.rfft(x[:16000] * np.hanning(16000)))
        between = np.concatenate([spectrum[i * 250 + 60:i * 250 + 190] for i in range(31)])
        self.assertLess(between.max(), 0.01 * spectrum.max())

    def test_phase_of_the_first_harmonic_is_found(self):
        t = np.arange(16000) / 16000
        turn = 0.3 + 210 * t + 0.5 * 30 * t**2
        x = sum(np.cos(2 * np.pi * k * turn + k) / k for k in range(1, 9)) * 0.1
        guess = 210 + 30 * (np.arange(100) + 0.5) / 100 + 2.0
        phase, _ = sources.phase_of(x, guess, np.ones(100))
        error = phase - turn - 1 / (2 * np.pi)
        self.assertLess(abs(error - np.round(error))[1600:-1600].max(), 0.03)

    def test_blocks_give_the_same_sound_as_one_pass(self):
        torch.manual_seed(1)
        mouth, t, c = export.Mouth(nets.Vocoder(width=16)), 70, nets.CONTEXT
        mel, f0 = torch.randn(1, t, 80) - 5, 200 + 20 * torch.randn(1, t).cumsum(1).clamp(-4, 4)
        voiced, noise = torch.ones(1, t), torch.randn(1, t * 160)
        cut = lambda a, b: (mel[:, a:b], f0[:, a:b], voiced[:, a:b], noise[:, a * 160:b * 160])
        with torch.inference_mode():
            whole, _ = mouth(*cut(0, t), torch.zeros(1))
            parts, phase = [], torch.zeros(1)
            for a, b in ((0, 20), (20, 25), (25, t - 2 * c)):
                audio, phase = mouth(*cut(a, b + 2 * c), phase)
                parts.append(audio)
        self.assertLess((torch.cat(parts, 1) - whole).abs().max(), 1e-3 * whole.abs().max())


class Silence(unittest.TestCase):
    def test_room_noise_and_clicks_are_cut_off(self):
        rng = np.random.default_rng(1)
        x = 2e-4 * rng.standard_normal(16000)
        x[800:816] += 0.05
        x[6400:11200] += 0.1 * np.sin(2 * np.pi * 250 * np.arange(4800) / 16000)
        a, b = features.speech(x, speakers.TAN.low_room, speakers.TAN.high_room)
        self.assertTrue(5900 < a < 6500 and 11000 < b < 12000, (a, b))


class Conversion(unittest.TestCase):
    def test_a_longer_vocal_tract_has_lower_formants(self):
        centres = features.band_centres()
        peak = lambda hz: -((np.log(centres / hz) / 0.2) ** 2)[None]
        for hz in (500, 1500, 2500):
            moved = centres[convert.warp(peak(hz), 0.85)[0].argmax()]
            self.assertLess(abs(np.log(moved / (0.85 * hz))), 0.06)

    def test_the_means_of_phones_become_the_others(self):
        rng = np.random.default_rng(1)
        classes = np.repeat([9, 10, 11, 30], 40)
        a, b = rng.normal(size=(160, 80)), rng.normal(2, 1, size=(160, 80))
        delta, _ = convert.differences(a, classes, b, classes)
        for c in (9, 30):
            np.testing.assert_allclose((a + delta[classes])[classes == c].mean(0), b[classes == c].mean(0), atol=1e-9)


class Quality(unittest.TestCase):
    def test_loudness_of_the_standards_reference_tone(self):
        tone = np.sin(2 * np.pi * 997 * np.arange(48000) / 16000)
        self.assertAlmostEqual(quality.loudness(tone), -3.01, delta=0.1)
        self.assertAlmostEqual(quality.loudness(0.1 * tone), -23.01, delta=0.1)

    def test_a_stretched_word_is_no_distance_away(self):
        x = np.random.default_rng(1).normal(size=(20, 80)).cumsum(0)
        self.assertLess(quality.warped(quality.cepstra(x), quality.cepstra(np.repeat(x, 2, 0))), 1e-9)

    def test_a_step_at_a_seam_is_a_click(self):
        x = 0.1 * np.sin(2 * np.pi * 200 * np.arange(16000) / 16000)
        self.assertEqual(quality.clicks(x), 0)
        x[6400:] += 0.05
        self.assertEqual(quality.clicks(x), 1)


class Stranger(unittest.TestCase):
    def test_a_label_is_read_as_its_classes(self):
        wanted = stranger.classes(labels.word("", "xia4"))
        self.assertEqual((stranger.INITIALS[wanted[0]], stranger.FINALS[wanted[1]], wanted[2]), ("x", "ia", 3))
        wanted = stranger.classes(labels.word("", "er2"))
        self.assertEqual((stranger.INITIALS[wanted[0]], wanted[2]), ("-", 1))

    def test_a_view_of_any_length_fits(self):
        for n in (30, stranger.T, 200):
            for rng in (None, np.random.default_rng(1)):
                self.assertEqual(stranger.fit(np.ones((n, 82), np.float32), rng).shape, (stranger.T, 82))

    def test_scores_and_confusions_count_what_was_wrong(self):
        wanted = np.array([[1, 2, 0], [1, 2, 4], [3, 2, 1]])
        heard = np.array([[1, 2, 0], [2, 2, 1], [3, 1, 1]])
        self.assertEqual(stranger.score(heard, wanted), {
            "syllables": 3, "initial": 0.6667, "final": 0.6667, "tone": 1.0, "initial_and_final": 0.3333})
        self.assertEqual(stranger.confusions(heard, wanted, "abcd", 0), {"b>c": 1})


class WarmStart(unittest.TestCase):
    def test_the_shipped_weights_come_back(self):
        for net, name in ((nets.Acoustic(drop=0.0), "acoustic"), (nets.Vocoder(), "vocoder")):
            known = warm.weights(warm.speak.BUILTIN / f"tts-zh-{name}.onnx")
            warm.start(net, name)
            for key, value in known.items():
                self.assertTrue(torch.equal(net.state_dict()[key], value), key)


if __name__ == "__main__":
    unittest.main()
