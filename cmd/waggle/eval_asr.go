package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/asr/eval"
	"waggle/config"
	"waggle/voice/rtp"
)

// evalASROptions is what the command line asks for.
type evalASROptions struct {
	manifest, root, details, chart, hint, model string
	condition                                   eval.Condition
	matrix, asJSON                              bool
}

func evalASRCommand() *cobra.Command {
	var o evalASROptions
	c := &cobra.Command{
		Use:   "asr --manifest FILE [--root DIR] [--band phone] [--noise white|babble --snr DB] [--loss PERCENT] [--matrix] [--json]",
		Short: "Character error rate of the recogniser on labelled recordings",
		Long: "Character error rate of the recogniser on labelled recordings. The manifest is a TSV file with a header and the\n" +
			"columns path and text; speaker, gender (F or M) and kind are used where they are there. Characters are counted after\n" +
			"removing punctuation and spaces and writing numbers one way.\n\n" +
			"Sound can be spoiled first: --band phone (8 kHz, G.711 A-law), --noise with --snr, --loss (20 ms packets, in bursts,\n" +
			"hidden as on a call). --matrix runs the usual conditions in one go.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.manifest == "" {
				return usagef("--manifest is missing: a TSV file with the columns path and text")
			}
			if err := o.check(); err != nil {
				return err
			}
			return runEvalASR(c, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.manifest, "manifest", "", "TSV file with the columns path and text")
	f.StringVar(&o.root, "root", ".", "folder that the paths are relative to")
	f.StringVar(&o.details, "details", "", "write one TSV row per recording to this file")
	f.StringVar(&o.chart, "reliability", "", "draw how far confidence can be trusted to this SVG file")
	f.StringVar(&o.condition.Band, "band", "", "phone: through 8 kHz and G.711 A-law")
	f.StringVar(&o.condition.Noise, "noise", "", "white or babble (other speakers of the set)")
	f.Float64Var(&o.condition.SNR, "snr", 10, "how far the noise lies below the speech, in dB")
	f.Float64Var(&o.condition.Loss, "loss", 0, "percent of packets lost, in bursts of three on average")
	f.StringVar(&o.hint, "hint", "", "tell the recogniser what to expect: digits, digits:4,11, yesno, or PHRASE,PHRASE,...")
	f.StringVar(&o.model, "model", config.Builtin, "another graph of the built-in's family, as models.asr in the configuration")
	f.BoolVar(&o.matrix, "matrix", false, "run the usual conditions and print a table")
	f.BoolVar(&o.asJSON, "json", false, "one JSON object; with --matrix a list of them")
	return c
}

func (o *evalASROptions) check() error {
	if o.condition.Noise == "" {
		o.condition.SNR = 0
	}
	if o.matrix && (o.condition != eval.Condition{} || o.chart != "") {
		return usagef("--matrix chooses the conditions itself: leave --band, --noise, --loss and --reliability out")
	}
	if o.chart != "" && !strings.HasSuffix(o.chart, ".svg") {
		return usagef("--reliability draws SVG: name the file something.svg")
	}
	if err := o.condition.Validate(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

// hints reads --hint: what every recording is heard with.
func (o evalASROptions) hints() (func(eval.Item) asr.Hints, error) {
	h, lengths := asr.Hints{}, ""
	switch kind, rest, _ := strings.Cut(o.hint, ":"); asr.HintKind(kind) {
	case asr.HintOpen:
	case asr.HintDigits:
		h.Kind, lengths = asr.HintDigits, rest
	case asr.HintYesNo:
		h.Kind = asr.HintYesNo
	default:
		h.Phrases = strings.Split(o.hint, ",")
	}
	for _, n := range strings.FieldsFunc(lengths, func(r rune) bool { return r == ',' }) {
		length, err := strconv.Atoi(n)
		if err != nil || length < 1 {
			return nil, usagef("--hint %s: lengths are numbers, as in digits:4,11", o.hint)
		}
		h.Lengths = append(h.Lengths, length)
	}
	return func(eval.Item) asr.Hints { return h }, nil
}

func readManifest(path string) ([]eval.Item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	items, err := eval.ReadManifest(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return items, nil
}

func runEvalASR(c *cobra.Command, o evalASROptions) (err error) {
	hints, err := o.hints()
	if err != nil {
		return err
	}
	items, err := readManifest(o.manifest)
	if err != nil {
		return err
	}
	t, closeAll, err := openTranscriber(c.Context(), hearing{asr: o.model, vad: config.Builtin})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	conditions := []eval.Condition{o.condition}
	if o.matrix {
		conditions = eval.Matrix()
	}
	note, done, err := noteDetails(o.details)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var reports []eval.Report
	for _, condition := range conditions {
		r, err := eval.Run(c.Context(), t, items, eval.Options{
			Root: o.root, Condition: condition, Hints: hints,
			Conceal: func(rate int) eval.Concealer { return rtp.NewConcealer(rate) },
			Note:    func(d eval.Detail) error { return note(condition, d) },
		})
		if err != nil {
			return err
		}
		reports = append(reports, r)
	}
	if o.chart != "" {
		if err := drawReliability(o.chart, reports[0]); err != nil {
			return err
		}
	}
	return printASRReports(c.OutOrStdout(), reports, o)
}

func drawReliability(path string, r eval.Report) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(r.WriteSVG(f), f.Close())
}

// noteDetails writes a row a recording; without a path nothing is written.
func noteDetails(path string) (note func(eval.Condition, eval.Detail) error, done func() error, err error) {
	if path == "" {
		return func(eval.Condition, eval.Detail) error { return nil }, func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	if _, err := fmt.Fprintln(f, strings.Join(detailColumns, "\t")); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return func(c eval.Condition, d eval.Detail) error { return writeDetail(f, c, d) }, f.Close, nil
}

var detailColumns = strings.Fields("path text heard spoken confidence chars errors syllables syllable_errors audio_s wall_s " +
	"condition speaker gender kind units gap language lead")

func writeDetail(w io.Writer, c eval.Condition, d eval.Detail) error {
	flat := strings.NewReplacer("\t", " ", "\n", " ")
	_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.3f\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%s\t%s\t%s\t%s\t%d\t%.4f\t%.4f\t%.4f\n",
		flat.Replace(d.Path), flat.Replace(d.Text), d.Heard, d.Spoken, d.Confidence, d.Chars, d.Errors, d.Syllables, d.SylErrors,
		d.Audio.Seconds(), d.Wall.Seconds(), c, flat.Replace(d.Speaker), d.Gender, flat.Replace(d.Kind),
		d.Evidence.Units, d.Evidence.Gap, d.Evidence.Language, d.Evidence.Lead)
	return err
}
