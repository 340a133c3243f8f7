package ssml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"

	"waggle/mandarin"
	"waggle/tts/spoken"
)

// namespace is what xmlns may say.
const namespace = "http://www.w3.org/2001/10/synthesis"

// reader follows the tokens of a document.
type reader struct {
	open   []element
	rooted bool
	script script
}

// element is one that has begun.
type element struct {
	name  string
	style Style
	// say turns the text of an element that may hold nothing but text into
	// what is spoken; nil for the others.
	say  func(text string) (string, error)
	text strings.Builder
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.begin(t)
	case xml.EndElement:
		return r.end()
	case xml.CharData:
		return r.characters(string(t))
	case xml.ProcInst:
		if t.Target != "xml" {
			return fmt.Errorf("the instruction <?%s?> is not read", t.Target)
		}
	case xml.Directive:
		return errors.New("declarations such as <!DOCTYPE> are not read")
	}
	return nil // comments
}

func (r *reader) begin(t xml.StartElement) error {
	name := t.Name.Local
	attributes, err := attributesOf(t)
	switch {
	case err != nil:
		return err
	case t.Name.Space != "" && t.Name.Space != namespace:
		return fmt.Errorf("the element <%s> belongs to another vocabulary, %q", name, t.Name.Space)
	case len(r.open) == 0 && r.rooted:
		return fmt.Errorf("<%s> stands behind the end of <speak>", name)
	case len(r.open) == 0 && name != "speak":
		return fmt.Errorf("the first element must be <speak>, not <%s>", name)
	case len(r.open) == DeepestElement:
		return fmt.Errorf("<%s> lies deeper than %d elements", name, DeepestElement)
	case len(r.open) > 0 && r.top().say != nil:
		return fmt.Errorf("<%s> may not hold <%s>, only text", r.top().name, name)
	}
	e := element{name: name, style: Style{Rate: 1}}
	if len(r.open) > 0 {
		e.style = r.top().style
	}
	r.open, r.rooted = append(r.open, e), true
	if err := r.enter(attributes); err != nil {
		return err
	}
	return attributes.leftOver(name)
}

func (r *reader) top() *element { return &r.open[len(r.open)-1] }

// enter does what the element that has just been opened asks for.
func (r *reader) enter(a attributes) error {
	e := r.top()
	switch e.name {
	case "speak":
		if len(r.open) > 1 {
			return errors.New("<speak> may not lie inside <speak>")
		}
		a.ignore("version", "lang")
		return nil
	case "p", "s":
		a.ignore("lang")
		r.script.endSentence()
		return nil
	case "break":
		e.say = nothing("break")
		return r.script.breakOf(a)
	case "prosody":
		return e.style.prosody(a)
	case "voice":
		name, ok := a.take("name")
		if !ok || name == "" {
			return errors.New(`<voice> needs name="..."`)
		}
		e.style.Voice = name
		return nil
	}
	return e.readAs(a)
}

// readAs handles the elements that say how their text is read.
func (e *element) readAs(a attributes) error {
	switch e.name {
	case "say-as":
		kind, ok := a.take("interpret-as")
		format, _ := a.take("format")
		a.ignore("detail")
		if !ok {
			return errors.New(`<say-as> needs interpret-as="..."`)
		}
		e.say = func(text string) (string, error) { return spoken.As(kind, format, text) }
	case "sub":
		alias, ok := a.take("alias")
		if !ok {
			return errors.New(`<sub> needs alias="..."`)
		}
		e.say = func(string) (string, error) { return alias, nil }
	case "phoneme":
		return e.phoneme(a)
	default:
		return fmt.Errorf("the element <%s> is not known; known are speak, p, s, break, say-as, prosody, sub, phoneme and voice", e.name)
	}
	return nil
}

// phoneme reads ph="chong2 xin1"; the alphabets are the vendors' names for
// numbered pinyin, which SSML itself has none for.
func (e *element) phoneme(a attributes) error {
	alphabet, _ := a.take("alphabet")
	pinyin, ok := a.take("ph")
	switch {
	case alphabet != "py" && alphabet != "x-pinyin":
		return fmt.Errorf(`<phoneme> needs alphabet="py" or "x-pinyin", not %q`, alphabet)
	case !ok || strings.TrimSpace(pinyin) == "":
		return errors.New(`<phoneme> needs ph="...", syllables in numbered pinyin`)
	}
	runes, err := mandarin.Spell(pinyin)
	if err != nil {
		return err
	}
	e.say = func(string) (string, error) { return runes, nil }
	return nil
}

func nothing(name string) func(string) (string, error) {
	return func(text string) (string, error) {
		if strings.TrimSpace(text) != "" {
			return "", fmt.Errorf("<%s> may not hold text", name)
		}
		return "", nil
	}
}

func (r *reader) characters(text string) error {
	if len(r.open) == 0 {
		if strings.TrimSpace(text) != "" {
			return errors.New("text stands outside <speak>")
		}
		return nil
	}
	if e := r.top(); e.say != nil {
		e.text.WriteString(text)
		return nil
	}
	r.script.add(r.top().style, text)
	return nil
}

func (r *reader) end() error {
	e := r.top()
	r.open = r.open[:len(r.open)-1]
	if e.say != nil {
		said, err := e.say(e.text.String())
		if err != nil {
			return fmt.Errorf("<%s>: %w", e.name, err)
		}
		r.script.add(e.style, said)
		return nil
	}
	switch e.name {
	case "s":
		r.script.endSentence()
	case "p":
		r.script.endSentence()
		return r.script.pause(paragraph)
	}
	return nil
}
