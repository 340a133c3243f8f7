package ctc

// table finds the token of a key in constant time: open addressing over a
// slice, cleared by raising a generation.
type table struct {
	slots      []slot
	tokens     []token
	generation uint32
}

type slot struct {
	generation uint32
	index      int32
}

func (t *table) init() { t.slots = make([]slot, 1<<12) }

func (t *table) clear() {
	t.tokens = t.tokens[:0]
	t.generation++
	if t.generation == 0 { // wrapped: old marks could look current
		clear(t.slots)
		t.generation = 1
	}
}

// at returns the token of k, a fresh one if there was none. The pointer is
// valid until the next call.
func (t *table) at(k key) *token {
	mask := uint32(len(t.slots) - 1)
	for h := k.hash() & mask; ; h = (h + 1) & mask {
		s := &t.slots[h]
		if s.generation != t.generation {
			if 2*len(t.tokens) >= len(t.slots) {
				t.grow()
				return t.at(k)
			}
			*s = slot{t.generation, int32(len(t.tokens))}
			t.tokens = append(t.tokens, token{key: k, blank: never, unit: never, best: never, hist: none})
			return &t.tokens[len(t.tokens)-1]
		}
		if u := &t.tokens[s.index]; u.key == k {
			return u
		}
	}
}

func (t *table) grow() {
	t.slots = make([]slot, 2*len(t.slots))
	mask := uint32(len(t.slots) - 1)
	for i := range t.tokens {
		h := t.tokens[i].hash() & mask
		for t.slots[h].generation == t.generation {
			h = (h + 1) & mask
		}
		t.slots[h] = slot{t.generation, int32(i)}
	}
}

func (k key) hash() uint32 {
	h := uint64(uint32(k.node))<<32 | uint64(k.state.gram)
	h ^= (uint64(k.state.run)<<8 | uint64(k.state.kind)) << 20
	h *= 0x9E3779B97F4A7C15 // Fibonacci hashing
	return uint32(h >> 32)
}
