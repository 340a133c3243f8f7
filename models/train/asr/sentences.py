"""Texts that a shopper says, with toned pinyin: filled templates, digit strings, and turns of CrossWOZ.

`python sentences.py --data ../shared/data` prints a sample.
"""

import gzip
import json
import random
import re
from pathlib import Path

from pypinyin import Style, lazy_pinyin

import recordings
import units

DIGITS = "零一二三四五六七八九"
SAID = dict(zip("0123456789", DIGITS))
SLOTS = {
    "shop": "旗舰店 客服 小店 你们店 专卖店 超市 天猫店".split(),
    "thing": "订单 包裹 快递 物流 退款 积分 优惠券 发票 余额 会员".split(),
    "item": ("杯子 花瓶 衣服 裤子 裙子 鞋子 帽子 外套 毛衣 衬衫 袜子 围巾 手套 手机 手机壳 耳机 充电器 数据线 电脑 键盘 鼠标 音箱 "
             "台灯 水壶 保温杯 碗 盘子 锅 刀 筷子 毛巾 被子 枕头 床单 窗帘 桌子 椅子 书包 背包 行李箱 雨伞 手表 项链 戒指 眼镜 口红 面膜 "
             "洗面奶 牙膏 洗衣液 茶叶 咖啡 牛奶 饼干 水果 苹果 橙子 坚果 蛋糕 玩具 积木 娃娃 书 本子 钢笔 电饭锅 吹风机 剃须刀 风扇 空调 "
             "冰箱 洗衣机 电视 相机 地毯 镜子 垃圾桶 收纳盒 晾衣架 运动鞋 皮鞋 拖鞋 羽绒服 牛仔裤 连衣裙 睡衣 内衣").split(),
    "state": "坏 碎 破 裂 脏 湿 压坏 摔碎 划伤 变形 开裂 掉色 发霉 断 漏 弯 生锈 磨损 缺角 破洞 坏掉".split(),
    "colour": "红色 黑色 白色 蓝色 绿色 黄色 灰色 紫色 粉色 棕色 橙色 米色 深蓝 浅灰 银色 金色 咖啡色 卡其色".split(),
    "size": "大号 小号 中号 加大号 均码 三十八码 三十九码 四十码 四十一码 四十二码 三十六码 三十七码 二十八 特大号 最大号".split(),
    "day": ("今天 明天 后天 昨天 前天 上周 下周 周一 周二 周三 周四 周五 周六 周日 星期一 星期二 星期三 星期四 星期五 星期六 星期天 "
            "这周末 月底 上个月 国庆节 双十一").split(),
    "time": "上午 下午 中午 晚上 早上 八点 九点 十点 十一点 十二点 一点 两点 三点 四点半 五点 六点 七点半 晚上八点 下午两点 上午十点".split(),
    "courier": "顺丰 中通 圆通 申通 韵达 京东 邮政 极兔 德邦".split(),
    "place": "门口 快递柜 驿站 菜鸟驿站 公司 前台 楼下 物业 小区门口 保安室 学校 家里 超市 办公室".split(),
    "who": "孩子 老人 女生 男生 妈妈 爸爸 朋友 老婆 老公 宝宝 孕妇 学生 小朋友 两岁宝宝".split(),
    "surname": "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 潘 袁 蔡 蒋 余".split(),
    "given": "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建国 志强 小红 小明 晓东 海燕 玉兰 文静 子涵 雨欣 浩然".split(),
    "hundreds": "一百 两百 三百 五百 一千".split(),
    "tens": "十 二十 三十 四十 五十 六十 七十 八十 九十".split(),
    "street": "人民路 中山路 解放路 建设路 和平路 文化路 新华路 北京路 南京路 学院路 花园路 长江路".split(),
}


