package fact

import (
	"strconv"
	"strings"
	"time"
)

// listMark stands between the words of an encoded list.
const listMark = "\x1f"

// Encode writes the value with its kind, so that it can wait in a log.
func (v Value) Encode() string {
	head := strconv.Itoa(int(v.kind)) + ":"
	switch v.kind {
	case Count, Money, Flag:
		return head + strconv.FormatInt(v.n, 10)
	case Time:
		return head + v.String()
	case List:
		return head + strings.Join(v.list, listMark)
	}
	return head + v.text
}

// Decode reads what Encode wrote; the zero Value for anything else.
func Decode(s string) Value {
	head, rest, ok := strings.Cut(s, ":")
	k, err := strconv.Atoi(head)
	if !ok || err != nil || k < int(Text) || k > int(List) {
		return Value{}
	}
	switch kind := Kind(k); kind {
	case Count, Money, Flag:
		n, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return Value{}
		}
		return Value{kind: kind, n: n}
	case Time:
		if rest == "" {
			return OfTime(time.Time{})
		}
		at, err := time.Parse(time.RFC3339, rest)
		if err != nil {
			return Value{}
		}
		return OfTime(at)
	case List:
		if rest == "" {
			return OfList(nil)
		}
		return OfList(strings.Split(rest, listMark))
	default:
		return Value{kind: kind, text: rest}
	}
}
