package index

import "fmt"

// table is the items in memory, by slot: a slot is filled once and never
// changes, only dies.
type table struct {
	dim, stride int
	rows        pages[int8]
	scale       []float32
	product     []int32
	stamp       []uint64
	key         []string
	dead        []bool
	live        int

	slots    map[string]uint32 // of living keys
	products []string
	number   map[string]int32 // of products
	count    []int            // living items of a product
}

func newTable(dim int) *table {
	return &table{dim: dim, stride: Stride(dim), rows: pages[int8]{width: Stride(dim)}, slots: map[string]uint32{}, number: map[string]int32{}}
}

func (t *table) len() int { return len(t.key) }

// check says whether an item can be kept at all.
func check(it Item, dim int) error {
	switch {
	case it.Key == "" || len(it.Key) > maxName || it.Product == "" || len(it.Product) > maxName:
		return fmt.Errorf("%w: key and product need 1 to %d bytes", ErrItem, maxName)
	case len(it.Vector) != dim:
		return fmt.Errorf("%w: %s has %d numbers, the index %d", ErrItem, it.Key, len(it.Vector), dim)
	}
	return nil
}

// entry is an item as it is kept.
type entry struct {
	key, product string
	stamp        uint64
	scale        float32
	row          []int8 // dim numbers, or stride
}

// put fills a new slot; an older one of the same key dies.
func (t *table) put(e entry) {
	if old, ok := t.slots[e.key]; ok {
		t.kill(old)
	}
	slot := t.len()
	t.rows.grow(slot)
	copy(t.rows.row(slot), e.row)
	n, ok := t.number[e.product]
	if !ok {
		n = int32(len(t.products))
		t.products = append(t.products, e.product)
		t.count = append(t.count, 0)
		t.number[e.product] = n
	}
	t.scale = append(t.scale, e.scale)
	t.product = append(t.product, n)
	t.stamp = append(t.stamp, e.stamp)
	t.key = append(t.key, e.key)
	t.dead = append(t.dead, false)
	t.slots[e.key] = uint32(slot)
	t.count[n]++
	t.live++
}

func (t *table) remove(key string) bool {
	slot, ok := t.slots[key]
	if ok {
		t.kill(slot)
	}
	return ok
}

func (t *table) kill(slot uint32) {
	t.dead[slot] = true
	t.live--
	t.count[t.product[slot]]--
	delete(t.slots, t.key[slot])
}

func (t *table) entry(slot int) entry {
	return entry{t.key[slot], t.products[t.product[slot]], t.stamp[slot], t.scale[slot], t.rows.row(slot)}
}

// query is a vector that is looked for, quantised as the items are.
type query struct {
	row   []int8
	scale float32
}

func (t *table) query(v []float32) (query, error) {
	if len(v) != t.dim {
		return query{}, fmt.Errorf("%w: the query has %d numbers, the index %d", ErrItem, len(v), t.dim)
	}
	q := query{row: make([]int8, t.stride)}
	var err error
	q.scale, err = quantise(v, q.row)
	return q, err
}

func (t *table) stored(slot uint32) query { return query{t.rows.row(int(slot)), t.scale[slot]} }

// sim is the cosine of the query and a slot.
func (t *table) sim(q query, slot uint32) float32 {
	return float32(dot(q.row, t.rows.row(int(slot)))) * q.scale * t.scale[slot]
}

// scan looks at every slot of [from, to) that keep lets through.
func (t *table) scan(q query, from, to int, keep *filter, into *nearest) {
	for s := from; s < to; s++ {
		if !t.dead[s] && keep.passes(t.product[s]) {
			into.offer(scored{t.sim(q, uint32(s)), uint32(s)})
		}
	}
}

// filter holds which products may be answered; nil lets all through.
type filter struct {
	pass []bool
	live int // items that pass
}

func (t *table) filter(keep func(product string) bool) *filter {
	if keep == nil {
		return nil
	}
	f := &filter{pass: make([]bool, len(t.products))}
	for i, p := range t.products {
		if t.count[i] > 0 && keep(p) {
			f.pass[i] = true
			f.live += t.count[i]
		}
	}
	return f
}

func (f *filter) passes(product int32) bool { return f == nil || f.pass[product] }
