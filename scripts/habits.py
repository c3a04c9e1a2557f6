"""Six books with six habits, made of sentences of our own: what a proof of our own books would never meet.

A novel full of talk, a manual of code and addresses, poems, a report of wide tables and tall figures, essays with
quotations and notes from Taiwan, a treatise with formulas and literature. Each is made by chance from a number, and
is the same for the same number: `write(kind, folder, seed)`.
"""
# ruff: noqa: E501, PLR2004 (sentences and templates of Markdown; shares of chance)

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

Files = dict[str, str | bytes]

PROSE = (
    "雨是后半夜停的，屋檐还在滴水，院子里的那棵石榴树却已经直起了腰。",
    "他把信封翻过来看了看，没有邮戳，也没有寄信人的名字，只有一行铅笔写的小字。",
    "从车站到学校要走四十分钟，中间经过两座桥、一片菜地，还有一家从不开门的照相馆。",
    "一九八七年的冬天特别长，长得让人以为春天是别处的事情。",
    "账本上记着三百二十七笔账，最后一笔是一瓶酱油，八分钱，至今没有还。",
    "没有人知道那只钟是什么时候停的，大家只是渐渐习惯了在它面前抬起手腕。",
    "父亲种了一辈子的地，却总说自己不懂土：土会骗人，他说，尤其是黑的那种。",
    "火车开动的时候，她忽然想起窗台上的水壶忘了关火，于是整整一路都在闻那股并不存在的焦味。",
    "这件事情本来可以到此为止，可是第二天，送牛奶的人又敲响了门。",
    "海边的房子都朝着同一个方向开窗，好像约好了要一起等什么人。",
)
SAID = (
    "你到底去不去？",
    "再等等，天亮了再说。",
    "我早就跟你讲过：那条路走不通……",
    "谁？谁在那里！",
    "不是我不肯——是真的没有办法。",
    "这本《潮汐表》，你从哪里弄来的？",
    "他说‘明天’，可他每天都说‘明天’。",
    "行。",
)
WESTERN = (
    "先用 Python 3.11 建一个虚拟环境，再安装 WeasyPrint 与 pikepdf，一共要占大约 180 MB 的空间。",
    "请求发出以后，服务器返回的 status code 应当是 200；如果是 301 或 302，说明 redirect 没有处理好。",
    "缓存的 invalidation 是最难的部分，其次是命名，再其次才是 concurrency 与 internationalization。",
    "版本号遵循 semantic versioning：主版本号变了，接口就可能不兼容，例如从 2.9.1 升到 3.0.0。",
    "配置写在 `config.yaml` 里，键名一律小写，层级不要超过 3 层；详见 https://example.org/docs/reference/configuration/index.html 的说明。",
    "命令 `git rebase --interactive HEAD~3` 会打开编辑器，按 <kbd>Esc</kbd> 再输入 `:wq` 即可保存。",
    "读写速度约为 550 MB/s，是机械硬盘的 5 倍，而延迟只有 0.1 ms 左右。",
    '函数 `normalize_unicode_text(value, form="NFC", strip_control_characters=True)` 返回规范化以后的文字。',
    "这里的 responsibility 指的是“谁来负责”，而不是“谁有过错”，两者在 organization 里常被混为一谈。",
)
VERSES = (
    ("把灯熄了", "窗外的雪自己亮着", "一条路从门口出发", "走到很远的地方才停"),
    ("我数过桥上的石头", "一共三百六十五块", "有一块是松的", "那一天我总是走得很慢"),
    ("秋天把信寄错了地址", "落在邻居的院子里", "他捡起来，读了很久", "然后替我哭了一场"),
    ("水往低处流", "云往高处走", "只有炊烟不知道去哪里", "就在村子上面站着"),
)
FANCY = (
    "古人论画，说“外师造化，中得心源”，说的其实是一件事的两面。",
    "把一个词用滥，比不用它更糟；“时代”“情怀”“匠心”，如今谁还敢写？",
    "读书人讲究“知其然，知其所以然”，手艺人却常常倒过来：先会了，再慢慢明白。",
    "有人问他为什么不写回忆录，他答：“记得的都不值得写，值得写的都忘了。”",
    "（这当然是一句玩笑；不过，玩笑里常有真话。）",
    "街角的旧书店关了，换成一家卖奶茶的铺子，招牌上写着“岁月”两个字。",
)
THEORY = (
    "设 $f$ 在区间 $[a, b]$ 上连续，则存在 $\\xi \\in (a, b)$ 使得 $f'(\\xi) = 0$。",
    "样本量 $n = 1\\,024$ 时，估计的标准误约为 $\\sigma / \\sqrt{n}$，与理论值相差不到 2%。",
    "这一结论最早见于 Fisher 的论文[@fisher, 第 222 页]，后来的推广可以参看[@zhou; @li]。",
    "需要注意的是，相关并不意味着因果；@li 对此有过详细的讨论。",
    "在 $p < 0.05$ 的水平上，两组之间没有显著差异（$t = 1.37$，自由度为 48）。",
    "模型的参数由最大似然法给出，迭代 200 次以后收敛，计算用了 3.2 小时。",
)
REFERENCES = """\
@article{fisher, author={Fisher, Rowena A.}, title={On the Measurement of Uncertain Lines}, year={1925},
  journaltitle={Journal of Invented Statistics}, volume={22}, pages={200--225}, langid={english}}
@book{zhou, author={周明远}, title={统计推断二十讲}, year={2011}, publisher={南窗书局}, address={上海}, langid={chinese}}
@article{li, author={李素 and 王岩 and 陈小满 and 赵棠}, title={相关与因果之间}, year={2019}, journaltitle={方法论评论},
  volume={6}, number={2}, pages={31--48}, langid={chinese}}
"""


