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
		name, phone, place := Receiver(part)
		if name != "" {
			old.Name = name
		}
		if phone != "" {
			old.Phone = phone
		}
		if place != "" {
			old = moved(old, nlu.ParsePlace(place))
		}
	}
	return old
}

var (
	mobile = regexp.MustCompile(`(?:电话|手机号?|号码)?(?:改成|换成|改为|是|为|：|:)?[ ，]*(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})(?:[^0-9]|$)`)
	// receiverWord goes before the name of who receives a parcel, 收 behind it.
	receiverWord = regexp.MustCompile(`(?:收件人|收货人|联系人|收件的?人|姓名|名字)(?:的?名字)?(?:改成|换成|改为|是|叫|写|为|：|:)*[ ，]?(\p{Han}{2,4}?)(?:$|[ ，。；0-9]|电话|手机|号码|吧|就行)`)
	receives     = regexp.MustCompile(`(?:^|[ ，])(\p{Han}{2,3})收(?:$|[ ，。；吧])`)
	// byPhone is a name between the place and the number: 16号 陈一鸣 139...
	byPhone = regexp.MustCompile(`[0-9号室楼座栋幢][ ，](\p{Han}{2,3})[ ，]*(?:电话|手机号?)?(?:是|：|:)?[ ，]*1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}`)
)

// Receiver takes the name and the mobile number of who receives a parcel out of
// what was said, "" where they were not; place is the rest.
func Receiver(said string) (name, phone, place string) {
	if m := byPhone.FindStringSubmatch(said); m != nil {
		name, said = m[1], strings.Replace(said, m[1], " ", 1)
	}
	if m := mobile.FindStringSubmatchIndex(said); m != nil {
		phone = said[m[2]:m[3]] + said[m[4]:m[5]] + said[m[6]:m[7]]
		said = said[:m[0]] + " " + said[m[7]:]
	}
	for _, re := range []*regexp.Regexp{receiverWord, receives} {
		if m := re.FindStringSubmatchIndex(said); m != nil && name == "" {
			name = said[m[2]:m[3]]
			said = said[:m[0]] + " " + said[m[3]:]
		}
	}
	return name, phone, strings.Trim(strings.TrimSuffix(strings.TrimSpace(said), "收"), "，。； ")
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
