package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// validate stops at the first mistake: one clear line is worth more than ten.
func (c *Config) validate() error {
	checks := []func() error{
		c.validateFolders, c.validateListeners, c.validateSIP, c.validateWebRTC,
		c.validateModels, c.validateReserved, c.validateLLM, c.validateDesk, c.validateLimits, c.validateRoute,
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func invalid(key, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrInvalid, key, fmt.Sprintf(format, args...))
}

func (c *Config) validateFolders() error {
	if c.DataDir == "" {
		return invalid("data_dir", "must name a folder")
	}
	return nil
}

func (c *Config) validateListeners() error {
	for key, addr := range map[string]string{"http.listen": c.HTTP.Listen, "ops.listen": c.Ops.Listen} {
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return invalid(key, "%q must be host:port, such as 127.0.0.1:8080", addr)
		}
	}
	for key, raw := range map[string]string{"http.public_url": c.HTTP.PublicURL, "shop.url": c.Shop.URL, "llm.url": c.LLM.URL} {
		if raw == "" {
			continue
		}
		if u, err := url.Parse(raw); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return invalid(key, "%q must be an http or https address", raw)
		}
	}
	return nil
}

func (c *Config) validateSIP() error {
	for _, raw := range c.SIP.Listen {
		u, err := url.Parse(raw)
		if err != nil || (u.Scheme != "udp" && u.Scheme != "tcp") || u.Port() == "" {
			return invalid("sip.listen", "%q must look like udp://127.0.0.1:5060 or tcp://127.0.0.1:5060", raw)
		}
	}
	if _, _, err := c.SIP.PortRange(); err != nil {
		return invalid("sip.ports", "%v", err)
	}
	for _, a := range c.SIP.Accounts {
		if a.User == "" {
			return invalid("sip.accounts", "an account without a user name")
		}
		if a.Password == "" {
			return invalid("sip.accounts", "user %q has an empty password: set one, or remove the account", a.User)
		}
	}
	for _, t := range c.SIP.Trunks {
		if err := t.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (t Trunk) validate() error {
	if t.Name == "" {
		return invalid("sip.trunks", "a trunk without a name")
	}
	for _, from := range t.From {
		if _, err := parsePrefix(from); err != nil {
			return invalid("sip.trunks", "%s: from %q must be an address or a network such as 192.0.2.0/24", t.Name, from)
		}
	}
	if t.Address != "" && !strings.HasPrefix(t.Address, "sip:") {
		return invalid("sip.trunks", "%s: address %q must look like sip:host:5060", t.Name, t.Address)
	}
	return nil
}

// Networks are the parsed From of a valid trunk.
func (t Trunk) Networks() []netip.Prefix {
	list := make([]netip.Prefix, 0, len(t.From))
	for _, from := range t.From {
		if p, err := parsePrefix(from); err == nil {
			list = append(list, p)
		}
	}
	return list
}

// parsePrefix reads a network, or an address as the network of itself.
func parsePrefix(text string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

func (c *Config) validateWebRTC() error {
	if net.ParseIP(c.WebRTC.Listen) == nil {
		return invalid("webrtc.listen", "%q must be an IP address", c.WebRTC.Listen)
	}
	if _, _, err := c.WebRTC.PortRange(); err != nil {
		return invalid("webrtc.ports", "%v", err)
	}
	return nil
}

// PortRange parses Ports, such as 50000-50999.
func (w WebRTC) PortRange() (low, high uint16, err error) { return portRange(w.Ports) }

// PortRange parses Ports; both zero when it is empty.
func (s SIP) PortRange() (low, high uint16, err error) {
	if s.Ports == "" {
		return 0, 0, nil
	}
	return portRange(s.Ports)
}

func portRange(text string) (low, high uint16, err error) {
	a, b, ok := strings.Cut(text, "-")
	lo, errA := strconv.ParseUint(a, 10, 16)
	hi, errB := strconv.ParseUint(b, 10, 16)
	if !ok || errA != nil || errB != nil || lo < 1024 || hi < lo {
		return 0, 0, fmt.Errorf("%q must be a range above 1023, such as 50000-50999", text)
	}
	return uint16(lo), uint16(hi), nil
}

// validateModels only refuses keys that name nothing: whether a model is here
// depends on the data directory, and the program that opens it says so.
func (c *Config) validateModels() error {
	for key, name := range map[string]string{
		"models.vad": c.Models.VAD, "models.asr": c.Models.ASR, "models.tts": c.Models.TTS, "models.vision": c.Models.Vision,
	} {
		if name == "" {
			return invalid(key, "must be builtin, the name of a fetched model or a path")
		}
	}
	return nil
}

// validateReserved refuses keys whose part of the gateway does not exist yet:
// a setting that is silently ignored would be a lie.
func (c *Config) validateReserved() error {
	switch {
	case c.Database != "":
		return invalid("database", "this version stores in SQLite inside data_dir only; leave the key empty")
	case c.Models.Text != Builtin && c.Models.Text != Off:
		return invalid("models.text", "must be builtin, or off for the linear classifier alone")
	case len(c.WebRTC.TURN) > 0:
		return invalid("webrtc.turn", "this version does not hand out TURN servers; leave the list empty")
	}
	return nil
}

func (c *Config) validateLLM() error {
	l := c.LLM
	if l.URL != "" && l.Model == "" {
		return invalid("llm.model", "must name a model of %s", l.URL)
	}
	for key, v := range map[string]int{"llm.timeout_ms": l.TimeoutMS, "llm.conversation_tokens": l.ConversationTokens, "llm.hour_tokens": l.HourTokens} {
		if v < 1 || v > 1_000_000_000 {
			return invalid(key, "%d must lie between 1 and 1000000000", v)
		}
	}
	if l.TimeoutMS > 60_000 {
		return invalid("llm.timeout_ms", "%d must be at most 60000: a shopper waits for it", l.TimeoutMS)
	}
	return nil
}

func (c *Config) validateLimits() error {
	if c.Shop.TimeoutMS < 0 || c.Shop.TimeoutMS > 30000 {
		return invalid("shop.timeout_ms", "%d must lie between 0 and 30000", c.Shop.TimeoutMS)
	}
	if c.Voice.Calls < 0 || c.Voice.Calls > 10000 {
		return invalid("voice.calls", "%d must lie between 0 and 10000", c.Voice.Calls)
	}
	if c.Photos.KeepDays < 0 || c.Photos.KeepDays > 36500 {
		return invalid("photos.keep_days", "%d must lie between 0 (for good) and 36500", c.Photos.KeepDays)
	}
	if c.Outbound.Lines < 1 || c.Outbound.Lines > 1000 {
		return invalid("outbound.lines", "%d must lie between 1 and 1000", c.Outbound.Lines)
	}
	return nil
}

func (c *Config) validateRoute() error {
	name := c.Outbound.Trunk
	if name == "" {
		return nil
	}
	for _, t := range c.SIP.Trunks {
		if t.Name == name && t.Address != "" {
			return nil
		}
	}
	return invalid("outbound.trunk", "%q must name a trunk of sip.trunks that has an address", name)
}
