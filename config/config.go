// Package config is the one strict struct behind waggle.yaml. Every key has a
// default, an unknown key is an error, environment variables named
// WAGGLE_SECTION_KEY override the file. It is a leaf.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// ErrInvalid marks every mistake in a configuration; its message names the
// key and what is wanted.
var ErrInvalid = errors.New("configuration")

// Config is the whole of waggle.yaml.
type Config struct {
	DataDir  string `yaml:"data_dir"`
	HTTP     HTTP   `yaml:"http"`
	Ops      Ops    `yaml:"ops"`
	SIP      SIP    `yaml:"sip"`
	WebRTC   WebRTC `yaml:"webrtc"`
	Database string `yaml:"database"`
	// Flows is a folder of procedures (*.yaml) in place of, or beside, the ones
	// that ship; empty has none. See waggle flows.
	Flows    string   `yaml:"flows"`
	Models   Models   `yaml:"models"`
	Shop     Shop     `yaml:"shop"`
	LLM      LLM      `yaml:"llm"`
	Desk     Desk     `yaml:"desk"`
	Voice    Voice    `yaml:"voice"`
	Photos   Photos   `yaml:"photos"`
	Outbound Outbound `yaml:"outbound"`
}

// HTTP serves pages, API, WHIP and speakers.
type HTTP struct {
	Listen string `yaml:"listen"`
	// PublicURL is how callers reach Listen from outside; photo links use it.
	PublicURL string `yaml:"public_url"`
}

// Ops serves metrics and pprof, on loopback unless told otherwise.
type Ops struct {
	Listen string `yaml:"listen"`
}

// SIP is the door for phone lines.
type SIP struct {
	// Listen holds addresses such as udp://0.0.0.0:5060 and tcp://0.0.0.0:5060.
	Listen []string `yaml:"listen"`
	// External is the address that peers reach this host at, behind NAT.
	External string `yaml:"external"`
	// Ports is the range for audio, such as 40000-40999; empty takes any.
	Ports string `yaml:"ports"`
	// Trunks are lines to and from providers.
	Trunks []Trunk `yaml:"trunks"`
	// Accounts may register and call in by digest.
	Accounts []Account `yaml:"accounts"`
}

// Trunk is a provider's line.
type Trunk struct {
	Name string `yaml:"name"`
	// From holds addresses or networks (CIDR) that may call in without a password.
	From []string `yaml:"from"`
	// Address is where numbers are dialled, such as sip:host:5060;transport=tcp.
	Address string `yaml:"address"`
	// User and Password answer the provider's digest challenge.
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	// DailyMinutes caps what is dialled out a day; 0 means no cap.
	DailyMinutes int `yaml:"daily_minutes"`
	// CallerID is the fixed number that a callee sees.
	CallerID string `yaml:"caller_id"`
	// Prefixes that a dialled number must begin with; empty allows every number.
	Prefixes []string `yaml:"prefixes"`
}

// Account is a SIP user.
type Account struct {
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
}

// WebRTC is the door for browsers.
type WebRTC struct {
	Listen string `yaml:"listen"`
	// External is the address that browsers reach this host at, behind NAT.
	External string   `yaml:"external"`
	Ports    string   `yaml:"ports"`
	TURN     []string `yaml:"turn"`
}

// Builtin stands for the model that ships in the binary; Off for none.
const (
	Builtin = "builtin"
	Off     = "off"
)

// Models names a model per job: Builtin, the name of one that `waggle models
// pull` fetched, or a path. An empty Punct punctuates nothing. Text is
// Builtin, or Off: intents are then read by the linear classifier alone.
type Models struct {
	VAD    string `yaml:"vad"`
	ASR    string `yaml:"asr"`
	Punct  string `yaml:"punct"`
	TTS    string `yaml:"tts"`
	Vision string `yaml:"vision"`
	Text   string `yaml:"text"`
}

// Shop is the merchant's own system; an empty URL means the demo shop.
type Shop struct {
	// URL is the base of the contract that `waggle shop contract` prints.
	URL string `yaml:"url"`
	// Key is sent there as a bearer token.
	Key Secret `yaml:"key"`
	// TimeoutMS bounds one request, in milliseconds; 0 means 3000.
	TimeoutMS int `yaml:"timeout_ms"`
}

// LLM is an OpenAI-compatible endpoint; an empty URL means none.
type LLM struct {
	// URL is the base, such as http://127.0.0.1:8000/v1.
	URL   string `yaml:"url"`
	Model string `yaml:"model"`
	Key   Secret `yaml:"key"`
	// TimeoutMS bounds all that one turn asks of it, in milliseconds.
	TimeoutMS int `yaml:"timeout_ms"`
	// ConversationTokens and HourTokens are what one conversation, and all of
	// them together in an hour, may cost.
	ConversationTokens int `yaml:"conversation_tokens"`
	HourTokens         int `yaml:"hour_tokens"`
}

