package tool

import "testing"

func TestAgreementIsExplicit(t *testing.T) {
	type read struct{ tool, question string }
	var (
		cancel   = read{"cancel_order", "取消毛衣的订单，金额199元，确认吗？"}
		hurry    = read{"hurry_order", "我帮您的电水壶催仓库尽快发货，可以吗？"}
		back     = read{"return_goods", "为您的1件无线鼠标申请退货退款，金额75.26元，确认吗？"}
		swap     = read{"exchange_goods", "为您的跑步鞋申请换货，换成39码，确认吗？"}
		withdraw = read{"withdraw_refund", "撤销雪地鞋的退货申请，商品您留着，确认吗？"}
		price    = read{"protect_price", "运动手表差价100元，原路退给您，确认吗？"}
		address  = read{"change_address", "把帆布鞋的地址改成四川省成都市锦江区红星路三段16号，对吗？"}
		modify   = read{"modify_order", "把卫衣改成红色L码2件，对吗？"}
		notice   = read{"notify_restock", "我登记一下，黑色陶瓷碗到货就通知您，可以吗？"}
		ticket   = read{"open_ticket", "茶具少件的情况，我登记给同事处理，1天内回复您，可以吗？"}
		damage   = read{"refund_only", "为您的花瓶退款89元，不用寄回，确认吗？"}
		renew    = read{"replace_faulty", "给您换一个新的台灯，确认吗？"}
		courier  = read{"note_for_courier", "牛肉酱给快递员留言：放在门卫室，对吗？"}
		invoice  = read{"issue_invoice", "为沙发的订单开1200元的发票，抬头个人，确认吗？"}
		coupon   = read{"claim_coupon", "为您领取满减券，满200元减20元，确认吗？"}
	)
	for _, c := range []struct {
		answer string
		to     read
		want   bool
	}{
		// The yes and the deed in words of one's own.
		{"对，取消", cancel, true}, {"嗯对，取消", cancel, true}, {"对头，不要了", cancel, true}, {"确定不要了", cancel, true},
		{"对，毛衣取消", cancel, true}, {"那太慢了，还是取消", cancel, true}, {"哦，那个取消，办吧", cancel, true}, {"嗯，撤了", cancel, true},
		{"好嘞，麻烦给我撤单", cancel, true}, {"中，销掉吧", cancel, true}, {"得嘞，砍掉", cancel, true}, {"妥，那就退单呗", cancel, true},
		{"唉，那就取消了吧", cancel, true}, {"没意见，作废", cancel, true}, {"好，麻烦了", cancel, true}, {"可以，给我个说法", ticket, true},
		{"这回对了", address, true}, {"那好嘛", cancel, true}, {"行嘛", cancel, true}, {"好，麻烦你了", cancel, true}, {"整吧", cancel, true}, {"昂，行", cancel, true}, {"就这样，谢谢你", cancel, true}, {"好，金额199元", cancel, true},
		{"催嘛", hurry, true}, {"快点催", hurry, true}, {"好，催吧", hurry, true}, {"要得，帮我催催仓库", hurry, true}, {"成，赶紧催一下", hurry, true},
		{"好滴，加急一下", hurry, true}, {"是，只退鼠标", back, true}, {"退", back, true}, {"要得，申请", back, true},
		{"嗯呐，就退这一件", back, true}, {"没毛病，退回去吧", back, true}, {"可以，75.26元", back, true}, {"确认无误，退一件", back, true},
		{"好，换39码", swap, true}, {"成，给我换了吧", swap, true}, {"对，39", swap, true}, {"妥妥的，换货", swap, true},
		{"对，不退了", withdraw, true}, {"好，撤销退货申请", withdraw, true}, {"可以，我留着", withdraw, true}, {"没错，收回吧", withdraw, true},
		{"中，补给我就行", price, true}, {"行，退差价", price, true}, {"要的，100元", price, true}, {"好的，返给我吧", price, true},
		{"对，成都市锦江区", address, true}, {"没毛病，寄到红星路", address, true}, {"是的，16号", address, true}, {"改到那里吧", address, false},
		{"对，红色", modify, true}, {"嗯，改两件", modify, true}, {"对，两条", modify, true}, {"对的，改L", modify, true}, {"OK，L码吧", modify, true}, {"对，XL", modify, false}, {"对滴", modify, true}, {"对，两块", modify, false}, {"对，2个", modify, true}, {"就这么改，谢谢", modify, true}, {"好，到货叫我一声", notice, true},
		{"要的要的，提醒我一下", notice, true}, {"行，记下吧", notice, true}, {"好，你们赶紧查一下", ticket, true}, {"没问题，1天内回复", ticket, true},
		{"嗯，退钱吧", damage, true}, {"好，不用寄回", damage, true}, {"可以，给我换新的", renew, true}, {"对，补发一个新的", renew, true},
		{"是的，放在门卫室", courier, true}, {"好，跟他说一下", courier, false}, {"对，开个人", invoice, true}, {"行，开票吧", invoice, true},
		{"要，领了", coupon, true}, {"好呀，给我领上", coupon, true},

		// Near misses: a doubt, a condition, a question.
		{"对了", cancel, false}, {"对了，我先问一下", cancel, false}, {"对了，取消", cancel, false}, {"好是好，但是贵", cancel, false}, {"好了好了", cancel, false},
		{"行是行", cancel, false}, {"可以是可以", cancel, false}, {"嗯，我再想想", cancel, false}, {"嗯，那个", cancel, false}, {"好，还是", cancel, false},
		{"好麻烦啊", cancel, false}, {"是快啊", hurry, false}, {"对吧", cancel, false}, {"是吧，取消", cancel, false}, {"取消？", cancel, false}, {"好，等我问问老婆", cancel, false}, {"行，过会儿再取消", cancel, false},
		{"取消了能退多少钱", cancel, false}, {"是不是要运费", back, false}, {"行李箱到哪了", cancel, false}, {"好贵啊", cancel, false}, {"成色怎么样", cancel, false},
		{"要是便宜点就不取消", cancel, false}, {"随便", cancel, false}, {"应该可以吧", cancel, false}, {"可以吗", cancel, false}, {"可以便宜点取消", cancel, false},
		// A yes in it that is none: a request to check, an explanation, mockery.
		{"你再确认下", cancel, false}, {"您帮我核对一下订单", cancel, false}, {"先确认一下", cancel, false}, {"得了，谢谢", cancel, false}, {"得了啊", cancel, false}, {"得了吧您", cancel, false},
		{"哦，是这样啊", cancel, false}, {"是这样子的", cancel, false}, {"可以呀你", cancel, false}, {"行啊你们", cancel, false}, {"你真行", cancel, false},
		{"您可真可以", cancel, false}, {"你行你来", cancel, false}, {"行你们厉害", cancel, false}, {"就是这样", cancel, true}, {"好的，听您的", cancel, true},
		// A negation.
		{"不对", cancel, false}, {"好，不取消了", cancel, false}, {"好，别取消", cancel, false}, {"没事了", cancel, false}, {"不要了", cancel, false},
		{"那不要了", back, false}, {"算了不要了", cancel, false}, {"嗯，不用", damage, false}, {"行，莫催了", hurry, false}, {"中不中", cancel, false},
		{"好，不用催了", hurry, false}, {"对不起", cancel, false}, {"没有", cancel, false}, {"算了", cancel, false}, {"", cancel, false},
		// Another deed.
		{"还是换吧", cancel, false}, {"嗯退吧", swap, false}, {"好，退货", cancel, false}, {"对，退货", withdraw, false}, {"嗯，寄回", damage, false},
		{"行，换一个", damage, false}, {"好，退款", renew, false}, {"领", cancel, false}, {"好，改地址", cancel, false}, {"可以，开票", cancel, false},
		{"要，取消", hurry, false}, {"好，转人工", cancel, false}, {"对，催一下", cancel, false}, {"好，退给我", hurry, false},
		// A value that was not read back.
		{"对，取消双肩包", cancel, false}, {"对，退两百块", back, false}, {"换成台灯", cancel, false}, {"好，退两件", back, false}, {"对，全退了", back, false},
		{"对，5.26元", back, false}, {"对，75元", back, false}, {"好，换40码", swap, false}, {"换中码", swap, false}, {"对，9码", swap, false},
		{"要红色的鞋", swap, false}, {"对，三段18号", address, false}, {"对，重庆市", address, false}, {"对，6号", address, false}, {"好，改三件", modify, false},
		{"对，蓝色", modify, false}, {"对，99元", cancel, false}, {"可以，放驿站", courier, false}, {"对，开公司", invoice, false}, {"好，减30元", coupon, false},
		{"对，1000元", price, false}, {"补200", price, false}, {"好，白色到货通知我", notice, false}, {"对，取消毛衣和围巾", cancel, false},
	} {
		does, ok := standardTool(c.to.tool)
		if !ok {
			t.Fatalf("no tool %s", c.to.tool)
		}
		if got := agreedTo(c.answer, c.to.question, does.Words(), does.ForeignWords(), nil); got != c.want {
			t.Errorf("%q to %q: %v", c.answer, c.to.question, got)
		}
	}
}

func standardTool(name string) (Tool, bool) {
	for _, t := range Standard() {
		if t.Name == name {
			return t, true
		}
	}
	return Tool{}, false
}
