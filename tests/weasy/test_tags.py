"""The structure of a PDF: each element says something, and each text leads to the one that holds it."""

from __future__ import annotations

import io

import pikepdf

from publish.weasy.layout import lay_out, write_pdf

HTML = """<html lang="zh-CN"><head><title>书</title></head><body>
<p>一段话，<b>粗的</b>和<a href="https://example.org">链接</a>。</p><ul><li>一项</li></ul>
<table><tr><th>桥</th><td>一四〇〇年</td></tr></table></body></html>"""


def test_a_text_has_no_element_of_its_own_and_leads_to_what_holds_it():
    with pikepdf.open(io.BytesIO(write_pdf(lay_out(HTML, {}), "pdf/ua-1"))) as pdf:
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one]
        assert "/Span" not in [str(one.S) for one in elements]
        held = {}
        for one in elements:
            held |= {kid: one.objgen for kid in one.get("/K", ()) if isinstance(kid, int)}
        (leads,) = [
            value for value in list(pdf.Root.StructTreeRoot.ParentTree.Nums) if isinstance(value, pikepdf.Array)
        ]
        assert [one.objgen for one in leads] == [held[number] for number in range(len(leads))]
        kinds = {str(one.S) for one in elements if one.objgen in held.values()}
    assert {"/P", "/NonStruct", "/Link", "/LBody", "/TH", "/TD"} <= kinds
