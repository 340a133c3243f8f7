package voice

import (
	"context"
	"time"

	"waggle/dialog"
)

// Brain is the conversation behind the sound; *dialog.Conversations is one.
type Brain interface {
	Talker
	Notes
	Watcher
	Attendance
}

// Talker answers turns.
type Talker interface {
	Start(context.Context, dialog.Opening) (id string, greeting dialog.Reply, err error)
	Next(ctx context.Context, id string, t dialog.Turn) (dialog.Reply, error)
	End(ctx context.Context, id, why string) error
}

// Notes keeps what only the sound side knows.
type Notes interface {
	// Heard says how much of the last reply really reached the caller.
	Heard(ctx context.Context, id, text string) error
	// Line says how good the line was, before End.
	Line(ctx context.Context, id string, q dialog.LineQuality) error
	// Answered says how long the caller waited for the first sound of it.
	Answered(ctx context.Context, id string, latency time.Duration) error
}

// Watcher yields what happens in the conversation, on every channel.
type Watcher interface {
	Subscribe(id string) (entries <-chan dialog.Entry, cancel func())
}

// Attendance notes that people have the caller by phone.
type Attendance interface {
	// Take gives the conversation to an operator: the robot is silent.
	Take(ctx context.Context, id, operator string) error
	// GiveBack makes the robot answer again.
	GiveBack(ctx context.Context, id string) error
	// Transferred says how connecting the caller goes.
	Transferred(ctx context.Context, id string, x dialog.Transfer) error
}

var _ Brain = (*dialog.Conversations)(nil)
