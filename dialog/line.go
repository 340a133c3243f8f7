package dialog

import "context"

// LineQuality is how good the line of a call was: what a shop looks at when a
// caller says that the robot could not be understood. Times are milliseconds,
// shares are in [0,1].
type LineQuality struct {
	Codec string `json:"codec"`
	// MOS is an estimate from 1 (bad) to 4.5 by the E-model of ITU-T G.107 in
	// its short form: from delay, loss and codec alone. Nobody has listened.
	MOS float64 `json:"mos"`
	// Received and Lost count packets from the caller; Loss is the share that
	// could not be played, packets that came too late included.
	Received uint64  `json:"received"`
	Lost     uint64  `json:"lost"`
	Late     uint64  `json:"late"`
	Loss     float64 `json:"loss"`
	// JitterMS is the interarrival jitter of RFC 3550, DelayMS what the jitter
	// buffer held back at the end.
	JitterMS float64 `json:"jitter_ms"`
	DelayMS  float64 `json:"delay_ms"`
	// RoundTripMS, RemoteLoss and RemoteJitterMS come from the caller's own
	// reports (RTCP); RoundTripMS is zero when there were none.
	RoundTripMS    float64 `json:"round_trip_ms,omitempty"`
	RemoteLoss     float64 `json:"remote_loss,omitempty"`
	RemoteJitterMS float64 `json:"remote_jitter_ms,omitempty"`
}

// Line notes how good the line of a call was.
func (c *Conversations) Line(ctx context.Context, id string, q LineQuality) error {
	return c.with(ctx, id, func(conv *conversation) error {
		return c.append(ctx, conv, Entry{Line: &q})
	})
}
