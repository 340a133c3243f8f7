package knowledge

import (
	"fmt"

	"waggle/dialog/guard"
	"waggle/dialog/knowledge/ingest"
)

// screened leaves out the passages of a document that try to give orders to a
// machine: who imports a document need not have written it, and nobody wants to
// hear them. The report of the import says which.
func screened(d ingest.Document) ingest.Document {
	kept := make([]ingest.Passage, 0, len(d.Passages))
	for i, p := range d.Passages {
		text := p.Text
		for _, q := range append(p.Questions, p.Heading...) {
			text += "\n" + q
		}
		if pattern := guard.Injection(text); pattern != "" {
			d.Warnings = append(d.Warnings, fmt.Sprintf("passage %d tries to give orders to a machine (%s) and was left out", i+1, pattern))
			continue
		}
		kept = append(kept, p)
	}
	d.Passages = kept
	return d
}
