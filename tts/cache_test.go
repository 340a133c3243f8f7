package tts

import "testing"

func key(text string) prompt { return prompt{text: text, voice: Voice{Rate: 8000}} }

func TestCacheAdmitsWhatIsAskedForTwice(t *testing.T) {
	c := newCache(1000)
	if c.wants(key("a")) {
		t.Error("admitted at the first time")
	}
	if !c.wants(key("a")) {
		t.Error("refused at the second time")
	}
	if c.wants(prompt{text: "a", voice: Voice{Rate: 16000}}) {
		t.Error("another rate passed as the same prompt")
	}
}

func TestCacheStaysWithinItsBytes(t *testing.T) {
	c := newCache(1000)
	for _, text := range []string{"a", "b", "c", "d"} {
		c.put(key(text), make([]int16, 125))
	}
	c.get(key("a"))
	c.put(key("e"), make([]int16, 100))
	if _, ok := c.get(key("a")); !ok {
		t.Error("the prompt used last was dropped")
	}
	if _, ok := c.get(key("b")); ok {
		t.Error("the prompt used longest ago was kept")
	}
	c.put(key("huge"), make([]int16, 400))
	if _, ok := c.get(key("huge")); ok {
		t.Error("one prompt took most of the cache")
	}
	if c.bytes > c.limit {
		t.Errorf("%d bytes, the limit is %d", c.bytes, c.limit)
	}
}

func TestCacheForgetsPromptsAskedForOnce(t *testing.T) {
	c := newCache(1000)
	c.wants(key("a"))
	for i := range remembered {
		c.wants(key(string(rune('一' + i))))
	}
	if c.wants(key("a")) {
		t.Error("remembered beyond the bound")
	}
	if len(c.once) != remembered || c.asked.Len() != remembered {
		t.Errorf("%d and %d entries", len(c.once), c.asked.Len())
	}
}

func TestCacheCanBeOff(t *testing.T) {
	c := newCache(-1)
	c.wants(key("a"))
	if c.wants(key("a")) {
		t.Error("a cache without room wants something")
	}
}