def number(n):
    """0..99,999 in Chinese, as spoken."""
    if n < 10:
        return DIGITS[n]
    out, zero = "", False
    for unit, size in (("万", 10000), ("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, n = divmod(n, size)
        if digit:
            out += ("零" if zero and out else "") + DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return out[1:] if out.startswith("一十") else out


def spoken_digits(text, rng):
    """A digit string character by character; 1 is yao or yi, as people do."""
    one = rng.choice("一幺")
    return "".join(one if c == "1" else SAID[c] for c in text)


class Texts:
    """Draws sentences (hanzi only, no punctuation)."""

    def __init__(self, data):
        lines = (recordings.HERE / "templates.txt").read_text(encoding="utf-8").splitlines()
        self.templates = [line for line in lines if line and not line.startswith("#")]
        self.answers = [t for t in self.templates if "{" not in t and len(t) <= 4] + list(DIGITS + "幺两十百") * 5
        self.places = self._places(Path(data) / "dialog" / "admin-divisions" / "pca-code.json")
        self.turns = self._turns(Path(data) / "dialog" / "crosswoz" / "turns_val.jsonl.gz")

    @staticmethod
    def _places(path):
        pairs = []
        for province in json.loads(path.read_text(encoding="utf-8")):
            for city in province["children"]:
                name = province["name"] if city["name"] in ("市辖区", "县") else city["name"]
                pairs += [(name, d["name"]) for d in city["children"]]
        return pairs

    @staticmethod
    def _turns(path):
        clauses = []
        with gzip.open(path, "rt", encoding="utf-8") as f:
            for line in f:
                for clause in re.split(r"[，。！？；、,.!?~：:（）()\s]", json.loads(line)["text"]):
                    if 2 <= len(clause) <= 16 and re.fullmatch(r"[一-鿿0-9]+", clause):
                        clauses.append(clause)
        return clauses

    def _slot(self, name, rng):
        if name in SLOTS:
            return rng.choice(SLOTS[name])
        if name.startswith("digits"):
            return spoken_digits("".join(rng.choice("0123456789") for _ in range(int(name[6:]))), rng)
        if name == "phone":
            return spoken_digits("1" + rng.choice("35789") + "".join(rng.choice("0123456789") for _ in range(9)), rng)
        if name == "name":
            return rng.choice(SLOTS["surname"]) + rng.choice(SLOTS["given"])
        if name in ("city", "district"):
            return rng.choice(self.places)[name == "district"]
        if name == "price":
            return number(rng.randint(1, rng.choice((100, 1000, 10000)))) + rng.choice(("块", "元", "块钱", ""))
        ranges = {"number": (1, 30), "month": (1, 12), "monthday": (1, 31), "two": (50, 90), "weight": (80, 180)}
        return number(rng.randint(*ranges[name]))

    def answer(self, rng):
        """What is said alone: yes, no, a digit, a greeting."""
        return rng.choice(self.answers)

    def draw(self, rng):
        """One sentence; nearly half from templates, a fifth digit strings, the rest everyday clauses of CrossWOZ."""
        kind = rng.random()
        if kind < 0.55:
            return re.sub(r"{(\w+)}", lambda m: self._slot(m[1], rng), rng.choice(self.templates))
        if kind < 0.70:
            return spoken_digits("".join(rng.choice("0123456789") for _ in range(rng.randint(1, 11))), rng)
        clause = rng.choice(self.turns)
        return re.sub(r"\d+", lambda m: number(int(m[0][-5:])), clause)


def pinyin(text):
    """Toned pinyin of the table for each character, for example ["yao1", "ni3"]; None when one is unknown."""
    out = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
    out = ["yao1" if c == "幺" else p for c, p in zip(text, out)] if len(out) == len(text) else out
    return out if all(units.base(p) for p in out) else None


def main():
    args = recordings.arguments(__doc__).parse_args()
    texts, rng = Texts(args.data), random.Random(1)
    for _ in range(40):
        text = texts.draw(rng)
        print(text, " ".join(pinyin(text) or ["?"]))


if __name__ == "__main__":
    main()
