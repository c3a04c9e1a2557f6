"""How Taiwan reads Han characters, where it reads them otherwise than the mainland: 垃圾 is ㄌㄜˋ ㄙㄜˋ.

By 《國語一字多音審訂表》(教育部, 1999), which settled other readings than 《普通话异读词审音表》(1985);
held against the tables of the input method McBopomofo.
"""

from __future__ import annotations

# The mainland's reading, Taiwan's, and the characters of Taiwan's forms that are read so.
_READINGS = """
ai1 ai4 噯; an3 an1 銨; bai1 bo4 擘; bai3 bo2 柏; bao2 bo2 薄; beng3 beng1 繃; bing3 bing4 摒; bo1 bo4 播
chan4 zhan4 顫; chen1 zhen3 縝; chu3 chu2 儲; ci2 ci1 雌; dang4 dang3 檔; dao3 dao4 蹈; di1 ti2 堤隄
die1 die2 跌; dun1 dun4 噸; duo2 duo4 踱; fa2 fa1 伐; fa1 fa3 髮; fa4 fa3 髮; fan1 fan2 帆; fan3 fan2 釩; feng3 feng4 諷
fu4 fu2 縛; gang3 gang1 崗; gou1 kou4 佝; guai1 guo2 摑; gui4 kuai4 檜劊; gui4 kui4 匱; he4 he2 褐; he4 huo4 壑
hong4 hong2 訌; ji1 ji2 擊; ji1 qi4 緝; ji1 se4 圾; ji2 ji3 脊; ji4 ji1 績跡蹟; ji4 ji2 寂; jia1 jia2 浹夾
jiao4 xiao4 酵; jin3 jin4 盡; jiu1 jiu4 究; ju1 ju2 鞠掬; jun1 jun4 菌; kan4 kan3 崁; kuang4 kuang1 框眶
kuo4 gua1 括; la1 le4 垃; lao4 luo4 酪烙; lian3 lian4 斂; lin1 ling1 拎; mao2 li2 犛; mi4 bi4 泌; ming3 ming2 酩
nao2 rao2 蟯; ni1 ni2 妮; nian1 nian3 拈; piao1 piao4 剽; po1 bo2 泊; po1 po3 頗; pu3 pu2 樸蹼; qi1 qi2 期
qi3 qi4 企; qiang1 qiang2 戕; qiao1 qiao3 悄; qu1 qu2 麴; sha1 cha4 剎; sha4 xia4 廈; shan1 zha4 柵; she4 zhe2 懾
shi2 shi4 識; shi4 si4 似; shu1 shu2 叔淑菽; shu1 shu4 倏; shu3 shu4 曙; sou1 sao1 艘; ta3 ta4 獺; ti2 ti4 銻
tiao1 tiao2 佻; tu1 tu2 凸突; tui4 tun4 褪; wan3 wan4 惋; wei1 wei2 微危薇巍; wei3 wei4 偽; wen3 wen4 紊
wo1 gua1 蝸; wu1 wu2 誣; xi1 xi2 昔息惜錫熄; xi1 xi4 夕汐翕; xi3 xi1 禧; xiao2 yao2 淆; xie1 xie4 楔; xie2 xi1 攜
xue1 xue4 削; xue2 xue4 穴; xue4 xie3 血; xun4 xun2 馴; ya2 ye2 琊; ya2 yai2 崖; ye1 ye2 椰; ye1 yi4 掖; ye4 yi4 曳
yi4 yi2 誼; yin1 yin4 蔭; yong1 yong3 擁; zan4 zhan4 暫; zei2 ji4 鯽; zhe1 zhe2 蜇; zhi4 jie2 櫛; zhi4 zhi2 擲質
zhou4 zou4 驟; zhu4 zhu2 築; zhu4 zhu3 貯; zhuo1 zhuo2 拙卓; zong1 zong4 綜; zuo2 zhuo2 琢
"""
# Words in which Taiwan reads a character otherwise than elsewhere, or as the mainland does.
_WORDS = {
    "標識": "biao1 zhi4", "人質": "ren2 zhi4", "質押": "zhi4 ya1", "法國": "fa4 guo2", "法文": "fa4 wen2",
    "法語": "fa4 yu3", "法蘭西": "fa4 lan2 xi1", "法郎": "fa4 lang2", "說服": "shui4 fu2", "連累": "lian2 lei4",
    "削鉛筆": "xiao1 qian1 bi3",
}  # fmt: skip
_BY_CHARACTER = {
    (char, mainland): taiwan
    for mainland, taiwan, chars in (row.split() for row in _READINGS.replace("\n", ";").split(";") if row.strip())
    for char in chars
}


def read_in_taiwan(han: str, readings: list[str]) -> list[str]:
    """The readings of a text in Taiwan; `readings` are the mainland's, one for each character, with tones in digits."""
    made = [_BY_CHARACTER.get(pair, pair[1]) for pair in zip(han, readings, strict=True)]
    for word, said in _WORDS.items():
        at = han.find(word)
        while at >= 0:
            made[at : at + len(word)] = said.split()
            at = han.find(word, at + 1)
    return made


__all__ = ["read_in_taiwan"]
