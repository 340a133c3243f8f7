package tool

import (
	"strings"

	"waggle/dialog/nlu"
	"waggle/shop"
)

// Corrected stands in an address between what was said first and what corrects
// it.
const Corrected = "\n"

// NewAddress puts a new place in an old address: name and phone stay, and what
// was not said of city and district, too.
func NewAddress(old shop.Address, said string) shop.Address {
	for _, part := range strings.Split(said, Corrected) {
		old = moved(old, nlu.ParsePlace(part))
	}
	return old
}

func moved(a shop.Address, p nlu.Place) shop.Address {
	if p.City != "" {
		a.City, a.Province = p.City, p.Province
		a.District = p.District
	}
	if p.District != "" {
		a.District = p.District
	}
	if p.Street != "" {
		a.Street = p.Street
	}
	return a
}
