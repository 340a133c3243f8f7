package nlu

// simplified maps traditional characters that shoppers use to simplified ones.
var simplified = pairs(
	"訂單號碼貨換寶貝買賣發運費遞郵寄還沒沒個這裡裏麼們來時間東電話請問謝對錯應該為什嗎點誰讓給從說話聽見開關門車幾張條雙鞋褲裝襯衫顏質量價錢減優會員積幫轉務經濟壞爛損裂紋劃傷臟髒洩漏壓變形縮水線頭實圖樣顯稱聯繫絡處理賠償賬戶銀聯簡單體網頁連結視頻錄屬於後後長寬釐輕厚薄紅藍綠黃褐與總數據機構標準歡迎滿願認識邊區縣鎮鄉廣蘇滬遼寧陝龍灣達樓層棟單號門簽閱讀寫課書隻支兩萬億歲歷曆氣溫暖涼熱鐘錶燈鏡飯盤壺蓋絲綢緞織針繡嬰兒媽爺親戚愛樂憂慮慘煩惱氣憤罵騙詐虛偽劣殘",
	"订单号码货换宝贝买卖发运费递邮寄还没没个这里里么们来时间东电话请问谢对错应该为什吗点谁让给从说话听见开关门车几张条双鞋裤装衬衫颜质量价钱减优会员积帮转务经济坏烂损裂纹划伤脏脏泄漏压变形缩水线头实图样显称联系络处理赔偿账户银联简单体网页连结视频录属于后后长宽厘轻厚薄红蓝绿黄褐与总数据机构标准欢迎满愿认识边区县镇乡广苏沪辽宁陕龙湾达楼层栋单号门签阅读写课书只支两万亿岁历历气温暖凉热钟表灯镜饭盘壶盖丝绸缎织针绣婴儿妈爷亲戚爱乐忧虑惨烦恼气愤骂骗诈虚伪劣残",
)

// pairs zips two strings of equal length.
func pairs(from, to string) map[rune]rune {
	a, b := []rune(from), []rune(to)
	m := make(map[rune]rune, len(a))
	for i, r := range a[:min(len(a), len(b))] {
		if r != b[i] {
			m[r] = b[i]
		}
	}
	return m
}
