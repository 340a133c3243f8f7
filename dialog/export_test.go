package dialog

// Live counts the conversations in memory.
func Live(c *Conversations) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.live)
}
