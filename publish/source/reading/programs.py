"""Lines of a program that were typed as text: told by the grammar of statements, which no sentence has.

A line is surely a statement (`print("好")`, `int n = 1;`), may be one (`else:`, `x = 1`), or is none. Lines beside each
other that are or may be statements are a program where one of them surely is. Chinese is only in strings and remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|(?<!\w)'(?:[^'\\\n]|\\.)*'|`[^`\n]*\$\{[^`\n]*`")
_REMARK = re.compile(r"(?:^|(?<=[\s;,{}()\"]))(?:(?<!:)//|#(?![0-9a-fA-F]{3,8}\b)|--[ ]|/\*).*$")
_FOREIGN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef“”‘’…—`]|\]\(")
_LISTED = re.compile(r"[ \t]*(?:[-*+>|:~]|\d{1,9}[.)]|\[\^?[^\]\n]*\]:)(?:[ \t]|$)|[ \t]*[<\\|]|:::")
_NAME = r"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*"
_PLACE = rf"[*&]?{_NAME}(?:\[[^\[\]]*\])*"  # what a value is given to
_KINDS = r"[\w.:]+(?:<[\w<>\[\], ?.]*>)?(?:\[\])*[*&]{0,2}"  # String[], Map<A, B>, char *
_ASSIGNED = r"[ \t]*(?:[-+*/%&|^]|//|<<|>>|\*\*)?=(?![=>])[ \t]*"
_TYPES = (
    r"(?:int|long|short|float|double|char|bool(?:ean)?|void|unsigned|String|auto|const|let|var|final|static"
    r"|public|private|protected)"
)
_VALUE = (
    r"(?:[fru]?\"\"[^\s]?.*|new[ \t]\w.*|(?:await[ \t])?[A-Za-z_]\w*(?:\.\w+)+\(.*\)|\w+\(\)|None|True|False|null"
    r"|true|false|lambda\b.*|input\(.*\)|\[\"\".*\]|\{\"\".*\})"
)
_SURE = re.compile(
    "|".join(
        (
            # with the mark of its end
            rf"(?![A-Za-z][ ]*=[^\"(]*;$)(?:{_KINDS}[ \t]+){{0,4}}{_PLACE}{_ASSIGNED}\S.*;",  # A = {{1, 2}}; is a set
            rf"(?:(?:return|throw|await|yield|new|delete|echo)[ \t]+)*{_NAME}[ \t]?\(.*\)(?:\.\w+\(.*\))*;",
            r"(?:return|throw|goto|delete)\b(?!.*\b[a-z]+ [a-z]+ [a-z]+\b)[^;]*;|(?:break|continue);",
            rf"{_TYPES}[ \t].*;|{_PLACE}(?:\+\+|--);|(?:\+\+|--){_PLACE};",
            r"(?:using namespace|package|import(?: static)?)[ \t]+[\w.:]+(?:\.\*)?;",
            r"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE \w+|ALTER TABLE)[ \t]+[\w*,.() \t]+",
            r"[.#]?[\w.#:>, -]+\{(?:[ \t]*[\w-]+[ \t]*:[^{};]+;?)+[ \t]*\}",
            r"(?i:select|insert into|update|delete from|create \w+|alter table|drop \w+|use|show)[ \t].*;",
            # calls: of something within something, or with a string
            r"[a-z_]\w*(?:\.[A-Za-z_]\w*)+\([^()]*(?:\([^()]*\)[^()]*)*\)(?:\.\w+\(.*\))*",
            rf"(?:await[ \t]+)?{_NAME}\((?=[^\n]*\"\").*\)",
            # what a name is given: a string, an object, what such a call gives
            rf"(?:(?:const|let|var|val|final)[ \t]+)?{_PLACE}(?:, *{_PLACE})*[ \t]*:?=(?!=)[ \t]*{_VALUE}",
            rf"(?:const|var|val)[ \t]+{_PLACE}[ \t]*=[ \t]*\S.*",
            rf"(?:std::)?(?:cout|cin|cerr)[ \t]*(?:<<|>>).*|{_PLACE}[ \t]*<-[ \t]*{_NAME}\(.*\)",
            # what is taken in, what is defined
            r"from[ \t]+[\w.]+[ \t]+import[ \t]+(?:\(?|[\w*, ]+\)?)(?: as \w+)?|import[ \t]+[\w.]+[ \t]+as[ \t]+\w+",
            r"(?:async[ \t]+)?def[ \t]+\w+\(.*\)(?:[ \t]*->[ \t]*.+)?:.*|class[ \t]+\w+(?:\(.*\))?:",
        )
    )
)
_DIRECTIVE = re.compile(
    r"#[ ]?(?:include[ \t]*[<\"][\w./+-]+[>\"]|define[ \t]+\w+|ifn?def[ \t]+\w+|endif\b|pragma[ \t]).*"
)
_HEAD = re.compile(
    r"(?:el)?if[ \t(].+:|for[ \t].+[ \t]in[ \t].+:|while[ \t(].+:|with[ \t].+:|except\b.*:|(?:else|try|finally)[ \t]*:"
    r"|match[ \t].+:|case[ \t].+:|default:"
)
_PERHAPS = re.compile(
    "|".join(
        (
            rf"{_PLACE}(?:, *{_PLACE})*[ \t]*(?::[ \t]*[\w\[\], .|]+)?{_ASSIGNED}\S.*|{_NAME}[ \t]+:=[ \t]*\S.*",
            rf"(?:await[ \t]+|new[ \t]+)?{_NAME}\(.*\)(?:\.\w+\(.*\))*[;,:]?|{_NAME}\([^()]*",
            r"(?:if|for|while|switch|else if|elif|catch|foreach|until)[ \t]*\(.*\).*|(?:else|do)[ \t]*\{?",
            r"(?:return|raise|assert|yield|global|del|import|package)(?:[ \t].*)?",
            r"break|continue|pass|end|done|fi|then|begin",
            rf"(?:{_KINDS}[ \t]+){{1,5}}{_PLACE}[ \t]*\(.*\)(?:[ \t]*(?:throws|const|override)\b.*)?[ \t]*\{{?",
            r"(?:(?:public|private|abstract|final|export)[ \t]+)*(?:class|interface|enum|struct)[ \t]+\w+.*",
            rf"(?:{_KINDS}[ \t]+){{1,4}}{_PLACE}(?:,[ \t]*{_PLACE})*;",
            rf"{_NAME}(?:\(.*\))?[ \t]*(?:[=!]==?|&&|\|\||<=|>=)[ \t]*\S.*",
            r"[\[\](){}]+[;,]?|[)\]}]+.*[;,{(\[]|\"\",?|@[A-Za-z][\w.]*(?:\(.*\))?|;",
            r"(?:SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|(?:\w+ )?JOIN|SET|VALUES|ON|AND|UNION)\b.*",
        )
    )
)
_OPENING = re.compile(  # what ends with a brace; a rule of CSS that begins behind it
    r"(?:[\w\"')\]$@.#][^\n]*?)?[ \t]*\{|[.#]?[\w.#:>, -]+\{[ \t]*[\w-]+[ \t]*:[^{};]+;"
)
_TAKES = re.compile(r"import\b.*['\"]")
_OTHERS_OWN = re.compile(r"(?:import|export)\b|\{[%{<]|@\w|:::")  # of MDX, of templates
_CSS = re.compile(r"[ \t]*[\w-]+[ \t]*:[ \t]*[^;{}]+;?")
_ENDS = re.compile(r"[{};,(\[:]$|^[)\]}]+[;,]?$|^\"\"[ \t]*:")
_HEADINGS = 3  # columns that a heading may stand in
_LONGEST = 400  # lines between two braces
_FEW = 2  # lines with a brace that are a slip, or a set: {1, 2}
_TRIPLE = re.compile(r"\"\"\"|'''")
# What one line at least of each program has: looked for first, in all lines at once.
HINT = re.compile(
    r"[;{][ \t]*(?:(?://|#|/\*).*)?$|^[ \t]*[A-Za-z0-9_$.]+\(.*[\"'].*\)|^[ \t]*[a-z_][\w.]*\.\w+\("
    r"|=[ \t]*[\"'A-Za-z0-9_\[{]|^[ \t]*(?:def|class|from|import|#include) ",
    re.MULTILINE,
)
_ENVIRONMENT = re.compile(
    r"^[ \t>]*\\begin\{[A-Za-z]+\*?\}", re.MULTILINE
)  # of a formula, whose braces are no program's
_LONGEST_LINE = 400  # characters: nobody has typed more


def programs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From which line to which a program stands in lines of text, blank ones among them."""
    at, until = 0, -1
    while at < len(texts):
        if at > until:  # a paragraph begins
            until = next((one for one in range(at, len(texts)) if not texts[one].strip()), len(texts))
            paragraph = "\n".join(texts[at:until])
            if not HINT.search(paragraph) or _ENVIRONMENT.search(paragraph):
                at = until + 1
                continue
        if skipped := _of_others(texts, at):
            at = skipped
            continue
        end = _program(texts, at)
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _of_others(texts: Sequence[str], at: int) -> int:
    """The place behind what MDX exports or imports from `at` on; 0 for none."""
    if not _OTHERS_OWN.match(texts[at]) or _is_led(texts, at):
        return 0
    return _closed(texts, at) or (at + 1 if re.match(r"(?:import|export)\b.*['\"{]", texts[at]) else 0)


