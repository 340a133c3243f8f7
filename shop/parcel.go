package shop

import "time"

// ParcelState is where a parcel stands.
type ParcelState string

// The states of a parcel.
const (
	ParcelAccepted   ParcelState = "accepted"
	ParcelTransit    ParcelState = "in-transit"
	ParcelDelivering ParcelState = "delivering"
	ParcelLocker     ParcelState = "in-locker" // waits in a locker or station
	ParcelSigned     ParcelState = "signed"
	ParcelDelayed    ParcelState = "delayed"
)

// Parcel is what a courier carries.
type Parcel struct {
	Tracking string      `json:"tracking"`
	Courier  string      `json:"courier"`
	Order    string      `json:"order"`
	State    ParcelState `json:"state"`
	// Due is when it should arrive; zero when nobody knows or it has arrived.
	Due time.Time `json:"due,omitzero"`
	// Pickup is the code for a locker or station.
	Pickup string `json:"pickup,omitempty"`
	// Track lists what happened, the oldest first.
	Track []Scan `json:"track"`
}

// Scan is one event on the way.
type Scan struct {
	At    time.Time `json:"at"`
	Place string    `json:"place"`
	Text  string    `json:"text"`
}

// Last is the newest event; ok is false when there is none.
func (p Parcel) Last() (s Scan, ok bool) {
	if len(p.Track) == 0 {
		return Scan{}, false
	}
	return p.Track[len(p.Track)-1], true
}

// Tail is the last four characters of the tracking number.
func (p Parcel) Tail() string { return tail(p.Tracking, 4) }
