package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
)

// evalDialogCommand plays scripted conversations and counts those that end
// with the right words and the right records; then the shoppers' tasks, with
// the rules that were broken in them.
func evalDialogCommand() *cobra.Command {
	var (
		asJSON, details bool
		manifest        string
	)
	c := &cobra.Command{
		Use:   "dialog",
		Short: "Task success of scripted conversations, by what is said, by the final records and by the rules",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			scripts, tasks, err := rehearsals(manifest)
			if err != nil {
				return err
			}
			reader, err := servedReader()
			if err != nil {
				return err
			}
			report, verdicts, err := rehearse.Measure(c.Context(), scripts, 1, rehearse.Setting{Now: time.Now, Understander: reader})
			if err != nil {
				return err
			}
			for _, v := range verdicts {
				if v.Err != "" {
					fmt.Fprintln(c.ErrOrStderr(), v.Err)
				}
			}
			done, err := playTasks(c, tasks, reader, details)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(struct {
					rehearse.Report
					Tasks rehearse.TaskReport `json:"tasks"`
				}{report, done})
			}
			if err := printDialog(c, report, false); err != nil {
				return err
			}
			return done.Print(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().BoolVar(&details, "details", false, "print what was said in the tasks that failed")
	c.Flags().StringVar(&manifest, "manifest", "", "folder of *.yaml scripts and tasks-*.yaml instead of the built-in ones")
	return c
}

// rehearsals reads what to play.
func rehearsals(folder string) (scripts []rehearse.Script, tasks []rehearse.Task, err error) {
	if folder == "" {
		if scripts, err = rehearse.Builtin(); err == nil {
			tasks, err = rehearse.BuiltinTasks()
		}
		return scripts, tasks, err
	}
	if scripts, err = rehearse.Load(os.DirFS(folder)); err == nil {
		tasks, err = rehearse.LoadTasks(os.DirFS(folder))
	}
	return scripts, tasks, err
}

// playTasks plays the tasks and tells on the error output which failed.
func playTasks(c *cobra.Command, tasks []rehearse.Task, reader *nlu.Understander, details bool) (rehearse.TaskReport, error) {
	report, results, err := rehearse.MeasureTasks(c.Context(), tasks,
		rehearse.TaskOptions{Understander: reader, Now: afternoon})
	for _, r := range results {
		if r.Passed() {
			continue
		}
		fmt.Fprintf(c.ErrOrStderr(), "%s: %v\n", r.Name, r.Err())
		for _, line := range r.Transcript {
			if details {
				fmt.Fprintln(c.ErrOrStderr(), "   ", line)
			}
		}
	}
	return report, err
}

// afternoon is today in the working hours of the demo shop: what people may do
// for a shopper does not depend on when the tasks are played.
func afternoon() time.Time {
	const hour, minute = 14, 5
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	return time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location())
}
