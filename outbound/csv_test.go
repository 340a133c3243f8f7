package outbound

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestReadCSVKeepsGoodRowsAndNamesBadOnes(t *testing.T) {
	const text = "\ufeffnumber,name,order,consent,consent_at,consent_proof\n" +
		"13800000001,王芳,2026112001,订单提醒,2026-11-01,order 2026112001\n" +
		"nonsense,x,y,z,2026-11-01,p\n" +
		"13800000002,李雷,2026112002,,,\n" +
		"13800000001,王芳,2026112003,订单提醒,2026-11-01,p\n" +
		"13800000003,short row\n" +
		"13800000004,赵,1,c,yesterday,p\n"
	contacts, problems, err := ReadCSV(strings.NewReader(text), "c1")
	if err != nil {
		t.Fatal(err)
	}
	if len(contacts) != 2 {
		t.Fatalf("%d contacts, want 2: %+v", len(contacts), contacts)
	}
	first := contacts[0]
	if first.Number != "+8613800000001" || !first.Consent.Given() || first.Zone != "Asia/Shanghai" {
		t.Errorf("first contact = %+v", first)
	}
	if want := map[string]string{"name": "王芳", "order": "2026112001"}; !reflect.DeepEqual(first.Facts, want) {
		t.Errorf("facts = %v, want %v", first.Facts, want)
	}
	if contacts[1].Consent.Given() {
		t.Error("a row without consent claims to have one")
	}
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if want := []int{3, 5, 6, 7}; !reflect.DeepEqual(lines, want) {
		t.Errorf("problems on lines %v, want %v: %+v", lines, want, problems)
	}
}

func TestReadCSVRefusesFilesItCannotRead(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no number column": "name,order\na,b\n", "binary": "\x00\x01\x02",
	} {
		if _, _, err := ReadCSV(strings.NewReader(text), "c"); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("number,name\n13800000001,a\n")
	f.Add("number\n\"unclosed\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _, _ = ReadCSV(strings.NewReader(text), "c")
	})
}
