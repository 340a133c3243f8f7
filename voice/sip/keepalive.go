package sip

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"
)

// keepaliveTime is shorter than the 30 s after which the meanest NATs forget a
// UDP binding, so that a provider's calls still find their way in.
const keepaliveTime = 25 * time.Second

// watchTrunks asks every trunk that can be dialled whether it is there (OPTIONS,
// RFC 3261 11) until the door closes, and logs when that changes.
func (d *Door) watchTrunks(every time.Duration) {
	beat := time.NewTicker(every)
	defer beat.Stop()
	down := map[string]bool{}
	for {
		select {
		case <-beat.C:
		case <-d.life.Done():
			return
		}
		for _, t := range d.config.Trunks {
			if t.Address == "" {
				continue
			}
			ctx, cancel := context.WithTimeout(d.life, min(byeTime, every))
			err := d.knock(ctx, t)
			cancel()
			if d.life.Err() != nil {
				return
			}
			switch {
			case err != nil && !down[t.Name]:
				d.log.Warn("trunk does not answer: calls over it will fail, check its address and the network", "trunk", t.Name, "error", err)
			case err == nil && down[t.Name]:
				d.log.Info("trunk answers again", "trunk", t.Name)
			}
			down[t.Name] = err != nil
		}
	}
}

// knock sends one OPTIONS. Whatever is answered, somebody is there.
func (d *Door) knock(ctx context.Context, t Trunk) error {
	dest, err := parseTarget(t.Address)
	if err != nil {
		return err
	}
	remote, err := resolve(ctx, dest)
	if err != nil {
		return err
	}
	c := newCall(d)
	if c.hop, err = d.reach(ctx, dest.network, remote); err != nil {
		return err
	}
	c.id, c.localTag, c.target, c.user = sip.GenerateTagN(24), sip.GenerateTagN(16), dest.uri, userAgent
	self := sip.Uri{Scheme: "sip", User: userAgent, Host: c.hop.public.Addr().String()}
	c.from, c.to = "<"+self.String()+">;tag="+c.localTag, "<"+dest.uri.String()+">"
	release, _ := d.calls.claim(c.id) // 24 random characters are free
	defer release()
	req := c.request(sip.OPTIONS, c.nextSeq())
	req.AppendHeader(sip.NewHeader("Contact", c.contact()))
	req.AppendHeader(sip.NewHeader("Accept", sdpType))
	_, err = d.transact(ctx, req)
	return err
}
