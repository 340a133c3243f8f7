package shophttp

import (
	"reflect"
	"slices"
	"strings"
)

// jsonFields lists the names of a struct's fields in JSON.
func jsonFields(v any) []string {
	var out []string
	for t, i := reflect.TypeOf(v), 0; i < t.NumField(); i++ {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
