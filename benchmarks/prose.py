"""A novel of a wanted length that has much to decide: prose of our own, put together by a seed, no sentence twice."""

from __future__ import annotations

import random
from pathlib import Path

_WHO = "老周 小余 阿发 姑姑 掌柜 表叔 船工 郁先生 里长 范师傅 沈大夫 厨娘 学徒 邻居 堂弟 护士 会计 木匠".split()
_WHEN = "天刚亮 过了正午 散场之后 下了半日雨 到了月底 那年秋天 饭后 半夜里 收工以后 开春时 第二天 雨停了".split()
_WHERE = "码头上 茶馆里 后院 山下的学校 台阶前 布店门口 河对岸 谷仓旁 祠堂里 车站 面馆 老屋里 田埂上 井台边".split()
# Words whose Traditional form only their sense tells, and words that nobody doubts, in halves of a sentence.
_FIRST = (
    "{who}把晒干的{what}收进筐里",
    "{who}说这件事只有他一个人干得了",
    "{who}一面看表一面数着墙上的表",
    "{who}托人带来一封信",
    "{who}在{where}摆了几张桌子",
    "{who}的头发全白了",
    "{who}从柜台后面拿出一个布包",
    "{who}向{who2}借了一回钱",
    "{who}想起里头还有一盒{what}",
    "{who}和{who2}为了一斗谷子吵了半天",
    "{who}把窗帘卷起来又放下去",
    "{who}站在{where}不出声",
    "{who}采了几把野菜回来",
    "{who}复又坐下来说了一遍",
    "{who}系着围裙走了出来",
    "{who}丑时才睡下",
    "{who}征得{who2}同意才动手",
    "{who}舍不得那只老钟",
)
_SECOND = (
    "{who2}听了只是笑",
    "{who2}却说余下的都不用管了",
    "没有人知道后来怎么样了",
    "锅里的面还热着",
    "只见{where}已经站满了人",
    "{who2}干脆把门关上",
    "谁也不肯先松口",
    "那些{what}一直放在原处",
    "{who2}准时到了{where}",
    "几个人在{where}等了一夜",
    "一千只鸟从{where}飞过去",
    "连{who2}也没有吃出咸味来",
    "{who2}的胡须上沾着水",
    "最后还是{who2}出的钱",
    "这一仗打得不知胜负",
    "{who2}注意到那台旧机器又转了起来",
    "屋里云集了各处来的人",
    "{who2}当面把账算清了",
)
# Sentences with nothing to decide.
_PLAIN = (
    "他没有说话，只是看着窗外的雨",
    "孩子们在院子中间跑来跑去",
    "街上的灯一盏接一盏地亮了",
    "那天的风很大，树叶落了一地",
    "她把信折好，放回抽屉最底下",
    "船慢慢靠岸，人们提着行李下来",
    "大家都说今年的收成比去年好",
    "他走得很慢，好像每一步都要想一想",
    "水烧开了，屋子渐渐暖和起来",
    "谁都不愿意第一个离开",
    "这条路他走过很多次，闭着眼睛也认得",
    "火车晚点了，我们在月台坐到天亮",
)
_SIGN = "{where}的木牌写着“{sign}”，{who}念了两遍"
_ASKED = "干后里发面只系复准表台谷采松卷借克布志朱蒙胜丑舍"
_BESIDE = "大小春夏东西南北山水月日明安和平长青白金木花林石田王方正文天地人心高新古今清风雨海江"
_DOUBTED = 0.1  # the share of sentences that may have something to decide: one place in a hundred characters
_WHAT = "辣椒 茶叶 药材 木板 棉布 核桃 咸菜 麦子 松针 生姜 布料 旧书 瓦罐 种子 皮革 纸张".split()
_ENDS = "。。。。！？"
_EACH = 6  # sentences of a paragraph


def write_novel(target: Path, characters: int, chapters: int, editions: str) -> int:
    """Write a book with so many characters of text in so many chapters; their number."""
    dice = random.Random(characters)  # noqa: S311  # the same book each time
    target.mkdir(parents=True)
    names = [f"{number:02d}.md" for number in range(1, chapters + 1)]
    wanted, written = characters // chapters, 0
    for number, name in enumerate(names, 1):
        text = f"# 第{number}回\n"
        while len(text) < wanted:
            text += "\n" + "".join(_sentence(dice) for _ in range(_EACH)) + "\n"
        (target / name).write_text(text, encoding="utf-8")
        written += len(text)
    listed = "\n".join(f"  - {name}" for name in names)
    settings = f"title: 长书\nlang: zh-CN\nchapters:\n{listed}\neditions: [zh-CN, {editions}]\n"
    (target / "book.yaml").write_text(settings, encoding="utf-8")
    return written


def _sentence(dice: random.Random) -> str:
    if dice.random() > _DOUBTED:
        return dice.choice(_PLAIN) + dice.choice(_ENDS)
    who, other = dice.sample(_WHO, 2)
    words = {"who": who, "who2": other, "where": dice.choice(_WHERE), "what": dice.choice(_WHAT)}
    words["sign"] = dice.choice(_BESIDE) + dice.choice(_ASKED) + dice.choice(_BESIDE)
    when = dice.choice((*_WHEN, "", "", ""))
    start = f"{when}，" if when else ""
    said = dice.choice((_SIGN, f"{dice.choice(_FIRST)}，{dice.choice(_SECOND)}"))
    return start + said.format(**words) + dice.choice(_ENDS)
