package tool

import (
	"regexp"
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
	switch house := houseOnly.FindString(p.Street); {
	case house != "" && house == p.Street && p.City == "" && p.District == "":
		a.Street = renumbered(a.Street, house)
	case p.Street != "":
		a.Street = p.Street
	}
	return a
}

// houseOnly is a number of a house, a floor or a door without a street.
var houseOnly = regexp.MustCompile(`^(?:[0-9]+(?:号楼|号院|号|栋|幢|座|单元|层|楼|室)?-?)+$`)

// part is one number of a house with what it counts.
var part = regexp.MustCompile(`([0-9]+)(号楼|号院|号|栋|幢|座|单元|层|楼|室)`)

// renumbered puts the numbers of a correction in the place of those that count
// the same; what the street has none of goes behind it.
func renumbered(street, house string) string {
	for _, m := range part.FindAllStringSubmatch(house, -1) {
		old := regexp.MustCompile(`[0-9]+` + m[2])
		if at := old.FindStringIndex(street); at != nil {
			street = street[:at[0]] + m[0] + street[at[1]:]
		} else {
			street += m[0]
		}
	}
	return street
}
