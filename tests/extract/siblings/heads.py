"""What a page says about its article: titles, records of labels and values, dates, and the lines above a plain text."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import PROSE, TITLE, Case, page

_BOX = f"<div class='nr9'>{PROSE}</div>"
_SITE = "样例县人民政府"
_SIGNED = "<p>样例县人民政府</p><p>2024年1月20日</p>"


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _case(main: str, *, title: str = _SITE, head: str = "", **more: object) -> Case:
    more.setdefault("title", TITLE)
    return Case(body=page(main, title=title, head=head), url=None, **more)  # type: ignore[arg-type]


def _meta(content: str) -> str:
    return f'<meta name="ArticleTitle" content="{content}"><meta name="SiteName" content="{_SITE}"><meta name="ColumnName" content="政府信息公开年报">'


def _text(*head: str, tail: str = "", **more: object) -> Case:
    prose = PROSE.replace("<p>", "").replace("</p>", "\n")
    return Case(body="\n".join([*head, prose, tail]).encode(), url=None, **more)  # type: ignore[arg-type]


TITLES: dict[str, Case] = {
    "title row of a record": _case(
        "<table>"
        + _row("索 引 号：", "000000000/2024-00001", "发文机关：", _SITE)
        + _row("标　题：", TITLE)
        + _row("发文字号：", "样政办函〔2024〕1号")
        + _row("发布日期：", "2024年01月21日")
        + f"</table>{_BOX}",
        published_on="2024-01-21",
        issuer=_SITE,
        fields={"文号": "样政办函〔2024〕1号"},
    ),
    "name row of a record": _case(
        f"<ul class='xxgk'><li><b>索引号：</b>000000000/2024-00001</li><li><b>名&nbsp;&nbsp;称：</b>{TITLE}</li><li><b>文　号：</b>样政办函〔2024〕1号</li>"
        f"<li><b>发布日期：</b>2024-01-21</li></ul>{_BOX}",
        published_on="2024-01-21",
    ),
    "information name": _case(
        f"<div class='kl'><p>信息名称：{TITLE}</p><p>信息索引：000-2024-1</p><p>发文字号：样政办〔2024〕1号</p></div>{_BOX}"
    ),
    "markup in ArticleTitle": _case(
        _BOX, head=_meta("&lt;p&gt;样例县2023年&lt;br/&gt;政府信息公开工作年度报告&lt;/p&gt;")
    ),
    "raw markup in ArticleTitle": _case(_BOX, head=_meta("样例县2023年<br>政府信息公开工作年度报告")),
    "entities in ArticleTitle": _case(_BOX, head=_meta("样例县2023年政府信息公开工作年度报告&amp;nbsp;")),
    "keywords of the site as ArticleTitle": _case(
        f"<h1>{TITLE}</h1>{_BOX}", head=_meta("样例县,样例县人民政府,样例县政府门户网站,样例县政务公开")
    ),
    "keywords with other separators": _case(
        f"<h1>{TITLE}</h1>{_BOX}",
        head=_meta("样例县 样例县政府 政务公开 政民互动 办事服务"),
        title=f"{TITLE}_样例县政府网",
    ),
    "column as ArticleTitle": _case(f"<h2>{TITLE}</h2>{_BOX}", head=_meta("政府信息公开年报")),
    "site as ArticleTitle, title in a plain block": _case(
        f"<div class='t1'>{TITLE}</div><div>发布时间：2024-01-22　来源：县政府办</div>{_BOX}", head=_meta(_SITE)
    ),
    "title on two lines of a heading": _case(
        f"<h1>样例县2023年<br>政府信息公开工作年度报告</h1><div>来源：县政府办 2024-01-22</div>{_BOX}"
    ),
    "title in the body on two lines": _case(
        "<div id='zoom'><p align=center>样例县2023年</p><p align=center>政府信息公开工作年度报告</p>" + PROSE + "</div>"
    ),
    "headings of the template around it": _case(
        f"<h1>{_SITE}</h1><h2>政务公开</h2><h3>{TITLE}</h3><p>时间：2024-01-22</p>{_BOX}<h2>相关链接</h2><h3>政策解读栏目</h3>"
    ),
    "title tag with the names of site and column": _case(_BOX, title=f"{_SITE} 政府信息公开年报 {TITLE}"),
    "title tag that begins with the site": _case(_BOX, title=f"{_SITE}-政务公开-{TITLE}"),
    "arrows in the title tag": _case(f"<h1>{TITLE}</h1>{_BOX}", title=f"{TITLE} >> 政府信息公开年报 >> {_SITE}"),
    "title beside a date and buttons in one line": _case(
        f"<div class='tt'>{TITLE} <span>2024-01-22 来源：县政府办 字号：大 中 小</span></div>{_BOX}"
    ),
    "document number below the title": _case(
        f"<div class='tt'>{TITLE}</div><div>样政办函〔2024〕1号</div><div>发布时间：2024-01-22</div>{_BOX}"
    ),
    "a slogan between title and date": _case(
        f"<div class='tt'>{TITLE}</div><div class='ss'>公开为常态 不公开为例外</div><div>发布时间：2024-01-22</div>{_BOX}"
    ),
    "input of a search between": _case(
        f"<div>{TITLE}</div><form>请输入关键字<input></form><div>发布时间：2024-01-22</div>{_BOX}"
    ),
    "scripted title": _case(
        f"<div class=t><script>document.write('x')</script>{TITLE}</div><div>日期：2024-01-22</div>{_BOX}"
    ),
}

RECORDS: dict[str, Case] = {
    "glued pairs": _case(
        f"<h1>{TITLE}</h1><div>部门：样例县统计局栏目：政府信息公开年报发布时间：2024-01-22</div>{_BOX}",
        issuer="样例县统计局",
        published_on="2024-01-22",
    ),
    "glued pairs of a record": _case(
        f"<h1>{TITLE}</h1><p>索引号：000-2024-1发布机构：样例县统计局成文日期：2024-01-20发布日期：2024-01-22</p>{_BOX}",
        fields={"索引号": "000-2024-1", "发布机构": "样例县统计局"},
        published_on="2024-01-22",
    ),
    "two columns": _case(
        "<table>"
        + _row("索引号", "000-2024-1", "主题分类", "政务公开")
        + _row("发布机构", "样例县统计局", "成文日期", "2024-01-20")
        + _row("文号", "", "有效性", "有效")
        + f"</table><h1>{TITLE}</h1>{_BOX}",
        fields={"索引号": "000-2024-1", "发布机构": "样例县统计局", "成文日期": "2024-01-20", "有效性": "有效"},
        no_fields=("文号",),
    ),
    "two columns, label and value in one cell": _case(
        "<table>"
        + _row("索引号：000-2024-1", "主题分类：")
        + _row("发布机构：样例县统计局", "文号：")
        + _row("成文日期：2024-01-20", "公开方式：主动公开")
        + f"</table><h1>{TITLE}</h1>{_BOX}",
        fields={"索引号": "000-2024-1", "发布机构": "样例县统计局", "公开方式": "主动公开"},
        no_fields=("文号", "主题分类"),
    ),
    "record inside the body": _case(
        "<div id='zoom'><table>"
        + _row("索引号", "000-2024-1", "主题分类", "政务公开")
        + _row("发布机构", "样例县统计局", "文号", "")
        + f"</table>{PROSE}</div>",
        title=TITLE + "",
        head=_meta(TITLE),
        lacks=("索引号", "样例县统计局 |"),
        issuer="样例县统计局",
    ),
    "trailing bars": _case(
        f"<h1>{TITLE}</h1><div>来源：县统计局 | 发布时间：2024-01-22 | 浏览次数：12 |</div>{_BOX}",
        source="县统计局",
        published_on="2024-01-22",
    ),
    "bar behind the source": _case(
        f"<h1>{TITLE}</h1><div><span>2024-01-22</span><span>来源：县统计局｜</span></div>{_BOX}", source="县统计局"
    ),
    "label behind a value": _case(
        f"<h1>{TITLE}</h1><p>发布机构：样例县统计局 浏览次数：</p><p>发布日期：2024-01-22 浏览次数：</p>{_BOX}",
        issuer="样例县统计局",
        fields={"发布机构": "样例县统计局", "发布日期": "2024-01-22"},
        published_on="2024-01-22",
    ),
    "empty template": _case(
        "<table>"
        + _row("文号：", "〔〕 号", "发布机构：", "样例县统计局")
        + _row("成文日期：", "年 月 日", "主题词：", "/")
        + f"</table><h1>{TITLE}</h1>{_BOX}",
        no_fields=("文号", "成文日期", "主题词"),
        issuer="样例县统计局",
    ),
    "another empty template": _case(
        "<ul><li>文号：样政发[]号</li><li>索引号：</li><li>发布机构：</li><li>生成日期：0000-00-00</li></ul>"
        f"<h1>{TITLE}</h1>{_BOX}",
        no_fields=("文号", "索引号", "发布机构", "成文日期"),
    ),
    "unknown labels": _case(
        "<ul class=xx><li>信息分类：政务公开</li><li>公开时限：长期公开</li><li>责任部门：样例县统计局</li><li>阅读权限：公众</li></ul>"
        f"<h1>{TITLE}</h1>{_BOX}",
        issuer="样例县统计局",
        lacks=("阅读权限",),
    ),
    "unknown label in the body's head": _case(
        "<div id='zoom'><p>信息来源：样例县统计局</p><p>责任科室：办公室</p><p>审阅权限：公众</p>" + PROSE + "</div>",
        head=_meta(TITLE),
        source="样例县统计局",
        lacks=("信息来源",),
    ),
    "source that is a bracket": _case(
        f"<h1>{TITLE}</h1><div>【来源：】【2024-01-22】</div><div class='n'>{PROSE}{_SIGNED}</div>",
        issuer="样例县人民政府",
    ),
    "source without a value": _case(
        f"<h1>{TITLE}</h1><div>来源： 作者： 发布时间：2024-01-22 点击：12</div><div class=n>{PROSE}{_SIGNED}</div>",
        issuer="样例县人民政府",
        published_on="2024-01-22",
    ),
}

DATES: dict[str, Case] = {
    "period in brackets": _case(
        f"<h1>{TITLE}</h1><div id='zoom'><p>（2023年1月1日至2023年12月31日）</p>{PROSE}</div>",
        published_not="2023-01-01",
    ),
    "period with a dash": _case(
        f"<h1>{TITLE}</h1><div id='zoom'><p>（2023年1月1日—2023年12月31日）</p>{PROSE}</div>",
        published_not="2023-12-31",
    ),
    "period without its second year": _case(
        f"<h1>{TITLE}</h1><div id='zoom'><p>（2023年1月1日至12月31日）</p>{PROSE}</div>", published_not="2023-12-31"
    ),
    "end of the period alone": _case(
        f"<h1>{TITLE}</h1><div id='zoom'><p>（截至2023年12月31日）</p>{PROSE}</div>", published_not="2023-12-31"
    ),
    "period as last line": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<p>统计期限：2023年1月1日至2023年12月31日</p></div>",
        published_not="2023-12-31",
    ),
    "period and a date below it": _case(
        f"<h1>{TITLE}</h1><div id='zoom'><p>（2024年1月20日）</p><p>（2023年1月1日至2023年12月31日）</p>{PROSE}</div>",
        published_on="2024-01-20",
    ),
    "table above the signature": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<p>填表日期：2024年1月18日</p>{_SIGNED}</div>",
        published_on="2024-01-20",
    ),
    "signature above a table": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}{_SIGNED}<table border=1>"
        + "".join(_row(f"指标{n}", "条", str(n)) for n in range(30))
        + "</table></div>",
        published_on="2024-01-20",
        issuer="样例县人民政府",
    ),
    "date in words": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<p>样例县人民政府</p><p>二○二四年一月二十日</p></div>",
        published_on="2024-01-20",
    ),
    "spaced signature": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<p>样例县人民政府</p><p>2024 年 1 月 20 日</p></div>",
        published_on="2024-01-20",
    ),
    "signature with its seal": _case(
        f"<h1>{TITLE}</h1><div id='zoom'>{PROSE}<p>样例县人民政府（盖章）</p><p>2024年1月20日</p></div>",
        published_on="2024-01-20",
        issuer="样例县人民政府",
    ),
    "date of the portal's day above": _case(
        f"<div class=sj>今天是2026年11月22日 星期日</div><h1>{TITLE}</h1><div>发布时间：2024-01-22 09:10</div>{_BOX}",
        published_on="2024-01-22",
    ),
    "today and no other date": _case(
        f"<div class=sj>今天是2026年11月22日 星期日</div><h1>{TITLE}</h1><div id='zoom'>{PROSE}{_SIGNED}</div>",
        published_on="2024-01-20",
    ),
    "compact date": _case(f"<h1>{TITLE}</h1><div>发布时间：20240122</div>{_BOX}", published_on="2024-01-22"),
    "published and updated": _case(
        f"<h1>{TITLE}</h1><div>发布时间：2024-01-22　更新时间：2024-06-01</div>{_BOX}", published_on="2024-01-22"
    ),
    "validity of the record": _case(
        "<table>" + _row("发布日期：", "2024-01-22", "废止日期：", "2030-01-01") + f"</table><h1>{TITLE}</h1>{_BOX}",
        published_on="2024-01-22",
    ),
}

PLAIN: dict[str, Case] = {
    "breadcrumb on two lines": _text(
        "首页",
        ">政务公开>年度报告",
        "",
        TITLE,
        "",
        "信息来源:样例县统计局 发布日期:2024-01-20",
        title=TITLE,
        published_on="2024-01-20",
        lacks=(">政务公开>", "信息来源"),
    ),
    "breadcrumb with spaces": _text(
        "首页 > 政府信息公开 > 政府信息公开年报",
        TITLE,
        "2024-01-20 09:00 来源：县统计局",
        title=TITLE,
        published_on="2024-01-20",
        lacks=("首页", "来源"),
    ),
    "place and title": _text(
        "您现在的位置：首页>>公开年报>>正文", TITLE, "发布时间：2024-01-20", title=TITLE, lacks=("您现在的位置",)
    ),
    "column above the title": _text(
        "政府信息公开年报", TITLE, "日期：2024-01-20 浏览：12", title=TITLE, lacks=("浏览：",)
    ),
    "title on two lines": _text(
        "样例县统计局2023年政府信息公开", "工作年度报告", title="样例县统计局2023年政府信息公开工作年度报告"
    ),
    "agency on a line of its own": _text(
        "样例县统计局", "2023年政府信息公开工作年度报告", title="样例县统计局2023年政府信息公开工作年度报告"
    ),
    "title on three lines": _text(
        "样例县统计局", "2023年度", "政府信息公开工作年度报告", title="样例县统计局2023年度政府信息公开工作年度报告"
    ),
    "spaced title": _text(
        "样例县2023年政府信息公开", "", "", "年 度 报 告", title="样例县2023年政府信息公开年 度 报 告"
    ),
    "title with a bracket": _text(
        "样例县统计局2023年政府信息公开工作年度报告",
        "（2024年1月20日）",
        title="样例县统计局2023年政府信息公开工作年度报告",
        published_on="2024-01-20",
    ),
    "buttons above": _text(
        "打印", "关闭", "无障碍", TITLE, "来源：县统计局 时间：2024-01-20", title=TITLE, lacks=("打印", "来源")
    ),
    "breadcrumb with arrows": _text("当前位置 : 首页 » 政务公开 » 年报", TITLE, title=TITLE, lacks=("当前位置",)),
    "breadcrumb cut in three": _text(
        "首页",
        ">",
        "政务公开",
        ">",
        "政府信息公开年度报告",
        TITLE,
        "发布日期：2024-01-20",
        title=TITLE,
        lacks=("\n>", "首页"),
    ),
}
