package rehearse_test

import (
	"testing"
	"time"

	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
)

// Every yes of the tasks may be said in other words, and no doubt in its place
// writes anything. Each task gets one phrase of the list, in turn.
func TestYesInOtherWords(t *testing.T) {
	yes := []string{"成，就这么办吧", "没毛病，麻烦了", "嗯呐，可以的", "妥了，辛苦你了", "那行吧，就这样", "可以可以，谢谢啊",
		"行，快点办", "是的呢", "那必须的", "昂，行", "好，就按这个办", "对滴对滴", "确认确认"}
	for _, r := range played(t, yes, true) {
		if !r.Passed() && r.Known == "" {
			t.Errorf("%s: %v", r.Name, r.Err())
		}
	}
}

func TestDoubtsInPlaceOfAYes(t *testing.T) {
	doubts := []string{"好是好，不过我再问问", "行，等会儿再说", "可以，但是我要大红的", "对吧？", "嗯，还没想好", "对，改成八件",
		"好，给我换成地毯", "好吧你先别动", "要不算了吧", "好麻烦啊", "可以先不弄吗", "嗯，那个", "成色怎么样", "对方还没回我"}
	for _, r := range played(t, doubts, false) {
		if len(r.Violations) > 0 {
			t.Errorf("%s: %v", r.Name, r.Err())
		}
	}
}

// played plays the tasks that have a yes with other words in its place. Without
// the yes the conversation ends there.
func played(t *testing.T, phrases []string, yes bool) []rehearse.Result {
	t.Helper()
	tasks, err := rehearse.BuiltinTasks()
	if err != nil {
		t.Fatal(err)
	}
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	var with []rehearse.Task
	for _, task := range tasks {
		said := false
		for i := range task.Moves {
			if m := &task.Moves[i]; m.Yes && !said {
				m.Say, m.Yes, said = phrases[len(with)%len(phrases)], yes, true
				if !yes {
					task.Moves = task.Moves[:i+1]
					break
				}
			}
		}
		if said {
			with = append(with, task)
		}
	}
	_, results, err := rehearse.MeasureTasks(t.Context(), with,
		rehearse.TaskOptions{Understander: understander, Now: func() time.Time { return opensAt }})
	if err != nil {
		t.Fatal(err)
	}
	return results
}