def _program(texts: Sequence[str], begun: int) -> int:
    """The place behind the program that begins at a line; `begun` where none does."""
    at, end, sure, count, depth = begun, begun, 0, 0, 0
    while at < len(texts):
        if not texts[at].strip():
            if not sure or not _goes_on(texts, at + 1):
                break
            at += 1
            continue
        closed = 0 if depth else _closed(texts, at)
        quoted = 0 if closed or at == begun else _quoted(texts, at)
        first = at == begun and not _is_led(texts, at)
        takes = at == begun and _TAKES.match(texts[at]) and not first  # below a sentence that announces it
        told = 2 * bool(closed or takes) or int(bool(quoted)) or weight(texts, at, inside=depth > 0, first=first)
        if not told:
            break
        depth = depth if closed or quoted else max(depth + _balance(texts[at]), 0)
        sure += told > 1
        end = closed or quoted or at + 1
        count += end - at
        at = end
    return end if sure and (count > 1 or _is_alone(texts, begun, end)) else begun


def _is_led(texts: Sequence[str], at: int) -> bool:
    """Whether what stands above announces a program: 再写 .env：, a blank line between them or not."""
    above = next((text for text in reversed(texts[:at]) if text.strip()), "")
    return above.rstrip().endswith(("：", ":"))


