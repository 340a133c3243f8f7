package ctc

// CopyFrom goes on from where another Decoder of the same Graph is, as if both
// had decoded the same rows. The other one is not changed, and what it decodes
// later does not show here. The other must not Begin while the copy is in use:
// they share the phrases of the turn.
func (d *Decoder) CopyFrom(o *Decoder) {
	own := *d
	*d = *o
	d.active = append(own.active[:0], o.active...)
	d.links = append(own.links[:0], o.links...)
	d.greedy = append(own.greedy[:0], o.greedy...)
	d.voiced = append(own.voiced[:0], o.voiced...)
	// Scratch space holds nothing between rows.
	d.next, d.lp, d.starts, d.arcBuf = own.next, own.lp, own.starts, own.arcBuf
}
