package tts

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"waggle/audio"
)

func TestWarmPromptsAreInTheCacheAndSoundTheSame(t *testing.T) {
	e := fixture(t, Options{})
	v := Voice{Rate: 8000}
	fresh := collect(t, fixture(t, Options{CacheBytes: -1}), "您好，请问有什么可以帮您？", v)
	held, err := e.Warm(t.Context(), []Text{"您好，请问有什么可以帮您？", "😊", "请稍等。", "请稍等。"}, v)
	if err != nil || held != 3 {
		t.Fatalf("Warm = %d, %v", held, err)
	}
	if s := e.Stats(); s.Hits != 0 || s.Misses != 0 || s.Cached == 0 {
		t.Errorf("after warming: %+v", s)
	}
	if got := collect(t, e, "您好，请问有什么可以帮您？", v); !slices.Equal(got, fresh) {
		t.Error("the warm prompt differs from a fresh one")
	}
	collect(t, e, "再见", v)
	if s := e.Stats(); s.Hits != 1 || s.Misses != 1 {
		t.Errorf("after one known and one new text: %+v", s)
	}
}

func TestWarmLeavesHalfOfTheCache(t *testing.T) {
	e := fixture(t, Options{CacheBytes: 200_000})
	texts := make([]Text, 20)
	for i := range texts {
		texts[i] = Text([]rune("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉")[i:i+1]) + "您的订单"
	}
	held, err := e.Warm(t.Context(), texts, Voice{Rate: 8000})
	if err != nil || held == 0 || held == len(texts) {
		t.Errorf("Warm = %d of %d, %v", held, len(texts), err)
	}
	if s := e.Stats(); s.Cached > 200_000/2+200_000/4 {
		t.Errorf("%d bytes are taken", s.Cached)
	}
}

func TestWarmRefusesAnUnknownVoice(t *testing.T) {
	e := fixture(t, Options{})
	if _, err := e.Warm(t.Context(), []Text{"您好"}, Voice{Name: "nobody", Rate: 8000}); !errors.Is(err, ErrUnknownVoice) {
		t.Errorf("Warm = %v", err)
	}
}

// Voices and speeds are prompts of their own: "慢一点" must not come back at the
// old tempo, nor one person with the sound of the other.
func TestEveryVoiceAndSpeedIsCachedByItself(t *testing.T) {
	e := fixture(t, Options{})
	fresh := fixture(t, Options{CacheBytes: -1})
	if len(e.Voices()) < 2 {
		t.Fatalf("voices %v, want two", e.Voices())
	}
	var all [][]int16
	for _, name := range e.Voices() {
		for _, speed := range []float32{1, 0.85} {
			v := Voice{Name: name, Rate: 8000, Speed: speed}
			if _, err := e.Warm(t.Context(), []Text{"请稍等。"}, v); err != nil {
				t.Fatal(err)
			}
			all = append(all, collect(t, fresh, "请稍等。", v))
		}
	}
	for i, name := range e.Voices() {
		normal, slow := all[2*i], all[2*i+1]
		if len(slow)*20 < len(normal)*21 {
			t.Errorf("%s: %d samples slow, %d normal", name, len(slow), len(normal))
		}
		if !slices.Equal(collect(t, e, "请稍等。", Voice{Name: name, Rate: 8000}), normal) ||
			!slices.Equal(collect(t, e, "请稍等。", Voice{Name: name, Rate: 8000, Speed: 0.85}), slow) {
			t.Errorf("%s came back in another voice or at another speed", name)
		}
	}
	if slices.Equal(all[0], all[2]) {
		t.Error("both voices sound the same")
	}
	if s := e.Stats(); s.Hits != 4 {
		t.Errorf("%d of 4 prompts came from the cache", s.Hits)
	}
}

// Who is spoken to does not wait for what is made in advance: Warm stands
// still from the moment that a Speak begins until it ends.
func TestWarmWaitsWhileSomebodyIsSpokenTo(t *testing.T) {
	e := fixture(t, Options{Concurrent: 2})
	done := make(chan error, 1)
	var cached int
	err := e.Speak(t.Context(), "您好，请问有什么可以帮您？", Voice{Rate: 8000}, func(f audio.Frame) error {
		if f.TS == 0 {
			go func() {
				_, err := e.Warm(context.WithoutCancel(t.Context()), []Text{"请稍等。"}, Voice{Rate: 8000})
				done <- err
			}()
		}
		cached = e.Stats().Cached
		return nil
	})
	if err != nil || cached != 0 {
		t.Errorf("Speak = %v, %d bytes cached meanwhile", err, cached)
	}
	if err := <-done; err != nil || e.Stats().Cached == 0 {
		t.Errorf("Warm = %v, %d bytes cached", err, e.Stats().Cached)
	}
}

func TestWarmEndsWithItsContext(t *testing.T) {
	e := fixture(t, Options{})
	end := e.seats.begin()
	defer end()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := e.Warm(ctx, []Text{"请稍等。"}, Voice{Rate: 8000}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Warm = %v", err)
	}
}

// The first packet leaves before the rest is made: when it comes, the models
// have run for the envelope of the first phrase and for its first block.
func TestFirstFrameLeavesBeforeTheRestIsMade(t *testing.T) {
	e := fixture(t, Options{CacheBytes: -1})
	var runs []uint64
	err := e.Speak(t.Context(), "您好，您的订单已发出，预计三天送达，请您留意。", Voice{Rate: 8000}, func(audio.Frame) error {
		runs = append(runs, e.Stats().Runs)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if first, all := runs[0], runs[len(runs)-1]; first != 2 || all < 8 {
		t.Errorf("the first frame came after %d of %d model runs, want after 2", first, all)
	}
}
