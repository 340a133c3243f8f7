package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"waggle/api"
)

var _ api.Sightings = (*Store)(nil)

// See implements api.Sightings.
func (s *Store) See(ctx context.Context, v api.Sighting) (before []api.Sighting, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if before, err = likes(ctx, tx, v); err != nil {
			return err
		}
		b := bands(v.Print.Frequencies)
		_, err := tx.ExecContext(ctx, `INSERT INTO sightings
			(photo, shop, conversation, customer, at, frequencies, neighbours, band0, band1, band2, band3)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			v.Photo, v.Shop, v.Conversation, v.Customer, micros(v.At), int64(v.Print.Frequencies), int64(v.Print.Order), b[0], b[1], b[2], b[3])
		return err
	})
	return before, wrap("see photo", err)
}

// likes looks up candidates by their bands, each as it is and with any one bit
// changed: at most seven changed bits (forensic.NearFrequencies is six) leave
// one band of four with one at most. Then both hashes decide.
func likes(ctx context.Context, tx *sql.Tx, v api.Sighting) ([]api.Sighting, error) {
	var where []string
	args := []any{}
	for i, b := range bands(v.Print.Frequencies) {
		where = append(where, fmt.Sprintf("shop = ? AND band%d IN (?%s)", i, strings.Repeat(", ?", 16)))
		args = append(args, v.Shop, b)
		for bit := range 16 {
			args = append(args, b^(1<<bit))
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT photo, conversation, customer, at, frequencies, neighbours FROM sightings WHERE (`+
		strings.Join(where, ") OR (")+`) ORDER BY at`, args...)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(rows *sql.Rows) (o api.Sighting, err error) {
		var at, frequencies, order int64
		err = rows.Scan(&o.Photo, &o.Conversation, &o.Customer, &at, &frequencies, &order)
		o.Shop, o.At = v.Shop, fromMicros(at)
		o.Print.Frequencies, o.Print.Order = uint64(frequencies), uint64(order)
		return o, err
	})
	var out []api.Sighting
	for _, o := range all {
		own := o.Conversation == v.Conversation || o.Customer != "" && o.Customer == v.Customer
		if !own && o.Print.Near(v.Print) {
			out = append(out, o)
		}
	}
	return out, err
}

// bands are the four quarters of a hash.
func bands(h uint64) (out [4]int64) {
	for i := range out {
		out[i] = int64(h >> (16 * i) & 0xffff)
	}
	return out
}
