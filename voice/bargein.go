package voice

import (
	"strings"
	"time"
	"unicode"

	"waggle/asr"
	"waggle/dialog"
)

// BargeInSettings are durations of speech. Zero values take the defaults.
type BargeInSettings struct {
	// Pause is how much speech makes the robot fall silent. With the delay of
	// the voice activity detector it must stay within 200 ms. 80 ms.
	Pause time.Duration
	// Sure is how much speech cannot be a cough or a "嗯": then the robot
	// stays silent until the words are known. 400 ms.
	Sure time.Duration
	// Release is how much silence after less speech than Sure lets the robot
	// go on. 160 ms.
	Release time.Duration
}

func (s BargeInSettings) orDefault() BargeInSettings {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&s.Pause, 80 * time.Millisecond}, {&s.Sure, 400 * time.Millisecond}, {&s.Release, 160 * time.Millisecond}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return s
}

// Floor is what the robot must do because of the caller's voice.
type Floor byte

// The deeds.
const (
	FloorKeep  Floor = iota // nothing changes
	FloorGive               // the caller speaks: fall silent
	FloorClaim              // it was nothing: go on
)

// BargeIn decides from voice activity alone, long before the words are known,
// who has the floor. Speech makes the robot pause at once; if it ends soon it
// was a cough or a backchannel and the robot goes on where it stopped; if it
// lasts, the floor is the caller's until the utterance has been judged. It is
// arithmetic on media time and belongs to one goroutine.
type BargeIn struct {
	set   BargeInSettings
	last  time.Duration // media time of the last activity
	run   time.Duration // of the present stretch of speech
	quiet time.Duration // since speech
	total time.Duration // speech since the floor was last claimed or Reset
	given bool
}

// NewBargeIn makes a detector.
func NewBargeIn(s BargeInSettings) *BargeIn { return &BargeIn{set: s.orDefault()} }

// Observe takes the next activity in order.
func (b *BargeIn) Observe(a asr.Activity) Floor {
	step := a.At - b.last
	if step <= 0 {
		return FloorKeep
	}
	b.last = a.At
	if !a.Speech {
		return b.silent(step)
	}
	b.run += step
	b.total += step
	b.quiet = 0
	if !b.given && b.run >= b.set.Pause {
		b.given = true
		return FloorGive
	}
	return FloorKeep
}

func (b *BargeIn) silent(step time.Duration) Floor {
	b.run = 0
	b.quiet += step
	short := b.total < b.set.Sure && b.quiet >= b.set.Release
	// After a second of silence any utterance has ended long ago: what is
	// left was a stutter of noise that never became one.
	over := b.quiet >= time.Second
	claim := b.given && (short || over)
	if claim {
		b.given = false
	}
	if over {
		b.total = 0
	}
	if claim {
		return FloorClaim
	}
	return FloorKeep
}

// Speech is how much was spoken since the last Reset.
func (b *BargeIn) Speech() time.Duration { return b.total }

// Reset begins anew after an utterance has been judged.
func (b *BargeIn) Reset() { b.run, b.quiet, b.total, b.given = 0, 0, 0, false }

// Backchannel reports whether words said into the robot's speech only mean
// "I am listening": 嗯, 对, 好. When a yes or no is being asked for, only hums
// count, since 对 may then be the answer.
func Backchannel(text string, expect dialog.ExpectKind) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	if len(words) == 0 {
		return false
	}
	for _, w := range words {
		if !hums(w) && (expect == dialog.ExpectYesNo || !nods(w)) {
			return false
		}
	}
	return true
}

// hums reports whether a word is made of sounds without meaning.
func hums(w string) bool { return strings.Trim(w, "嗯恩啊呃哦噢喔唔额哎诶") == "" }

func dropParticle(r rune) rune {
	if strings.ContainsRune("嗯恩啊呃哦噢的了吧呀嘛", r) {
		return -1
	}
	return r
}

// nods reports whether a word agrees and says no more.
func nods(w string) bool {
	switch strings.Map(dropParticle, w) {
	case "对", "对对", "对对对", "好", "好好", "好好好", "是", "是是", "是是是", "行", "可以", "明白", "知道", "没错", "":
		return true
	}
	return false
}
