package demo

import (
	"fmt"
	"strings"

	"waggle/shop"
)

// The parts that the names of made-up products are put together from.
var (
	makes   = strings.Fields("纯棉 亚麻 羊毛 真皮 陶瓷 骨瓷 不锈钢 实木 竹编 玻璃 硅胶 帆布 尼龙 丝绒 珊瑚绒 牛津布 铝合金 碳钢 乳胶 藤编")
	styles  = strings.Fields("简约 复古 北欧 日式 法式 田园 工业风 极简 手绘 条纹 格纹 碎花 几何 撞色 渐变 做旧 镂空 磨砂 哑光 亮面 加厚 轻薄 折叠 便携 迷你 大号 加长 宽松 修身 防滑")
	goods   = strings.Fields("餐垫 杯垫 桌布 围裙 茶盘 果篮 纸巾盒 置物架 衣帽架 花架 屏风 坐垫 凳子 边几 书立 笔筒 台历 相册 钥匙扣 发带 发夹 丝巾 领结 胸针 手链 腰封 打底裤 背心裙 防晒衫 雨靴 鞋垫 袖套 购物篮 野餐垫 帐篷 睡袋 水袋 登山杖 头灯 护膝 瑜伽垫 跳绳 哑铃 羽毛球拍 泳镜 猫窝 狗绳 鱼缸 鸟笼 花洒")
	tints   = strings.Fields("米白 雾蓝 墨绿 焦糖 酒红 炭灰")
	someFor = strings.Fields("家居 服装 鞋包 户外 家电")
)

// Many makes up products to measure a large catalogue with: n different
// titles of ordinary length and spread, ten attributes each. They are not part
// of the demo shop.
func Many(n int) []shop.Product {
	out := make([]shop.Product, n)
	for i := range out {
		good, style, stuff := goods[i%len(goods)], styles[i/len(goods)%len(styles)], makes[i/len(goods)/len(styles)%len(makes)]
		edition := i / len(goods) / len(styles) / len(makes)
		id := fmt.Sprintf("made%06d", i)
		name := style + stuff + good
		if edition > 0 {
			name += fmt.Sprintf("%d款", edition+1)
		}
		out[i] = shop.Product{
			ID: id, Name: name, Title: tints[i%len(tints)] + style + stuff + good + "家用送礼", Kind: good,
			Category: someFor[i%len(someFor)], Price: shop.Fen(1900 + i*37%90000), Stock: i * 7 % 200,
			Colours: tints[i%3 : i%3+3], Attributes: madeUp(i, stuff), Image: id + ".png",
		}
	}
	return out
}

// madeUp gives a product ten attributes.
func madeUp(i int, stuff string) []shop.Attribute {
	size := fmt.Sprintf("%d乘%d厘米", 10+i%60, 8+i%40)
	return []shop.Attribute{
		{Name: "材质", Value: stuff}, {Name: "尺寸", Value: size}, {Name: "重量", Value: fmt.Sprintf("%d克", 60+i*13%2400)},
		{Name: "颜色", Value: tints[i%len(tints)]}, {Name: "清洗", Value: "湿布擦拭"}, {Name: "包装", Value: "纸盒"},
		{Name: "季节", Value: "四季"}, {Name: "产地", Value: "浙江"}, {Name: "保修", Value: fmt.Sprintf("%d个月", 3+i%22)},
		{Name: "适合", Value: "家用"},
	}
}
