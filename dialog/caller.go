package dialog

import (
	"context"
	"errors"
	"strings"

	"waggle/shop"
)

// recognise finds out who is calling: a login that the channel has checked, or
// the number of the line.
func (e *Engine) recognise(ctx context.Context, st *State, o Opening) error {
	st.Caller.Phone = phoneNumber(o.From)
	var (
		who shop.Customer
		err error
	)
	switch {
	case o.User != "":
		who, err = e.shop.Customer(ctx, o.User)
		if errors.Is(err, shop.ErrNotFound) {
			who, err = e.shop.CustomerByPhone(ctx, o.User)
		}
	case st.Caller.Phone != "":
		who, err = e.shop.CustomerByPhone(ctx, st.Caller.Phone)
	default:
		return nil
	}
	if errors.Is(err, shop.ErrNotFound) {
		return nil // a new customer is welcome too
	}
	if err != nil {
		return err
	}
	st.Caller.Customer, st.Caller.Phone = who.ID, who.Phone
	st.Caller.Known = true
	return nil
}

// phoneNumber takes the digits out of a caller's address such as
// sip:+8613800000001@example.com.
func phoneNumber(from string) string {
	from = strings.TrimPrefix(from, "sip:")
	from = strings.TrimPrefix(from, "tel:")
	from, _, _ = strings.Cut(from, "@")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, from)
	if len(digits) == len("8613800000000") {
		digits = strings.TrimPrefix(digits, "86")
	}
	return digits
}
