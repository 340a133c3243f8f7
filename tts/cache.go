package tts

import (
	"container/list"
	"sync"
)

// prompt identifies what was spoken and how.
type prompt struct {
	text  string
	voice Voice
}

// remembered bounds how many prompts that were asked for once are remembered.
const remembered = 512

// cache keeps the sound of prompts that are said again and again, such as the
// greeting. A prompt is admitted when it is asked for the second time, so what
// is said to one caller only does not push out what is said to all. The least
// recently used prompts leave first. It is safe for concurrent use.
type cache struct {
	mu      sync.Mutex
	limit   int // bytes
	bytes   int
	entries map[prompt]*list.Element
	recent  *list.List // of *cached, most recent first
	once    map[prompt]*list.Element
	asked   *list.List // of prompt, most recent first
}

type cached struct {
	key prompt
	pcm []int16
}

func newCache(limit int) *cache {
	return &cache{
		limit: limit, entries: map[prompt]*list.Element{}, recent: list.New(),
		once: map[prompt]*list.Element{}, asked: list.New(),
	}
}

// get returns the sound of a prompt; the samples must not be changed.
func (c *cache) get(key prompt) ([]int16, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*cached).pcm, true
}

// wants says whether the prompt was asked for before, and remembers that it is
// asked for now.
func (c *cache) wants(key prompt) bool {
	if c.limit <= 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.once[key]; ok {
		c.asked.MoveToFront(e)
		return true
	}
	c.once[key] = c.asked.PushFront(key)
	if c.asked.Len() > remembered {
		delete(c.once, c.asked.Remove(c.asked.Back()).(prompt))
	}
	return false
}

// put stores a prompt unless it alone would take more than a quarter of the
// cache, and says whether it is there.
func (c *cache) put(key prompt, pcm []int16) bool {
	size := 2 * len(pcm)
	if size > c.limit/4 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[key]; ok {
		return true // another call was faster
	}
	c.entries[key] = c.recent.PushFront(&cached{key, pcm})
	c.bytes += size
	for c.bytes > c.limit {
		old := c.recent.Remove(c.recent.Back()).(*cached)
		delete(c.entries, old.key)
		c.bytes -= 2 * len(old.pcm)
	}
	return true
}

// size is how many bytes the prompts take.
func (c *cache) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
