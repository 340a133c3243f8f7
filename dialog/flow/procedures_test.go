package flow

import (
	"testing"
)

// Every procedure that ships is sound: its names stand for something, its
// steps are reached, its writes are confirmed.
func TestShippedProceduresAreSound(t *testing.T) {
	native := Native(nil)
	list, err := Procedures(nil, native)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := join(native, list, nil, nil); err != nil {
		t.Error(err)
	}
	if len(list) < 25 {
		t.Errorf("only %d procedures ship", len(list))
	}
}
