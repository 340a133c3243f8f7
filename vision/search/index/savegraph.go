package index

import (
	"bufio"
	"encoding/binary"
	"io"
	"os"
)

// The graph's file: magic, sum of its snapshot, nodes, links, width of the
// search, entry, levels; then for each node its level, its lowest links and
// those above; CRC-32C of all.
const graphMagic = "waggle-graph-v1\n"

func (d *disk) saveGraph(g *graph, ef int, snapshot uint32) error {
	return d.replace(graphFile, func(w io.Writer) error {
		s := &summing{w: w}
		b := []byte(graphMagic)
		for _, v := range []uint32{snapshot, uint32(g.n), uint32(g.links), uint32(ef), g.entry, uint32(len(g.upper))} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		if _, err := s.Write(b); err != nil {
			return err
		}
		for slot := range g.n {
			b = append(b[:0], g.level[slot])
			for l := 0; l <= int(g.level[slot]); l++ {
				list := g.neighbours(uint32(slot), l)
				b = append(b, byte(len(list)))
				for _, n := range list {
					b = binary.LittleEndian.AppendUint32(b, n)
				}
			}
			if _, err := s.Write(b); err != nil {
				return err
			}
		}
		return binary.Write(w, binary.LittleEndian, s.sum)
	})
}

// loadGraph reads the links of the snapshot with the given sum. Any doubt is
// an error: links can be made again.
func (d *disk) loadGraph(t *table, snapshot uint32) (*graph, int, error) {
	f, err := os.Open(d.path(graphFile))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	s := &summing{r: bufio.NewReaderSize(f, 1<<20)}
	head := make([]byte, len(graphMagic)+24)
	if _, err := io.ReadFull(s, head); err != nil || string(head[:len(graphMagic)]) != graphMagic {
		return nil, 0, ErrDamaged
	}
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(head[len(graphMagic)+4*i:]) }
	n, ef, levels := int(at(1)), int(at(3)), int(at(5))
	if at(0) != snapshot || n > t.len() || n == 0 || int(at(2)) != d.o.Links || at(4) >= at(1) || levels > 32 || ef < minWidth || ef > 2*maxWidth {
		return nil, 0, ErrDamaged
	}
	g := newGraph(t, d.o.Links, d.o.Build)
	g.entry = at(4)
	for range levels {
		g.upper = append(g.upper, map[uint32][]uint32{})
	}
	for g.n < n {
		if err := g.readNode(s, uint32(n)); err != nil {
			return nil, 0, err
		}
	}
	sum := s.sum
	var want uint32
	if err := binary.Read(s, binary.LittleEndian, &want); err != nil || want != sum {
		return nil, 0, ErrDamaged
	}
	return g, ef, g.whole()
}

func (g *graph) readNode(r io.Reader, n uint32) error {
	var one [1]byte
	if _, err := io.ReadFull(r, one[:]); err != nil || int(one[0]) > len(g.upper) {
		return ErrDamaged
	}
	slot, level := uint32(g.n), int(one[0])
	g.base.grow(g.n)
	g.level = append(g.level, one[0])
	g.n++
	for l := 0; l <= level; l++ {
		if _, err := io.ReadFull(r, one[:]); err != nil || int(one[0]) > g.wide {
			return ErrDamaged
		}
		raw := make([]byte, 4*int(one[0]))
		if _, err := io.ReadFull(r, raw); err != nil {
			return ErrDamaged
		}
		list := make([]uint32, one[0])
		for i := range list {
			if list[i] = binary.LittleEndian.Uint32(raw[4*i:]); list[i] >= n {
				return ErrDamaged
			}
		}
		g.setNeighbours(slot, l, list)
	}
	return nil
}

// whole checks that the entry reaches the top and that links on upper levels
// lead to nodes that are there.
func (g *graph) whole() error {
	if int(g.level[g.entry]) != len(g.upper) {
		return ErrDamaged
	}
	for l, nodes := range g.upper {
		for _, list := range nodes {
			for _, s := range list {
				if int(g.level[s]) < l+1 {
					return ErrDamaged
				}
			}
		}
	}
	return nil
}
