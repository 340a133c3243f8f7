package guard

import (
	"iter"
	"sort"
	"unicode/utf8"
)

// Lengths of product names that can be looked for, in characters. A name of one
// character is a word more often than a product.
const (
	shortestName = 2
	longestName  = 40
)

// Names finds the products of a catalogue in sentences. It holds a hundred
// thousand of them; a look takes time in proportion to the sentence only. It
// never changes after it was made.
type Names struct {
	names map[string]struct{}
	// lengths lists, for the first two characters of names, how long those are,
	// in characters, the longest first.
	lengths map[[2]rune][]uint8
}

// NewNames indexes the names that products go by.
func NewNames(names iter.Seq[string]) *Names {
	n := &Names{names: make(map[string]struct{}), lengths: make(map[[2]rune][]uint8)}
	for name := range names {
		name = narrow(name)
		length := utf8.RuneCountInString(name)
		if length < shortestName || length > longestName {
			continue
		}
		if _, twice := n.names[name]; twice {
			continue
		}
		n.names[name] = struct{}{}
		n.note(head([]rune(name)), uint8(length))
	}
	return n
}

func head(name []rune) [2]rune { return [2]rune{name[0], name[1]} }

func (n *Names) note(at [2]rune, length uint8) {
	list := n.lengths[at]
	i := sort.Search(len(list), func(i int) bool { return list[i] <= length })
	if i < len(list) && list[i] == length {
		return
	}
	list = append(list, 0)
	copy(list[i+1:], list[i:])
	list[i] = length
	n.lengths[at] = list
}

// Len is how many names are known.
func (n *Names) Len() int {
	if n == nil {
		return 0
	}
	return len(n.names)
}

// In lists the names in a sentence, at each place the longest.
func (n *Names) In(sentence string) []string {
	if n.Len() == 0 {
		return nil
	}
	var found []string
	runes := []rune(sentence)
	for i := 0; i+shortestName <= len(runes); {
		length := n.at(runes[i:])
		if length == 0 {
			i++
			continue
		}
		found = append(found, string(runes[i:i+length]))
		i += length
	}
	return found
}

// at is the length of the longest name that the characters begin with; 0 for
// none.
func (n *Names) at(runes []rune) int {
	for _, length := range n.lengths[head(runes)] {
		if int(length) > len(runes) {
			continue
		}
		if _, ok := n.names[string(runes[:length])]; ok {
			return int(length)
		}
	}
	return 0
}
