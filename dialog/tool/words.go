package tool

import (
	"slices"
	"strings"
)

// Words lists what customers call the deed of a write when they agree to it:
// 撤掉, 退单 and 不要了 all mean to cancel. Nil for a tool that only reads.
func (t Tool) Words() []string { return strings.Fields(deedWords[t.Name]) }

// ForeignWords lists the words of other writes that are none of this one's: a
// yes that holds one of them is about something else. Words of one character
// are left out, since other words are made of them.
func (t Tool) ForeignWords() []string {
	own := t.Words()
	var out []string
	for _, words := range deedWords {
		for _, w := range strings.Fields(words) {
			if len([]rune(w)) > 1 && !slices.Contains(own, w) {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// deedWords names each deed in the words of customers, by tool.
var deedWords = map[string]string{
	"cancel_order": "取消 撤销 撤单 撤 销掉 销单 退单 退订 退掉 退了 退钱 退款 退吧 作废 砍单 砍掉 砍了 不要了 不想要了 不买了 " +
		"全取消 都取消 全部取消 整单取消 全撤 都撤 全不要了 都不要了",
	"change_address": "改地址 换地址 改 换 寄到 送到 发到 寄 送 发 变更 更改 修改",
	"hurry_order":    "催促 催单 催 督促 加急 加快 赶 发货 派送 送快点 发快点",
	"issue_invoice":  "开发票 开票 开 出票 出 发票 抬头 写",
	"open_ticket":    "登记 记录 记 上报 报上去 报 反映 反馈 投诉 转达 转告 转给 核实 查找 查 找 处理 跟进 回复 联系 回电 留言 申请",
	"return_goods":   "退货退款 退货 退款 退回去 退回 退钱 退掉 退 寄回去 寄回 申请 不要了 不想要了",
	"return_faulty":  "退货退款 退货 退款 退回去 退回 退钱 退掉 退 寄回去 寄回 申请 不要了 不想要了",
	"refund_only":    "退款 退钱 退我钱 仅退款 只退款 退 赔偿 赔付 赔钱 赔 申请",
	"exchange_goods": "换货 调换 更换 掉换 换成 换 申请",
	"replace_faulty": "换新的 换新 换货 更换 换一个 换 补发 重发 新的",
	"modify_order":   "改成 改为 换成 改 换 修改 更改 变更 调整 调",
	"note_for_courier": "留言 留个言 留话 留 转告 转达 告诉 告知 通知 备注 说 带话 带到 " +
		"交代 写上 写",
	"withdraw_refund": "撤销申请 撤销 撤回 撤 取消 收回 销掉 留着 留下 我留着 不退了 不换了 不退 不换 不用退了 不用换了",
	"notify_restock":  "到货通知 通知 登记 提醒 告诉 告知 记着 记下 记 叫 喊 说",
	"protect_price":   "退差价 补差价 补差 补给 补 退差 差价 价格保护 价保 保价 退回来 退给 退 返还 返 申请",
	"keep_purchase":   "留下 留着 我留着 留 收下 领取 领 拿着 不退了 不取消了 不用退了 先不退 先不取消 继续要",
	"claim_coupon":    "领取 领券 领 拿 兑 要券",
}
