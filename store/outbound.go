package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"waggle/outbound"
)

var (
	_ outbound.Ledger    = (*Outbound)(nil)
	_ outbound.Contacts  = (*Outbound)(nil)
	_ outbound.DoNotCall = (*Outbound)(nil)
)

// Outbound is the part of the store that keeps campaigns and attempts.
type Outbound struct{ s *Store }

// Outbound returns that part.
func (s *Store) Outbound() *Outbound { return &Outbound{s: s} }

// frequencyWindow is how far back the gate looks at earlier calls.
const frequencyWindow = 7 * 24 * time.Hour

// Reserve implements outbound.Ledger. The facts are read and the attempt is
// written under the one write lock of the database, so that two gateways on
// one database cannot both pass the gate.
func (o *Outbound) Reserve(ctx context.Context, contact string, at time.Time, check func(outbound.Facts) error) (outbound.Attempt, error) {
	var a outbound.Attempt
	err := o.s.tx(ctx, func(tx *sql.Tx) error {
		f, err := facts(ctx, tx, contact, at)
		if err != nil {
			return err
		}
		if err := check(f); err != nil {
			return err
		}
		a = outbound.Attempt{
			ID: uuid.NewString(), Campaign: f.Campaign.ID, Contact: contact,
			Number: f.Contact.Number, State: outbound.AttemptDialling, Started: at,
		}
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO attempts (id, campaign, contact, number, state, started) VALUES (?, ?, ?, ?, ?, ?)`,
			a.ID, a.Campaign, a.Contact, a.Number, a.State, micros(at)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE contacts SET state = ? WHERE id = ?`, outbound.ContactDialling, contact)
		return err
	})
	if err != nil {
		return outbound.Attempt{}, fmt.Errorf("store: reserve attempt: %w", err)
	}
	return a, nil
}

func facts(ctx context.Context, tx *sql.Tx, contact string, at time.Time) (f outbound.Facts, err error) {
	row := tx.QueryRowContext(ctx, selectContact+` WHERE contacts.id = ?`, contact)
	if f.Contact, err = scanContact(row); err != nil {
		return f, err
	}
	if f.Campaign, err = scanCampaign(tx.QueryRowContext(ctx, selectCampaign+` WHERE id = ?`, f.Contact.Campaign)); err != nil {
		return f, err
	}
	n := f.Contact.Number
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM do_not_call WHERE number = ?)`, n).Scan(&f.DoNotCall); err != nil {
		return f, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM attempts WHERE number = ? AND state <> ?
		AND (state = ? OR started > ?))`, n, outbound.AttemptClosed, outbound.AttemptDialling,
		micros(at.Add(-frequencyWindow))).Scan(&f.Open); err != nil {
		return f, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT started FROM attempts WHERE number = ? AND started > ?`,
		n, micros(at.Add(-frequencyWindow)))
	if err != nil {
		return f, err
	}
	f.Calls, err = collect(rows, func(rows *sql.Rows) (time.Time, error) {
		var us int64
		err := rows.Scan(&us)
		return fromMicros(us), err
	})
	return f, err
}

// afterCall says where a contact goes when its attempt is closed.
func afterCall(r outbound.Result) outbound.ContactState {
	if r.RetryAt.IsZero() {
		return outbound.ContactDone
	}
	return outbound.ContactPending
}

// Close implements outbound.Ledger.
func (o *Outbound) Close(ctx context.Context, attempt string, r outbound.Result) error {
	err := o.s.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE attempts SET state = ?, disposition = ?, call = ?, conversation = ?, ended = ?
			WHERE id = ? AND state = ?`, outbound.AttemptClosed, r.Disposition, r.CallID, r.Conversation, micros(r.Ended),
			attempt, outbound.AttemptDialling)
		if err := affected(res, err); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE contacts SET state = ?, next_at = ?
			WHERE id = (SELECT contact FROM attempts WHERE id = ?) AND state = ?`,
			afterCall(r), micros(r.RetryAt), attempt, outbound.ContactDialling); err != nil {
			return err
		}
		return finish(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("store: close attempt: %w", err)
	}
	return nil
}

// Orphans implements outbound.Ledger.
func (o *Outbound) Orphans(ctx context.Context, at time.Time) (lost []outbound.Attempt, err error) {
	err = o.s.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, selectAttempt+` WHERE state = ? AND started < ?`, outbound.AttemptDialling, micros(at))
		if err != nil {
			return err
		}
		if lost, err = collect(rows, scanAttempt); err != nil {
			return err
		}
		for i, a := range lost {
			lost[i].State = outbound.AttemptUnknown
			if _, err := tx.ExecContext(ctx, `UPDATE attempts SET state = ?, disposition = ?, ended = ? WHERE id = ?`,
				outbound.AttemptUnknown, outbound.Lost, micros(at), a.ID); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE contacts SET state = ?, reason = ? WHERE id = ? AND state = ?`,
				outbound.ContactUnknown, "the gateway stopped while this call was being made", a.Contact, outbound.ContactDialling); err != nil {
				return err
			}
		}
		return finish(ctx, tx)
	})
	if err != nil {
		return nil, fmt.Errorf("store: settle orphaned attempts: %w", err)
	}
	return lost, nil
}

// Due implements outbound.Contacts.
func (o *Outbound) Due(ctx context.Context, at time.Time, limit int) ([]outbound.Contact, error) {
	rows, err := o.s.read.QueryContext(ctx, selectContact+` JOIN campaigns ON campaigns.id = contacts.campaign
		WHERE campaigns.state = ? AND contacts.state = ? AND next_at <= ? ORDER BY next_at, contacts.id LIMIT ?`,
		outbound.CampaignRunning, outbound.ContactPending, micros(at), limit)
	if err != nil {
		return nil, fmt.Errorf("store: list due contacts: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (outbound.Contact, error) { return scanContact(rows) })
}

// Postpone implements outbound.Contacts.
func (o *Outbound) Postpone(ctx context.Context, contact string, until time.Time) error {
	_, err := o.s.write.ExecContext(ctx, `UPDATE contacts SET next_at = ? WHERE id = ? AND state = ?`,
		micros(until), contact, outbound.ContactPending)
	return wrap("postpone contact", err)
}

// Settle implements outbound.Contacts.
func (o *Outbound) Settle(ctx context.Context, contact string, state outbound.ContactState, reason string) error {
	return wrap("settle contact", o.s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE contacts SET state = ?, reason = ? WHERE id = ? AND state = ?`,
			state, reason, contact, outbound.ContactPending); err != nil {
			return err
		}
		return finish(ctx, tx)
	}))
}

// finish marks running campaigns done when nobody is left to call.
func finish(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE campaigns SET state = ? WHERE state = ? AND NOT EXISTS
		(SELECT 1 FROM contacts WHERE campaign = campaigns.id AND state IN (?, ?))`,
		outbound.CampaignDone, outbound.CampaignRunning, outbound.ContactPending, outbound.ContactDialling)
	return err
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: %s: %w", what, err)
}

// affected turns "no row" into outbound.ErrNotFound.
func affected(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return outbound.ErrNotFound
	}
	return nil
}
