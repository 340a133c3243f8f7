package guard

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words that try to give orders to a machine are no danger here: words, pictures
// and documents are data, whatever they say, and deeds go through policy and an
// explicit yes. To notice them is worth while all the same: they are logged, and
// a language model is not shown them.

// order is a pattern of such words over a text of folded letters.
type order struct {
	name    string
	pattern *regexp.Regexp
}

var orders = []order{
	{"forget your instructions", regexp.MustCompile(`(?:忽略|无视|無視|忘記|忘记|忘掉|不要管|别管|抛开|作废|删除|清空|覆盖|推翻|不用遵守|停止遵守|跳过)(?:掉|你|您|一切|所有|全部|之前|以前|以上|上面|前面|先前|此前|原来|系统|的|任何|那些|这些|了|店铺|店里|内置)*(?:指令|指示|提示|提示词|规则|要求|设定|限制|命令|规定|政策|约束|内容|安全)`)},
	{"forget your instructions", regexp.MustCompile(`(?:ignore|disregard|forget|override|bypass|skip)(?:all|any|the|your|of|previous|prior|above|earlier|these|those|system|safety|shop|store)*(?:instruction|prompt|rule|guideline|polic|restriction|message|filter)`)},
	{"show your instructions", regexp.MustCompile(`(?:显示|输出|打印|复述|重复|说出|告诉我|发给我|背出|念出|泄露|公开|展示|列出|透露)(?:一下|一遍|给我|你|您|的|完整|全部|所有|原始|初始|开头|内部|隐藏)*(?:系统提示|提示词|系统指令|初始指令|指令|内部规则|设定|密钥|密码|系统消息)`)},
	{"show your instructions", regexp.MustCompile(`(?:show|print|reveal|repeat|output|tellme|display|leak|dump)(?:me|us|your|the|full|entire|exact|original|hidden|initial|all|of)*(?:systemprompt|systemmessage|instruction|prompt|apikey|secret|password|credential)`)},
	{"show your instructions", regexp.MustCompile(`(?:系统|初始|内部)?提示词.{0,8}(?:复述|翻译|发给|输出|念|告诉|写出)`)},
	{"forget your instructions", regexp.MustCompile(`(?:hulue|wushi|wangji).{0,24}(?:zhiling|guize|tishi)`)},
	{"be somebody else", regexp.MustCompile(`(?:从现在开始|从现在起|现在起|现在|接下来)?(?:你是|你就是|你现在就?是|你将扮演|扮演|假装你?是|切换到|切换成|切换为|进入|启用|打开|激活)(?:一个|一名|店铺|店里|系统|的|没有限制|不受限制|无限制)*(?:管理员|店长|老板|开发者|开发者模式|管理员模式|调试模式|维护模式|上帝模式|越狱|没有限制|不受限制|无限制|root|dan\b|debug)`)},
	{"be somebody else", regexp.MustCompile(`(?:youarenow|actas|pretendtobe|pretendyouare|roleplayas|enter|enable|switchto|activate)(?:a|an|the|in|into)*(?:admin|developer|dan|debug|root|jailbreak|unrestricted|manager|owner|maintenance|god)`)},
	{"claims authority", regexp.MustCompile(`(?:我是|这里是|本人是|以)(?:你们|店铺|系统|平台|公司|的|你)*(?:管理员|管理員|开发者|程序员|工程师|老板|店长|总部|运维|技术人员|客服主管)(?:的身份|授权|命令|要求|批准|现在|，工号)`)},
	{"claims authority", regexp.MustCompile(`(?:系统|平台|管理员|店长|老板|总部|开发者)(?:消息|通知|指令|命令|提示|授权|公告|要求)(?:你|为|是|所有|全部|执行|如下|已|:|立即|客服)`)},
	{"markup of a chat", regexp.MustCompile(`<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|\[/?inst\]|<<sys>>|###(?:system|instruction|系统)|\bsystem:|\brole:system|"role":"system"|\{\{.*\}\}|tool_call|function_call`)},
	{"claims authority", regexp.MustCompile(`(?:system|admin|developer|shopowner)(?:message|override|notice|command|instruction)`)},
	{"calls a tool", regexp.MustCompile(`(?:调用|执行|运行|触发|call|execute|invoke|run)(?:工具|函数|接口|命令|tool|function|the|api|:)*[a-z]+_[a-z]+`)},
	{"acts without asking", regexp.MustCompile(`(?:不用|不需要|无需|不要|别|跳过|免去)(?:再|跟我|向我|顾客|客户|用户|任何)*(?:确认|核实|核对|验证|身份验证|审核|审批)(?:直接|就|马上|身份|,|，|步骤|流程)`)},
	{"acts without asking", regexp.MustCompile(`(?:without|skip|noneedfor|donotaskfor)(?:any|the|further|asking|for)*(?:confirm|verif|approval|authenticat)`)},
}

// Injection names the kind of order that a text tries to give; "" for none. The
// text is read without widths, blanks, invisible characters and punctuation
// between Chinese characters, and base64 in it is read too.
func Injection(text string) string {
	if name := ordered(text); name != "" {
		return name
	}
	for _, token := range encoded.FindAllString(text, mostEncoded) {
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(token, "="))
		if err == nil && utf8.Valid(raw) && ordered(string(raw)) != "" {
			return "encoded"
		}
	}
	return ""
}

var encoded = regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`)

// mostEncoded bounds how many tokens are decoded.
const mostEncoded = 16

func ordered(text string) string {
	folded := fold(text)
	for _, o := range orders {
		if o.pattern.MatchString(folded) {
			return o.name
		}
	}
	return ""
}

// fold drops what is put between letters to hide words, and writes them small
// and in one width.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '*', r == '-', r == '.', r == '·', r == '~', r == '、', r == '…', r == '\'':
			return -1
		case r == '：':
			return ':'
		}
		return unicode.ToLower(r)
	}, narrow(text))
}
