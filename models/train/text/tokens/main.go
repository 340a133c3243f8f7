// Command tokens writes for each line of its input what an encoder reads of
// it, as one JSON object a line: {"Chars", "Sounds", "Concepts"}. So training
// sees exactly what the gateway sees.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"waggle/dialog/nlu"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "tokens:", err)
		os.Exit(1)
	}
}

func run() error {
	lines := bufio.NewScanner(os.Stdin)
	var texts []string
	for lines.Scan() {
		texts = append(texts, lines.Text())
	}
	if err := lines.Err(); err != nil {
		return err
	}
	w := bufio.NewWriter(os.Stdout)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, t := range nlu.Tokenise(texts) {
		if err := enc.Encode(t); err != nil {
			return err
		}
	}
	return w.Flush()
}
