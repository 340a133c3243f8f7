package vision

import (
	"cmp"
	"slices"
)

// Seen is what was found on one of several photos.
type Seen struct {
	Photo    string    `json:"photo"`
	Findings []Finding `json:"findings"`
}

// Join tells what several photos of one item say together, as findings of one
// photo would, each with the photo that it rests on. The order of the photos
// does not matter. The rules are:
//
//   - every question is answered by the photo that answers it best;
//   - damage on any of them is damage, and the places are those of the photo
//     that shows the worst; without any, one that sees the item whole is
//     enough, and "cannot see" is left only if none sees;
//   - colours are judged by agreement: photos that cannot tell abstain, and
//     where the others contradict each other nobody can tell;
//   - numbers and products are put together; a sign on one photo is a sign.
//
// One photo alone is returned as it is.
func Join(photos []Seen) []Finding {
	if len(photos) == 1 {
		return photos[0].Findings
	}
	all := gather(photos)
	var out []Finding
	for _, answer := range []func([]Finding) []Finding{bestQuality, worstDamage, agreedColour, numbers, origin, products, others} {
		out = append(out, answer(all)...)
	}
	return out
}

// gather lists all findings with their photos, in one order whatever the order
// of the photos was. Photos that were named twice count once.
func gather(photos []Seen) []Finding {
	photos = slices.Clone(photos)
	slices.SortStableFunc(photos, func(a, b Seen) int { return cmp.Compare(a.Photo, b.Photo) })
	var out []Finding
	for i, p := range photos {
		if i > 0 && p.Photo == photos[i-1].Photo {
			continue
		}
		for _, f := range p.Findings {
			if f.Photo == "" {
				f.Photo = p.Photo
			}
			out = append(out, f)
		}
	}
	return out
}

func ofKind(all []Finding, kind string) []Finding {
	var out []Finding
	for _, f := range all {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// best is the first of the greatest, none of none.
func best(list []Finding, rank func(Finding) float32) []Finding {
	if len(list) == 0 {
		return nil
	}
	top := list[0]
	for _, f := range list[1:] {
		if rank(f) > rank(top) {
			top = f
		}
	}
	return []Finding{top}
}

// bestQuality is that of the best photo: advice is given only if none is good.
func bestQuality(all []Finding) []Finding {
	return best(ofKind(all, KindQuality), func(f Finding) float32 {
		switch f.Label {
		case LabelOK:
			return 2
		case LabelNotAPhoto: // says least about how to take a better one
			return 0
		}
		return 1
	})
}

// Located tells whether the finding is damage that was seen in a place.
func (f Finding) Located() bool {
	return f.Kind == KindDamage && f.Label != LabelIntact && f.Label != LabelCannotSee
}

func worstDamage(all []Finding) []Finding {
	var spots, intact, unseen []Finding
	for _, f := range ofKind(all, KindDamage) {
		switch {
		case f.Located():
			spots = append(spots, f)
		case f.Label == LabelIntact:
			intact = append(intact, f)
		default:
			unseen = append(unseen, f)
		}
	}
	score := func(f Finding) float32 { return f.Score }
	switch {
	case len(spots) > 0:
		worst := best(spots, func(f Finding) float32 { return float32(f.Severity.rank()) + f.Score })[0]
		return slices.DeleteFunc(spots, func(f Finding) bool { return f.Photo != worst.Photo })
	case len(intact) > 0:
		return best(intact, score)
	}
	return best(unseen, score)
}

// rank orders severities; scores are at most 1, so two grades never mix.
func (s Severity) rank() int {
	return 2 * slices.Index([]Severity{SeverityNone, SeverityMinor, SeverityMedium, SeverityMajor}, s)
}

func agreedColour(all []Finding) []Finding {
	var votes, abstained []Finding
	for _, f := range ofKind(all, KindColour) {
		if f.Label == LabelSame || f.Label == LabelDifferent {
			votes = append(votes, f)
		} else {
			abstained = append(abstained, f)
		}
	}
	score := func(f Finding) float32 { return f.Score }
	if len(votes) == 0 {
		return best(abstained, score)
	}
	top := best(votes, score)
	for _, v := range votes {
		if v.Label != top[0].Label {
			return []Finding{{Kind: KindColour, Label: LabelCannotTell, Photo: top[0].Photo, Box: top[0].Box, Note: noteContradict}}
		}
	}
	return top
}

const noteContradict = "几张照片的颜色看起来不一致，请在商品旁边放一张白纸，在窗边再拍一张。"

// numbers are all that were read, each once.
func numbers(all []Finding) []Finding { return distinct(ofKind(all, KindNumber)) }

// products are all that were recognised, the likeliest first; unknown only if
// none was.
func products(all []Finding) []Finding {
	list := ofKind(all, KindProduct)
	known := slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return f.Label == LabelUnknown })
	if len(known) > 0 {
		list = known
	}
	list = distinct(list)
	slices.SortStableFunc(list, func(a, b Finding) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Label, b.Label)) })
	return list
}

// origin joins the signs of all photos, with the place of the strongest.
func origin(all []Finding) []Finding {
	signs := ofKind(all, KindOrigin)
	out := best(signs, func(f Finding) float32 { return f.Score })
	var notes []string
	for _, f := range signs {
		notes = append(notes, f.Note)
	}
	slices.Sort(notes)
	for i, note := range slices.Compact(notes) {
		if i == 0 {
			out[0].Note = ""
		}
		out[0].Note += note
	}
	return out
}

// others are findings of kinds that have no rule of their own.
func others(all []Finding) []Finding {
	ruled := []string{KindQuality, KindDamage, KindColour, KindNumber, KindOrigin, KindProduct}
	return distinct(slices.DeleteFunc(slices.Clone(all), func(f Finding) bool { return slices.Contains(ruled, f.Kind) }))
}

// distinct keeps the surest finding of each kind and label.
func distinct(list []Finding) []Finding {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Label, b.Label), cmp.Compare(b.Score, a.Score))
	})
	return slices.CompactFunc(list, func(a, b Finding) bool { return a.Kind == b.Kind && a.Label == b.Label })
}