def _is_alone(texts: Sequence[str], begun: int, end: int) -> bool:
    """Whether a single line is a paragraph, and has what must not be changed in it: straight quotes, a semicolon."""
    beside = [texts[at] for at in (begun - 1, end) if 0 <= at < len(texts)]
    return not any(map(str.strip, beside)) and bool(re.search(r"[\"';]", texts[begun]))


def _goes_on(texts: Sequence[str], at: int) -> bool:
    """Whether the next lines that are not blank may all be statements, and one of them is, or they are indented."""
    while at < len(texts) and not texts[at].strip():
        at += 1
    begun, sure = at, at < len(texts) and texts[at][0].isspace()
    while at < len(texts) and texts[at].strip():
        closed = _closed(texts, at)
        told = 2 if closed else weight(texts, at, first=at == begun)
        if not told:
            return False
        sure |= told > 1
        at = closed or at + 1
    return at > begun and sure


def weight(texts: Sequence[str], at: int, *, inside: bool = False, first: bool = False) -> int:
    """2 for a line that surely is a statement, 1 for one that may be one, 0 for one that is none.

    `inside`: within brackets that a line above has opened.
    """
    text = texts[at]
    if len(text) > _LONGEST_LINE or not text.strip():
        return 0
    if text.lstrip().startswith("#"):  # a remark, where no heading begins here
        remark = indent(text) > _HEADINGS or not (first or text.startswith("##"))
        return 2 if _DIRECTIVE.match(text.lstrip()) else int(remark)
    if _LISTED.match(text) and not inside:
        return 0
    bare = _bare(text)
    if _FOREIGN.search(bare):
        return 0
    if not bare:
        return 1  # a remark
    if _SURE.fullmatch(bare) and bare.count("(") == bare.count(")"):
        return 2
    if _HEAD.fullmatch(bare):
        after = next((one for one in texts[at + 1 : at + 3] if one.strip()), "")
        return 2 if indent(after) > indent(text) and weight([after], 0) else 1
    return int(inside or bool(_PERHAPS.fullmatch(bare)))


def _closed(texts: Sequence[str], begun: int) -> int:
    """The place behind the line that closes the brace which a line ends with, where what stands between is a program's.

    Where none closes it, the place behind its paragraph; 0 where it is no program's.
    """
    opening = _bare(texts[begun])
    if not _OPENING.fullmatch(opening) or _LISTED.match(texts[begun]) or _FOREIGN.search(opening):
        return 0
    few = _FEW - (";" in opening)
    depth = lines = ended = broken = 0
    program = False
    for at in range(begun, min(begun + _LONGEST, len(texts))):
        bare = _bare(texts[at])
        if _FOREIGN.search(bare.replace("`", "")) or "```" in texts[at]:
            return broken or (at if program else 0)
        lines += bool(texts[at].strip())
        ended += bool(_ENDS.search(bare) or _CSS.fullmatch(bare))
        depth += bare.count("{") - bare.count("}")
        program = lines > few and 3 * ended >= 2 * lines
        if depth <= 0:
            return at + 1 if program else 0
        if program and not broken and not "".join(texts[at + 1 : at + 2]).strip():
            broken = at + 1
    return broken


def is_foreign(text: str) -> bool:
    """Whether a line has what no program has outside its strings and remarks: Chinese."""
    return bool(_FOREIGN.search(_bare(text)))


def _quoted(texts: Sequence[str], begun: int) -> int:
    """The place behind a string of three quotation marks that a line opens; 0 for none."""
    marks = _TRIPLE.findall(texts[begun])
    if len(marks) != 1:
        return 0
    return next((at + 1 for at in range(begun + 1, len(texts)) if marks[0] in texts[at]), 0)


def _bare(text: str) -> str:
    """A line without its indent, its strings' words and its remark."""
    return _REMARK.sub("", _STRING.sub('""', text)).strip()


def _balance(text: str) -> int:
    bare = _bare(text)
    return sum(map(bare.count, "([")) - sum(map(bare.count, ")]"))


def indent(text: str) -> int:
    """How many columns a line stands in."""
    whole = text.expandtabs(4)
    return len(whole) - len(whole.lstrip(" "))