class _Writer:
    """Sentences by chance."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  # text, no secret

    def paragraph(self, pool: tuple[str, ...], least: int = 2, most: int = 6) -> str:
        return "".join(self.dice.choice(pool) for _ in range(self.dice.randint(least, most)))

    def many(self, count: int, make: Callable[[], str]) -> str:
        return "\n\n".join(make() for _ in range(count))


def novel(seed: int) -> Files:
    """Talk, dashes, dots, breaks between scenes; chapters without numbers."""
    writer = _Writer(seed)

    def piece() -> str:
        roll = writer.dice.random()
        if roll < 0.5:
            who = writer.dice.choice(("他说", "她问", "老人摇摇头", "", ""))
            said = writer.dice.choice(SAID)
            return f"“{said}”{who}{'。' if who else ''}"
        if roll < 0.55:
            return "\\* \\* \\*"
        return writer.paragraph(PROSE, 1, 5)

    chapters = {
        f"{n}.md": f"# {name}\n\n{writer.many(40, piece)}\n" for n, name in enumerate(("渡口", "无人应答的电话", "雪"))
    }
    return {"book.yaml": _settings("石榴树下", "page: {size: 32开, hanging-punctuation: true}", chapters), **chapters}


def manual(seed: int) -> Files:
    """Code, addresses, keys, nested lists, notices, on a small page."""
    writer = _Writer(seed)
    code = 'def read(path: Path) -> str:\n    """读一个文件。"""\n    return path.read_text(encoding="utf-8")  # 不要忘了编码\n'

    def piece() -> str:
        kind = writer.dice.randrange(8)
        text = writer.paragraph(WESTERN, 1, 3)
        if kind == 0:
            return f"```python\n{code * writer.dice.randint(1, 5)}```"
        if kind == 1:
            return "\n".join(f"{n}. {writer.dice.choice(WESTERN)}" for n in range(1, 5))
        if kind == 2:
            return f"- {text}\n    - {writer.dice.choice(WESTERN)}\n    - {writer.dice.choice(PROSE)}"
        if kind == 3:
            return f"::: {{.warning}}\n{writer.dice.choice(WESTERN)}\n:::"
        if kind == 4:
            return (
                f"## {writer.dice.choice(('安装与配置', '从命令行运行', '常见的错误和处理办法', 'API 一览'))}\n\n{text}"
            )
        return text

    chapters = {f"{n}.md": f"# 第 {n} 步\n\n{writer.many(24, piece)}\n" for n in range(1, 4)}
    return {
        "book.yaml": _settings("装好再说", "theme: manual\nnumber-sections: true\npage: {size: 大32开}", chapters),
        **chapters,
    }


def poems(seed: int) -> Files:
    """Verse in line blocks, a short poem to a chapter or several under one, a word before them."""
    writer = _Writer(seed)

    def poem() -> str:
        lines = "\n".join(f"| {line}" for line in writer.dice.choice(VERSES))
        more = "\n".join(f"| {line}" for line in writer.dice.choice(VERSES))
        return f"## {writer.dice.choice(('雪夜', '过桥', '错寄的信', '炊烟'))}\n\n{lines}\n|\n{more}"

    chapters = {
        f"{n}.md": f"# {name}\n\n{writer.paragraph(FANCY, 2, 3)}\n\n{writer.many(6, poem)}\n"
        for n, name in enumerate(("冬之卷", "途中"))
    }
    return {"book.yaml": _settings("雪自己亮着", "theme: essay\npage: {size: 32开}", chapters), **chapters}


def report(seed: int) -> Files:
    """Wide tables, tall figures and flat ones, references to both, on A4."""
    writer = _Writer(seed)
    files: Files = {}
    pieces = []
    for number in range(8):
        high = writer.dice.choice((420, 700, 1000, 1300))
        files[f"images/{number}.png"] = _chart(1300, high)
        pieces.append(
            f"{writer.paragraph(PROSE)}见 @fig:f{number}。\n\n![第 {number + 1} 季度的变化](images/{number}.png){{#fig:f{number}}}"
            f"\n\n{writer.paragraph(PROSE)}\n\n{writer.paragraph(WESTERN)}"
        )
        if number % 2:
            columns = writer.dice.randint(5, 9)
            head = "| " + " | ".join(f"指标{n}（万元）" for n in range(columns)) + " |"
            rows = "\n".join(
                "| " + " | ".join(f"{writer.dice.randint(100, 99_999_999):,}" for _ in range(columns)) + " |"
                for _ in range(writer.dice.randint(3, 12))
            )
            pieces.append(f"{head}\n|{'---:|' * columns}\n{rows}\n\n: 各项指标 {{#tbl:t{number}}}")
        if number % 3 == 0:
            pieces.append(f"## 第 {number} 组数据\n\n{writer.paragraph(PROSE)}")
    files["1.md"] = "# 情况\n\n" + "\n\n".join(pieces) + "\n"
    files["2.md"] = f"# 建议\n\n{writer.many(12, lambda: writer.paragraph(WESTERN))}\n"
    settings = "theme: report\nnumber-sections: true\npage: {size: A4}"
    return {"book.yaml": _settings("年度报告", settings, ("1.md", "2.md")), **files}


def essays(seed: int) -> Files:
    """Quotations within quotations, many notes, blocks quoted, a source in Traditional characters."""
    writer = _Writer(seed)
    notes = 0

    def piece() -> str:
        nonlocal notes
        text = writer.paragraph(FANCY, 2, 5)
        if writer.dice.random() < 0.5:
            notes += 1
            text = f"{text[:-1]}[^{notes}]{text[-1]}\n\n[^{notes}]: {writer.dice.choice(FANCY)}"
        elif writer.dice.random() < 0.4:
            text = "\n>\n".join(f"> {writer.paragraph(PROSE, 1, 3)}" for _ in range(2))
        return text

    chapters = {}
    for number, name in enumerate(("說玩笑", "舊書店", "手藝人的道理")):
        chapters[f"{number}.md"] = f"# {name}\n\n{_traditional(writer.many(16, piece))}\n"
    settings = _settings("街角", "page: {size: 25開}\nnotes: page", chapters).replace("lang: zh-CN", "lang: zh-TW")
    return {"book.yaml": settings, **chapters}


def treatise(seed: int) -> Files:
    """Formulas in lines and between them, literature, numbered sections, small tables."""
    writer = _Writer(seed)

    def piece() -> str:
        kind = writer.dice.randrange(6)
        if kind == 0:
            return "$$\n\\hat{\\beta} = \\arg\\min_{\\beta} \\sum_{i=1}^{n} (y_i - x_i^{\\top}\\beta)^2 + \\lambda \\lVert \\beta \\rVert_1\n$$"
        if kind == 1:
            return f"## {writer.dice.choice(('记号', '主要的结果', '证明的思路', '模拟与实例'))}\n\n{writer.paragraph(THEORY)}"
        if kind == 2:
            return "| 方法 | $n=50$ | $n=100$ |\n|:--|--:|--:|\n| 最小二乘 | 0.312 | 0.207 |\n| 岭回归 | 0.298 | 0.205 |\n\n: 均方误差"
        return writer.paragraph(THEORY, 2, 4)

    chapters: Files = {
        f"{n}.md": f"# {name}\n\n{writer.many(22, piece)}\n" for n, name in enumerate(("引论", "方法", "讨论"))
    }
    settings = _settings("线与线之间", "number-sections: true\nbibliography: refs.bib\npage: {size: 16开}", chapters)
    return {"book.yaml": settings, "refs.bib": REFERENCES, **chapters}


BOOKS: dict[str, Callable[[int], Files]] = {
    "novel": novel,
    "manual": manual,
    "poems": poems,
    "report": report,
    "essays": essays,
    "treatise": treatise,
}


def write(kind: str, folder: Path, seed: int) -> Path:
    """Write one of the books into a folder, which it returns."""
    for name, content in BOOKS[kind](seed).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _settings(title: str, more: str, chapters: object) -> str:
    names = ", ".join(str(name) for name in chapters)  # type: ignore[attr-defined]
    return f"title: {title}\nauthor: 佚名\nlang: zh-CN\nslug: book\neditions: [zh-CN, zh-TW]\nchapters: [{names}]\n{more}\n"


def _traditional(text: str) -> str:
    from opencc import OpenCC  # noqa: PLC0415  # only for what is typed in Simplified above

    return OpenCC("s2tw").convert(text).translate(str.maketrans("“”‘’", "「」『』"))


def _chart(across: int, down: int) -> bytes:
    import io  # noqa: PLC0415  # only here

    image = Image.new("RGB", (across, down), "#eef1f4")
    draw = ImageDraw.Draw(image)
    for bar in range(10):
        draw.rectangle(
            (60 + bar * 120, down - 40 - (bar * 37) % (down - 100), 140 + bar * 120, down - 40), fill="#4a6a8a"
        )
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()
