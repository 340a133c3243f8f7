package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// override applies WAGGLE_DATA_DIR, WAGGLE_HTTP_LISTEN and so on. Lists are
// separated by commas; lists of structs can only be set in the file.
func (c *Config) override(env func(string) (string, bool)) error {
	return overrideStruct(reflect.ValueOf(c).Elem(), "WAGGLE", env)
}

func overrideStruct(v reflect.Value, prefix string, env func(string) (string, bool)) error {
	for i := range v.NumField() {
		key := prefix + "_" + strings.ToUpper(v.Type().Field(i).Tag.Get("yaml"))
		field := v.Field(i)
		if field.Kind() == reflect.Struct {
			if err := overrideStruct(field, key, env); err != nil {
				return err
			}
			continue
		}
		text, ok := env(key)
		if !ok {
			continue
		}
		if err := set(field, text); err != nil {
			return fmt.Errorf("%w: %s=%q: %w", ErrInvalid, key, text, err)
		}
	}
	return nil
}

func set(field reflect.Value, text string) error {
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("must be true or false")
		}
		field.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("must be a whole number")
		}
		field.SetInt(int64(n))
	case reflect.Slice:
		if field.Type().Elem().Kind() != reflect.String {
			return fmt.Errorf("can only be set in the file")
		}
		field.Set(reflect.ValueOf(split(text)))
	default:
		return fmt.Errorf("cannot be set by the environment")
	}
	return nil
}

func split(text string) []string {
	list := []string{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
