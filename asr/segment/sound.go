package segment

// Sound is judged in blocks of 10 ms. The pause before a Peek is what its last
// quietBlocks are; sound after it counts as silence while no block has more
// than louder times the energy of the loudest of them.
const (
	block       = Rate / 100
	quietBlocks = 10
	louder      = 4  // 6 dB
	below       = 30 // a pause lies about 15 dB under the loudest speech
)

// onlySilenceSince reports whether a pause surrounded sample at, and nothing
// was spoken after it.
func onlySilenceSince(pcm []int16, at int) bool {
	if at > len(pcm) || at < quietBlocks*block {
		return false
	}
	pause := loudest(pcm[at-quietBlocks*block : at])
	if pause*below > loudest(pcm[:at]) {
		return false // Peek fell into speech
	}
	return loudest(pcm[at:]) <= max(pause*louder, 1)
}

// loudest is the greatest energy of a block; an incomplete last one counts too.
func loudest(pcm []int16) (most int64) {
	for len(pcm) > 0 {
		n := min(block, len(pcm))
		sum := int64(0)
		for _, v := range pcm[:n] {
			sum += int64(v) * int64(v)
		}
		most = max(most, sum)
		pcm = pcm[n:]
	}
	return most
}
