package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"waggle/outbound"
)

const (
	selectCampaign = `SELECT id, name, script, state, created FROM campaigns`
	selectContact  = `SELECT contacts.id, campaign, number, zone, consent, consent_at, consent_proof, facts,
		contacts.state, next_at, reason FROM contacts`
	selectAttempt = `SELECT id, campaign, contact, number, state, call, conversation, disposition, started, ended FROM attempts`
)

// scanner is a row or the current one of rows.
type scanner interface{ Scan(...any) error }

func scanCampaign(row scanner) (c outbound.Campaign, err error) {
	var created int64
	err = row.Scan(&c.ID, &c.Name, &c.Script, &c.State, &created)
	c.Created = fromMicros(created)
	return c, notFound(err)
}

func scanContact(row scanner) (c outbound.Contact, err error) {
	var (
		consentAt, nextAt int64
		facts             string
	)
	if err := row.Scan(&c.ID, &c.Campaign, &c.Number, &c.Zone, &c.Consent.Basis, &consentAt, &c.Consent.Proof, &facts,
		&c.State, &nextAt, &c.Reason); err != nil {
		return c, notFound(err)
	}
	c.Consent.At, c.NextAt = fromMicros(consentAt), fromMicros(nextAt)
	return c, json.Unmarshal([]byte(facts), &c.Facts)
}

func scanAttempt(rows *sql.Rows) (a outbound.Attempt, err error) {
	var started, ended int64
	err = rows.Scan(&a.ID, &a.Campaign, &a.Contact, &a.Number, &a.State, &a.CallID, &a.Conversation, &a.Disposition, &started, &ended)
	a.Started, a.Ended = fromMicros(started), fromMicros(ended)
	return a, err
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return outbound.ErrNotFound
	}
	return err
}

// Create writes a campaign with its contacts, all or nothing.
func (o *Outbound) Create(ctx context.Context, c outbound.Campaign, contacts []outbound.Contact) error {
	return wrap("create campaign", o.s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO campaigns (id, name, script, state, created) VALUES (?, ?, ?, ?, ?)`,
			c.ID, c.Name, c.Script, c.State, micros(c.Created)); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, `INSERT INTO contacts
			(id, campaign, number, zone, consent, consent_at, consent_proof, facts, state, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer func() { _ = insert.Close() }()
		for _, p := range contacts {
			facts, err := json.Marshal(p.Facts)
			if err != nil {
				return err
			}
			if _, err := insert.ExecContext(ctx, p.ID, c.ID, p.Number, p.Zone, p.Consent.Basis, micros(p.Consent.At),
				p.Consent.Proof, string(facts), p.State, micros(p.NextAt)); err != nil {
				return fmt.Errorf("contact %s: %w", p.Number, err)
			}
		}
		return nil
	}))
}

// transitions lists from where each state may be entered.
var transitions = map[outbound.CampaignState][]outbound.CampaignState{
	outbound.CampaignRunning:   {outbound.CampaignDraft, outbound.CampaignPaused},
	outbound.CampaignPaused:    {outbound.CampaignRunning},
	outbound.CampaignCancelled: {outbound.CampaignDraft, outbound.CampaignRunning, outbound.CampaignPaused},
	outbound.CampaignDone:      {outbound.CampaignRunning},
}

// SetState moves a campaign; ErrState if it may not go there from where it is.
func (o *Outbound) SetState(ctx context.Context, id string, to outbound.CampaignState) error {
	return wrap("change campaign", o.s.tx(ctx, func(tx *sql.Tx) error {
		c, err := scanCampaign(tx.QueryRowContext(ctx, selectCampaign+` WHERE id = ?`, id))
		if err != nil {
			return err
		}
		if !slices.Contains(transitions[to], c.State) {
			return fmt.Errorf("%w: it is %s and cannot become %s", outbound.ErrState, c.State, to)
		}
		_, err = tx.ExecContext(ctx, `UPDATE campaigns SET state = ? WHERE id = ?`, to, id)
		return err
	}))
}

// Campaigns lists all campaigns, oldest first.
func (o *Outbound) Campaigns(ctx context.Context) ([]outbound.Campaign, error) {
	rows, err := o.s.read.QueryContext(ctx, selectCampaign+` ORDER BY created, id`)
	if err != nil {
		return nil, wrap("list campaigns", err)
	}
	return collect(rows, func(rows *sql.Rows) (outbound.Campaign, error) { return scanCampaign(rows) })
}

// Report counts where the contacts of a campaign stand and lists its attempts.
func (o *Outbound) Report(ctx context.Context, id string) (r outbound.Report, err error) {
	if r.Campaign, err = scanCampaign(o.s.read.QueryRowContext(ctx, selectCampaign+` WHERE id = ?`, id)); err != nil {
		return r, wrap("report", err)
	}
	rows, err := o.s.read.QueryContext(ctx, selectContact+` WHERE campaign = ? ORDER BY number`, id)
	if err != nil {
		return r, wrap("report", err)
	}
	if r.Contacts, err = collect(rows, func(rows *sql.Rows) (outbound.Contact, error) { return scanContact(rows) }); err != nil {
		return r, wrap("report", err)
	}
	rows, err = o.s.read.QueryContext(ctx, selectAttempt+` WHERE campaign = ? ORDER BY started, id`, id)
	if err != nil {
		return r, wrap("report", err)
	}
	r.Attempts, err = collect(rows, scanAttempt)
	return r, wrap("report", err)
}

// CancelFact cancels pending contacts of open campaigns whose fact has this
// value, such as order = the number that was just paid, and counts them.
func (o *Outbound) CancelFact(ctx context.Context, fact, value, reason string) (int64, error) {
	res, err := o.s.write.ExecContext(ctx, `UPDATE contacts SET state = ?, reason = ?
		WHERE state = ? AND json_extract(facts, '$.' || ?) = ?`,
		outbound.ContactCancelled, reason, outbound.ContactPending, fact, value)
	if err != nil {
		return 0, wrap("cancel contacts", err)
	}
	return res.RowsAffected()
}

// Add implements outbound.DoNotCall. Adding a number again keeps the first entry.
func (o *Outbound) Add(ctx context.Context, number, reason string, at time.Time) error {
	_, err := o.s.write.ExecContext(ctx, `INSERT INTO do_not_call (number, reason, at) VALUES (?, ?, ?)
		ON CONFLICT (number) DO NOTHING`, number, reason, micros(at))
	return wrap("do-not-call list", err)
}

// Listed reports whether a number is on the do-not-call list.
func (o *Outbound) Listed(ctx context.Context, number string) (bool, error) {
	var yes bool
	err := o.s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM do_not_call WHERE number = ?)`, number).Scan(&yes)
	return yes, wrap("do-not-call list", err)
}