// Desk is where people take conversations over.
type Desk struct {
	// Staffed is auto (somebody has looked at the queue in the last ten
	// minutes), always or never.
	Staffed string `yaml:"staffed"`
	// Hours of the people, such as "09:00-21:00" in China; empty is all day.
	Hours string `yaml:"hours"`
	// Transfer is where people answer calls: sip:600@pbx:5060, or tel:4008001234
	// over a trunk. Empty leaves a caller waiting for the queue. It is the only
	// place that an inbound call can lead to.
	Transfer string `yaml:"transfer"`
	// Trunk dials a tel: number; empty means outbound.trunk.
	Trunk string `yaml:"trunk"`
	// TransferBy is auto (the caller's line is asked to transfer, and if it does
	// not, a second leg is joined) or bridge (always the second leg, so that the
	// person hears who is coming).
	TransferBy string `yaml:"transfer_by"`
	// Lines is the most calls with people over second legs at once.
	Lines int `yaml:"lines"`
}

// Voice bounds what the gateway takes on.
type Voice struct {
	// Name says who speaks, one of the voices of models.tts (builtin: tan, wu);
	// empty means the first.
	Name string `yaml:"name"`
	// Calls is the most calls at once; 0 means what the recogniser can hear.
	Calls int `yaml:"calls"`
	// Record keeps two-channel recordings, after the announcement.
	Record bool `yaml:"record"`
}

// Photos bounds how long photos of shoppers are kept.
type Photos struct {
	// KeepDays is after how many days a photo is deleted with everything drawn
	// of it; 0 keeps photos for good.
	KeepDays int `yaml:"keep_days"`
}

// Outbound is how reminder calls leave.
type Outbound struct {
	// Trunk names the trunk that dials. Empty means that no call leaves.
	Trunk string `yaml:"trunk"`
	// Lines is the most outbound calls at once.
	Lines int `yaml:"lines"`
}

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		DataDir: "./data",
		HTTP:    HTTP{Listen: "127.0.0.1:8080"},
		Ops:     Ops{Listen: "127.0.0.1:9090"},
		SIP: SIP{
			Listen:   []string{"udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"},
			Trunks:   []Trunk{},
			Accounts: []Account{},
		},
		WebRTC:   WebRTC{Listen: "127.0.0.1", Ports: "50000-50999", TURN: []string{}},
		Models:   Models{VAD: Builtin, ASR: Builtin, TTS: Builtin, Vision: Builtin, Text: Builtin},
		LLM:      LLM{TimeoutMS: 8000, ConversationTokens: 20_000, HourTokens: 1_000_000},
		Desk:     Desk{Staffed: "auto", TransferBy: "auto", Lines: 2},
		Voice:    Voice{Record: true},
		Photos:   Photos{KeepDays: 183},
		Outbound: Outbound{Lines: 2},
	}
}

// Load reads path over the defaults, then the environment (env works like
// os.LookupEnv), resolves secrets and validates. An empty path reads
// waggle.yaml if there is one.
func Load(path string, env func(string) (string, bool)) (Config, error) {
	c := Default()
	optional := path == ""
	if optional {
		path = "waggle.yaml"
	}
	f, err := os.Open(path)
	switch {
	case err == nil:
		defer func() { _ = f.Close() }()
		if err := c.decode(f, path); err != nil {
			return Config{}, err
		}
	case !optional || !errors.Is(err, fs.ErrNotExist):
		return Config{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := c.override(env); err != nil {
		return Config{}, err
	}
	if err := c.resolve(); err != nil {
		return Config{}, err
	}
	if err := c.validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

func (c *Config) decode(r io.Reader, name string) error {
	d := yaml.NewDecoder(io.LimitReader(r, 1<<20))
	d.KnownFields(true)
	err := d.Decode(c)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("%w: %s: %s", ErrInvalid, name, plain(err))
}

var unknownField = regexp.MustCompile(`field (\S+) not found in type config\.(\S+)`)

var wrongType = regexp.MustCompile("cannot unmarshal \\S+ `(.*?)` into (?:config\\.)?(\\S+)")

// plain turns the decoder's words into one line that a shop owner understands.
func plain(err error) string {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	msg = strings.TrimPrefix(msg, "unmarshal errors:\n")
	msg = unknownField.ReplaceAllString(msg, "unknown key \"$1\"")
	msg = wrongType.ReplaceAllString(msg, "value `$1` is not of type $2")
	lines := strings.Split(msg, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "; ") + "; `waggle config print` shows every key"
}
