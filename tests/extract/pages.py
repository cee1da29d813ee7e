"""Sample pages in the manners of real templates. All texts are written for these tests and say nothing about any government."""

from __future__ import annotations

PARAGRAPHS = [
    "本报告为样本，根据《中华人民共和国政府信息公开条例》编制，所列数据统计期限为2021年1月1日至2021年12月31日。",
    "一、总体情况",
    "2021年，样本市按照样办发〔2021〕24号文件要求，主动公开政府信息3208条，其中通过网站公开2891条。",
    "全年收到公开申请41件，其中自然人申请36件，法人申请5件，均在法定期限内答复，没有因信息公开被申请行政复议或者提起行政诉讼。",
    "二、存在的主要问题",
    "公开内容还不够全面，解读形式较为单一；下一步将加强培训，提升公开质量和服务水平。",
]
TITLE = "样本市2021年政府信息公开工作年度报告"
TEXT = "\n".join(PARAGRAPHS)
BODY = "".join(f"<p>　　{paragraph}</p>\n" for paragraph in PARAGRAPHS)
MENU = "<ul>" + "".join(f'<li><a href="/c{n}/">{n}号栏目，信息与服务</a></li>' for n in range(40)) + "</ul>"
METAS = (
    f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2022-01-20  09∶30">'
    '<meta name="ContentSource" content="样本市政府办公室"><meta name="SiteName" content="样本市人民政府">'
    '<meta name="ColumnName" content="政府信息公开年报">'
)
FOOTER = '<div class="footer"><p>主办：样本市人民政府办公室，地址：样本路1号</p><p>网站标识码：0000000000</p></div>'


def page(
    body: str = BODY, *, head: str = METAS, container: str = '<div id="zoom">', before: str = "", after: str = ""
) -> bytes:
    """A whole page in UTF-8: menu, heading, container with the body, menu again, footer."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}_样本市人民政府</title>{head}</head><body>{MENU}"
        f"{before}{container}{body}</div>{after}{MENU}{FOOTER}</body></html>"
    ).encode()
