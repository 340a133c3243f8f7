package index

import (
	"math"
	"math/rand/v2"
	"sync"
)

// graph is a hierarchical navigable small world (Malkov and Yashunin 2018,
// IEEE TPAMI 42(4)): every node is linked to near ones that differ in
// direction, a few nodes also on sparser levels that a search comes down
// through. It covers the first n slots of its table. Dead slots stay as
// stepping stones and are never answered.
type graph struct {
	t           *table
	links, wide int // most links of a node, and on the lowest level
	build       int
	n           int
	base        pages[uint32]         // [0] counts the links that follow
	upper       []map[uint32][]uint32 // by level, from 1
	level       []uint8
	entry       uint32
	rng         *rand.Rand
	seen        sync.Pool
}

func newGraph(t *table, links, build int) *graph {
	return &graph{t: t, links: links, wide: 2 * links, build: build, base: pages[uint32]{width: 2*links + 1},
		rng: rand.New(rand.NewPCG(1, 2))}
}

// visited marks the slots that one search has met.
type visited struct {
	mark  []uint32
	epoch uint32
}

func (g *graph) visit() *visited {
	v, _ := g.seen.Get().(*visited)
	if v == nil {
		v = &visited{}
	}
	if n := g.t.len(); len(v.mark) < n {
		v.mark, v.epoch = make([]uint32, n+n/4+64), 0
	}
	if v.epoch++; v.epoch == 0 {
		clear(v.mark)
		v.epoch = 1
	}
	return v
}

// first reports whether the slot is met for the first time.
func (v *visited) first(slot uint32) bool {
	if v.mark[slot] == v.epoch {
		return false
	}
	v.mark[slot] = v.epoch
	return true
}

func (g *graph) neighbours(slot uint32, level int) []uint32 {
	if level > 0 {
		return g.upper[level-1][slot]
	}
	row := g.base.row(int(slot))
	return row[1 : 1+row[0]]
}

func (g *graph) setNeighbours(slot uint32, level int, list []uint32) {
	if level > 0 {
		g.upper[level-1][slot] = append(g.upper[level-1][slot][:0], list...)
		return
	}
	row := g.base.row(int(slot))
	row[0] = uint32(copy(row[1:], list))
}

// descend walks greedily from the entry down to the given level.
func (g *graph) descend(q query, to int) scored {
	at := scored{g.t.sim(q, g.entry), g.entry}
	for level := len(g.upper); level > to; level-- {
		for moved := true; moved; {
			moved = false
			for _, s := range g.neighbours(at.slot, level) {
				if sim := g.t.sim(q, s); sim > at.sim {
					at, moved = scored{sim, s}, true
				}
			}
		}
	}
	return at
}

// beam searches one level with ef candidates. answer says which slots may be
// among the results; the others only lead on.
func (g *graph) beam(q query, from scored, ef, level int, answer func(uint32) bool) *nearest {
	seen := g.visit()
	defer g.seen.Put(seen)
	found := &nearest{k: ef, heap: make([]scored, 0, ef)}
	todo := frontier{heap: make([]scored, 0, 2*ef)}
	seen.first(from.slot)
	todo.push(from)
	if answer(from.slot) {
		found.offer(from)
	}
	for len(todo.heap) > 0 {
		at := todo.pop()
		if found.full() && at.sim < found.worst() {
			break
		}
		for _, s := range g.neighbours(at.slot, level) {
			if !seen.first(s) {
				continue
			}
			next := scored{g.t.sim(q, s), s}
			if found.full() && next.sim <= found.worst() {
				continue
			}
			todo.push(next)
			if answer(s) {
				found.offer(next)
			}
		}
	}
	return found
}

// search finds the ef nearest that keep lets through.
func (g *graph) search(q query, ef int, keep *filter) *nearest {
	if g.n == 0 {
		return &nearest{k: ef}
	}
	return g.beam(q, g.descend(q, 0), ef, 0, func(s uint32) bool {
		return !g.t.dead[s] && keep.passes(g.t.product[s])
	})
}

// plan is where the next slot of the table goes: its level and its links on
// each level from 0.
type plan struct {
	level int
	links [][]uint32
}

// place plans the next slot. It only reads, so searches may run beside it.
func (g *graph) place() plan {
	p := plan{level: min(int(-math.Log(1-g.rng.Float64())/math.Log(float64(g.links))), 24)}
	if g.n == 0 {
		return p
	}
	q := g.t.stored(uint32(g.n))
	low := min(p.level, len(g.upper))
	p.links = make([][]uint32, low+1)
	at := g.descend(q, low)
	for l := low; l >= 0; l-- {
		near := g.beam(q, at, g.build, l, func(uint32) bool { return true }).best()
		at = near[0]
		p.links[l] = g.choose(near, g.links)
	}
	return p
}

// add does what place planned.
func (g *graph) add(p plan) {
	slot := uint32(g.n)
	g.base.grow(g.n)
	g.level = append(g.level, uint8(p.level))
	g.n++
	for l, chosen := range p.links {
		g.setNeighbours(slot, l, chosen)
		for _, s := range chosen {
			g.link(s, slot, l)
		}
	}
	if slot == 0 || p.level > len(g.upper) {
		g.raise(slot, p.level)
	}
}

// raise makes a slot the entry of new, higher levels.
func (g *graph) raise(slot uint32, level int) {
	for len(g.upper) < level {
		g.upper = append(g.upper, map[uint32][]uint32{slot: nil})
	}
	g.entry = slot
}

// link adds a way from one slot to another; where there is no room, the
// heuristic decides who stays.
func (g *graph) link(from, to uint32, level int) {
	room := g.links
	if level == 0 {
		room = g.wide
	}
	have := g.neighbours(from, level)
	if len(have) < room {
		if level == 0 {
			row := g.base.row(int(from))
			row[0]++
			row[row[0]] = to
		} else {
			g.upper[level-1][from] = append(have, to)
		}
		return
	}
	q := g.t.stored(from)
	all := nearest{k: room + 1, heap: make([]scored, 0, room+1)}
	all.offer(scored{g.t.sim(q, to), to})
	for _, s := range have {
		all.offer(scored{g.t.sim(q, s), s})
	}
	g.setNeighbours(from, level, g.choose(all.best(), room))
}

// choose takes up to room of the candidates, nearest first, leaving out who is
// nearer to one already taken than to the centre (algorithm 4 of the paper);
// left-over room goes to the nearest of those left out.
func (g *graph) choose(near []scored, room int) []uint32 {
	taken := make([]uint32, 0, room)
	var left []uint32
	for _, c := range near {
		if len(taken) == room {
			break
		}
		q, apart := g.t.stored(c.slot), true
		for _, s := range taken {
			if g.t.sim(q, s) > c.sim {
				apart = false
				break
			}
		}
		if apart {
			taken = append(taken, c.slot)
		} else {
			left = append(left, c.slot)
		}
	}
	return append(taken, left[:min(len(left), room-len(taken))]...)
}
