package dialog

import "slices"

// mostOffered bounds what is remembered of offers: a conversation is about few
// orders.
const mostOffered = 8

// Offer notes that something was offered, so that nobody is pressed twice.
func (s *State) Offer(what string) {
	if s.WasOffered(what) {
		return
	}
	s.Offered = append(s.Offered[max(0, len(s.Offered)+1-mostOffered):], what)
}

// WasOffered tells whether it was offered in this conversation.
func (s *State) WasOffered(what string) bool { return slices.Contains(s.Offered, what) }
