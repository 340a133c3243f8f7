package sip

import (
	"strings"
	"testing"
	"time"
)

// S05: a connection that drips, or says nothing, is closed in time.
func TestAStreamWithoutAWholeMessageIsClosed(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{times: streamTimes{50 * time.Millisecond, soon}})
	for name, text := range map[string]string{
		"silence":      "",
		"half a head":  "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: ",
		"half a body":  "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nContent-Length: 100\r\n\r\nhalf",
		"only newline": "\r\n\r\n",
		"endless line": strings.Repeat("x", maxHead+2),
	} {
		t.Run(name, func(t *testing.T) {
			c := dialRaw(t, "tcp", at(d, "tcp"))
			began := time.Now()
			c.send(text)
			if got := c.receive(soon); got != "" || time.Since(began) > soon/2 {
				t.Errorf("answered %q after %v, want a closed connection", got, time.Since(began))
			}
		})
	}
}

func TestAGoodStreamMayIdleAndPing(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{times: streamTimes{50 * time.Millisecond, soon}})
	c := dialRaw(t, "tcp", at(d, "tcp"))
	for i := range 3 {
		c.send(strings.ReplaceAll(options, "UNIQUE", "idle"+string(rune('0'+i))))
		if m := c.final(soon); m.status() != "200" {
			t.Fatalf("OPTIONS %d: %q", i, m.start)
		}
		<-time.After(100 * time.Millisecond) // longer than a message may take, shorter than a call may idle
	}
	c.send("\r\n\r\n")
	buf := make([]byte, 8)
	if err := c.conn.SetReadDeadline(time.Now().Add(soon)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.conn.Read(buf); err != nil || string(buf[:n]) != "\r\n" {
		t.Errorf("ping answered %q, %v", buf[:n], err)
	}
}

func TestTwoMessagesInOneSegment(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	c := dialRaw(t, "tcp", at(d, "tcp"))
	c.send(strings.ReplaceAll(options, "UNIQUE", "one") + strings.ReplaceAll(options, "UNIQUE", "two"))
	seen := map[string]bool{}
	for range 2 {
		m := c.final(soon)
		seen[m.get("Call-ID")] = m.status() == "200"
	}
	if !seen["after-one"] || !seen["after-two"] {
		t.Errorf("answered %v", seen)
	}
}

func TestOneAddressHoldsAtMostTwentyConnections(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	var open []*client
	for range maxPerIP {
		open = append(open, dialRaw(t, "tcp", at(d, "tcp")))
	}
	for i, c := range open { // all are served
		c.send(strings.ReplaceAll(options, "UNIQUE", "n"+string(rune('a'+i))))
		if m := c.final(soon); m.status() != "200" {
			t.Fatalf("connection %d: %q", i, m.start)
		}
	}
	extra := dialRaw(t, "tcp", at(d, "tcp"))
	if got := extra.receive(soon); got != "" {
		t.Errorf("connection %d was answered %q", maxPerIP+1, got)
	}
	if err := open[0].conn.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the seat of the closed connection free", func() bool {
		c := dialRaw(t, "tcp", at(d, "tcp"))
		defer func() { _ = c.conn.Close() }()
		if _, err := c.conn.Write([]byte(strings.ReplaceAll(options, "UNIQUE", "again"))); err != nil {
			return false
		}
		m := c.final(soon)
		return m.status() == "200"
	})
}
