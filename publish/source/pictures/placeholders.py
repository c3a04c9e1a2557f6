"""Names that editors, sites and cameras give to pictures, which tell a reader nothing."""

from __future__ import annotations

import re

_WORDS = (
    "image|img|alt|alt text|image title|image description|enter image description here|图片|圖片|图片描述|圖片描述|"
    "在这里插入图片描述|在這裡插入圖片描述|输入图片说明|输入图片描述|请输入图片描述|这里写图片描述|点击查看大图"
)
_NAME = re.compile(
    rf"(?:{_WORDS})"
    r"(?:[\s_-]*\(?\d+\)?)*"
    r"|(?:image|img|pasted image|snipaste|screen ?shot|wx|wechatimg|qq截图|qq图片|微信截图|微信图片|企业微信截图|"
    r"屏幕截图|屏幕快照|截屏|螢幕擷取畫面|螢幕快照|mmexport|dsc)"
    r"[\s_-]*[\d\s_.:年月日上下午-]{4,}(?:at [\d. :apm]+)?"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[\d_-]{8,}"
    r"|\S+\.(?:png|jpe?g|gif|webp|svg|bmp|awebp)|[\w-]+\.(?:png|jpe?g|gif|webp)\.?\w*",
    re.IGNORECASE,
)


def says_nothing(description: str) -> bool:
    """Whether a picture's description is none: image-20210302112233, 在这里插入图片描述, Pasted image 2024…, a.png."""
    return bool(_NAME.fullmatch(" ".join(description.split())))
