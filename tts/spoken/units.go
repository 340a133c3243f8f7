package spoken

import (
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

// unitNames maps the written unit after a number to its name. Case counts:
// m is a metre and M is a size or a million bytes.
var unitNames = map[string]string{
	"mm": "毫米", "cm": "厘米", "dm": "分米", "m": "米", "km": "公里", "KM": "公里", "CM": "厘米", "MM": "毫米",
	"mg": "毫克", "g": "克", "kg": "公斤", "KG": "公斤", "Kg": "公斤", "t": "吨", "lb": "磅", "oz": "盎司",
	"ml": "毫升", "mL": "毫升", "ML": "毫升", "L": "升", "l": "升",
	"m2": "平方米", "m3": "立方米", "cm2": "平方厘米", "cm3": "立方厘米", "km2": "平方公里",
	"W": "瓦", "kW": "千瓦", "KW": "千瓦", "kWh": "千瓦时", "V": "伏", "A": "安", "mA": "毫安", "mAh": "毫安时", "mah": "毫安时", "Wh": "瓦时",
	"Hz": "赫兹", "kHz": "千赫", "MHz": "兆赫", "GHz": "吉赫", "dB": "分贝",
	"°C": "摄氏度", "℃": "摄氏度", "°F": "华氏度", "°": "度",
	"KB": "千字节", "MB": "兆", "M": "兆", "GB": " 记", "G": " 记", "TB": " 替", "T": " 替", "K": " 开", "P": " 批",
	"km/h": "公里每小时", "m/s": "米每秒", "元/件": "元每件",
	"h": "小时", "min": "分钟", "s": "秒", "ms": "毫秒", "pcs": "件", "PCS": "件", "w": "万", "k": "千", "dpi": "点每英寸", "px": "像素",
	"寸": "寸", `"`: "英寸", "″": "英寸", "rpm": "转每分钟",
	"Mbps": "兆每秒", "Gbps": "吉每秒", "MB/s": "兆每秒", "μm": "微米", "μg": "微克", "lm": "流明", "Ah": "安时", "kPa": "千帕", "Pa": "帕", "ft": "英尺",
}

// unitForm alternates the units, longest first, so that kg is not read as k.
var unitForm = unitsFrom(1)

// longUnitForm leaves out the units of one letter: behind a space those are
// rather sizes or parts of a name.
var longUnitForm = unitsFrom(2)

func unitsFrom(length int) string {
	names := make([]string, 0, len(unitNames))
	for u := range unitNames {
		if utf8.RuneCountInString(u) >= length {
			names = append(names, regexp.QuoteMeta(u))
		}
	}
	sort.Slice(names, func(i, j int) bool {
		if len(names[i]) != len(names[j]) {
			return len(names[i]) > len(names[j])
		}
		return names[i] < names[j]
	})
	return strings.Join(names, "|")
}

// currencies maps the sign in front of a sum to the word behind it.
var currencies = map[string]string{
	"¥": "元", "RMB": "元", "CNY": "元", "$": "美元", "US$": "美元", "USD": "美元", "HK$": "港币", "HKD": "港币", "€": "欧元", "£": "英镑",
}
