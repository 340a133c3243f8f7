package flow

import (
	"context"
	"regexp"

	"waggle/dialog"
)

// crisis is what somebody says who may harm themselves. It is a rule and not a
// classifier's: not one of them may be missed for a score. 笑死 and 想死你们了 are
// none.
var crisis = regexp.MustCompile(`不想活|想不开|活不下去|活着(?:真|太|好)?(?:没|累|苦)|不如死|去死(?:算|好)了|我想死(?:$|[，。！了])|自杀|轻生|寻短见|割腕|跳楼|结束(?:我的|自己的)?生命|了结自己`)

// care answers in a few calm words, names who helps, and calls a person. The
// numbers are those of China's line for psychological help and of the emergency
// doctors.
func care() dialog.Flow {
	return dialog.Flow{Name: "crisis", Interrupts: true, Wants: crisis.MatchString, Steps: []dialog.Step{
		func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			src := itself("crisis")
			src.Facts = []string{"12356", "120"}
			sc.Say(src, "听您这么说我很担心，请别一个人扛着，我马上请同事来陪您说说话。")
			sc.Say(src, "您也可以打心理援助热线%s，紧急时请打%s。", dialog.Digits("12356"), dialog.Digits("120"))
			sc.HandOff(dialog.HandOff{Reason: "somebody may harm themselves", Summary: sc.Summary(), NextStep: "talk to the caller now, calmly; call for help"})
			return dialog.Finish, nil
		},
	}}
}
