package outbound

import (
	"fmt"
	"strings"
)

// Normalize brings a telephone number to E.164. Numbers without a country
// code are taken as Chinese. It accepts spaces, dashes and brackets.
func Normalize(raw string) (string, error) {
	var digits strings.Builder
	plus := false
	for i, r := range strings.TrimSpace(raw) {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == '+' && i == 0:
			plus = true
		case strings.ContainsRune(" -()", r):
		default:
			return "", fmt.Errorf("%w: number %q holds %q", ErrInvalid, raw, r)
		}
	}
	d := digits.String()
	if after, ok := strings.CutPrefix(d, "00"); ok && !plus {
		d, plus = after, true
	}
	if !plus {
		switch {
		case len(d) == 11 && d[0] == '1', len(d) >= 10 && d[0] == '0':
			d = "86" + strings.TrimPrefix(d, "0")
		case len(d) == 13 && strings.HasPrefix(d, "861"):
		default:
			return "", fmt.Errorf("%w: number %q: write it with country code, such as +8613800000001", ErrInvalid, raw)
		}
	}
	if len(d) < 8 || len(d) > 15 || d[0] == '0' { // E.164 allows 15 digits
		return "", fmt.Errorf("%w: number %q has %d digits", ErrInvalid, raw, len(d))
	}
	return "+" + d, nil
}
