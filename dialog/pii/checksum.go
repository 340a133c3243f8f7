package pii

import "strings"

// identity checks a number of an identity card: the place, the day of birth
// and, of the second generation, the check character of ISO 7064 MOD 11-2.
func identity(n string) bool {
	switch {
	case len(n) == 18 && !strings.Contains(n[:17], "X"):
		return place(n) && born(n[6:14]) && n[17] == check(n[:17])
	case len(n) == 15 && !strings.Contains(n, "X"):
		return place(n) && born("19"+n[6:12])
	}
	return false
}

// place tells whether the first two digits are a province (GB/T 2260).
func place(n string) bool {
	const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "
	return strings.Contains(provinces, " "+n[:2]+" ")
}

// born tells whether eight digits are a day on which somebody alive was born.
func born(d string) bool {
	year, month, day := d[:4], d[4:6], d[6:]
	return year >= "1900" && year < "2100" && month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// check is the check character of 17 digits (GB 11643).
func check(digits string) byte {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// card checks a bank card: an issuer that exists, its length, and the check
// digit of Luhn (ISO/IEC 7812-1).
func card(n string) bool {
	return issuer(n) && luhn(n)
}

func issuer(n string) bool {
	two := n[:min(2, len(n))]
	switch {
	case two == "62":
		return len(n) >= 16 && len(n) <= 19
	case two == "34" || two == "37":
		return len(n) == 15
	case two == "35", two >= "51" && two <= "55", two >= "22" && two <= "27":
		return len(n) == 16
	case n[0] == '4':
		return len(n) == 16 || len(n) == 19
	case n[0] == '9': // older cards of Chinese banks
		return len(n) == 16 || len(n) == 19
	}
	return false
}

func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
