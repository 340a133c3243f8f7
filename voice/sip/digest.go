package sip

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the algorithm that every phone speaks; nonces and bans carry the safety
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// nonceLife is how long a challenge may be answered.
const nonceLife = 60 * time.Second

// ErrEmptyPassword refuses to start: an account without password would let
// everybody in while looking like protection.
var ErrEmptyPassword = errors.New("an account has an empty password: set one, or remove the account")

// authority challenges and verifies accounts by digest (RFC 3261 22, RFC 7616
// with MD5 and qop=auth). Nonces carry their own proof, so a challenge costs
// no memory; only nonces that were used are remembered, until they expire.
type authority struct {
	realm string
	key   []byte
	ha1   map[string]string // by user; no password is kept
	decoy string            // stands in for the HA1 of an unknown user
	now   func() time.Time

	mu   sync.Mutex
	used map[string]use
}

// use is the last accepted answer to one nonce.
type use struct {
	count   string // nc, as sent
	request string // which transaction carried it: its retransmissions are no replay
	expires time.Time
}

// attempt is the outcome of one verification.
type attempt int

const (
	attemptNone  attempt = iota // no usable credentials: challenge
	attemptStale                // a good answer to an old or used nonce: challenge again
	attemptWrong                // a fresh nonce and a wrong answer: counts against the source
	attemptGood
)

func newAuthority(realm string, accounts []Account, now func() time.Time) (*authority, error) {
	a := &authority{realm: realm, key: make([]byte, 32), ha1: map[string]string{}, now: now, used: map[string]use{}}
	secret := make([]byte, 16)
	_, _ = rand.Read(a.key)  // never fails (crypto/rand)
	_, _ = rand.Read(secret) // never fails
	a.decoy = md5hex(hex.EncodeToString(secret))
	for _, acc := range accounts {
		if acc.Password == "" {
			return nil, fmt.Errorf("account %q: %w", acc.User, ErrEmptyPassword)
		}
		if !isToken(acc.User) {
			return nil, fmt.Errorf("account %q: a user name may only hold letters, digits and -.!%%*_+`'~", acc.User)
		}
		a.ha1[acc.User] = md5hex(acc.User + ":" + realm + ":" + acc.Password)
	}
	return a, nil
}

// challenge makes a WWW-Authenticate header that only this source can answer.
func (a *authority) challenge(from netip.Addr, stale bool) header {
	value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=MD5, qop="auth"`, a.realm, a.nonce(from))
	if stale {
		value += ", stale=true"
	}
	return header{"WWW-Authenticate", value}
}

// nonce is time, randomness and a MAC over both and the source address.
func (a *authority) nonce(from netip.Addr) string {
	raw := make([]byte, 12, 24)
	binary.BigEndian.PutUint64(raw, uint64(a.now().UnixMilli())) //nolint:gosec // not negative
	_, _ = rand.Read(raw[8:])
	return hex.EncodeToString(append(raw, a.mac(raw, from)...))
}

func (a *authority) mac(raw []byte, from netip.Addr) []byte {
	h := hmac.New(sha256.New, a.key)
	h.Write(raw)
	h.Write(from.Unmap().AsSlice())
	return h.Sum(nil)[:12]
}

// issued reports whether the nonce was made here for this source, and when it
// expires.
func (a *authority) issued(nonce string, from netip.Addr) (time.Time, bool) {
	raw, err := hex.DecodeString(nonce)
	if err != nil || len(raw) != 24 || !hmac.Equal(raw[12:], a.mac(raw[:12], from)) {
		return time.Time{}, false
	}
	made := time.UnixMilli(int64(binary.BigEndian.Uint64(raw))) //nolint:gosec // our own number
	return made.Add(nonceLife), true
}

// verify checks the Authorization header of a request. Whoever is not known
// costs the same work and gets the same answer as a wrong password.
func (a *authority) verify(m *message, from netip.Addr) (user string, _ attempt) {
	c, ok := parseCredentials(m.get("Authorization"))
	if !ok {
		return "", attemptNone
	}
	expires, ok := a.issued(c["nonce"], from)
	if !ok {
		return "", attemptNone
	}
	ha1, known := a.ha1[c["username"]]
	if !known {
		ha1 = a.decoy
	}
	want := digestResponse(ha1, m.method(), c)
	right := subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c["response"]))) == 1
	if !right || !known || c["realm"] != a.realm {
		return "", attemptWrong
	}
	if !a.claim(c, m, expires) {
		return "", attemptStale
	}
	return c["username"], attemptGood
}

// claim takes the nonce for this request. It fails when the nonce is too old
// or was used before by another request with the same or a higher count.
func (a *authority) claim(c map[string]string, m *message, expires time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if now.After(expires) {
		return false
	}
	request := m.get("Call-ID") + " " + m.get("CSeq") + " " + m.get("Via")
	if last, ok := a.used[c["nonce"]]; ok {
		if last.request == request {
			return true
		}
		if c["nc"] <= last.count {
			return false
		}
	}
	for nonce, u := range a.used {
		if now.After(u.expires) {
			delete(a.used, nonce)
		}
	}
	a.used[c["nonce"]] = use{c["nc"], request, expires}
	return true
}

// parseCredentials reads `Digest name="value", ...`.
func parseCredentials(s string) (map[string]string, bool) {
	scheme, rest, _ := strings.Cut(s, " ")
	if !strings.EqualFold(scheme, "Digest") {
		return nil, false
	}
	parts, err := splitList(rest)
	if err != nil {
		return nil, false
	}
	out := map[string]string{}
	for _, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, false
		}
		out[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	if qop := out["qop"]; qop != "" && (qop != "auth" || len(out["nc"]) != 8) {
		return nil, false
	}
	return out, out["username"] != "" && out["nonce"] != "" && len(out["response"]) == 32
}

// digestResponse is the request digest of RFC 7616 3.4.1, or of RFC 2069 when
// the client knows no qop.
func digestResponse(ha1, method string, c map[string]string) string {
	ha2 := md5hex(method + ":" + c["uri"])
	if c["qop"] == "" {
		return md5hex(ha1 + ":" + c["nonce"] + ":" + ha2)
	}
	return md5hex(strings.Join([]string{ha1, c["nonce"], c["nc"], c["cnonce"], c["qop"], ha2}, ":"))
}

func md5hex(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}
