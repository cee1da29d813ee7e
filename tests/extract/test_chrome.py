"""Chrome: whole lines at head and tail go, everything else stays, and nothing goes twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.extract import apply_edits, extract
from gxgk_crawler.extract.cleaning.chrome import find_chrome
from tests.extract.pages import TEXT, TITLE

HEADS = [
    "当前位置：首页 > 政务公开 > 政府信息公开年报",
    "无障碍版 繁体中文 设为首页 加入收藏",
    "发布时间：2022-01-20 09:30 来源：样本市政府办 浏览次数：",
    "www.example.gov.cn\xa0\xa0\xa0发布时间:2022-01-20\xa0\xa0来源:样本区政府办公室\xa0\xa0选择阅读字号:[ ]\xa0\xa0阅读次数:",
    "2022年01月20日 09时32分 来源: 样本网 【字体： 大 中 小】 分享：",
    "索引号: 002482082/2022-00332 | 发布机构: 样本市政府 | 文号: 样政发〔2022〕3号",
    "[ 大 ] [ 中 ] [ 小 ] [ 打印 ]",
    "您现在的位置是：首页->信息公开",
    "语音播报： 播放 暂停",
    "信息分类：年报 | 公开时限：长期公开",
    "点击朗读",
    "（2022-01-20 09:33:00）",
    "撰写时间：2022-01-20",
]
TAILS = [
    "打印 关闭",
    "【打印本页】【关闭窗口】【返回顶部】",
    "扫一扫在手机打开当前页",
    "审核: 甲某某   责任编辑: 乙某某",
    "上一篇：样本市2020年政府信息公开工作年度报告",
    "主办：样本市人民政府办公室 承办：样本市大数据局 联系我们 站点地图",
    "样ICP备00000000号 公网安备 00000000000000号 政府网站标识码：0000000000".replace("样ICP", "京ICP"),
    "网站支持IPv6访问",
    "建议使用IE9.0或以上版本浏览本站，最佳分辨率1024*768",
    "网站地图 | 联系我们 | 网站声明",
    "附件1：统计表.doc",
    "点击下载此文件",
]
HONEST_HEADS = [
    "样政办发〔2022〕3号",
    "样本市人民政府",
    "（2022年1月20日）",
    "2022年1月20日",
    "引 言",
    "来源于财政拨款的经费共12万元，均按规定使用。",
    "各县（区）人民政府，市政府各部门：",
    "位置：样例县位于样例省西部，面积1200平方公里。",
]
HONEST_TAILS = [
    "样本市人民政府办公室",
    "2022年1月18日",
    "（联系电话：0000-0000000；电子邮箱：a@example.gov.cn）",
    "联系地址：样本路1号 邮政编码：000000 联系电话：0000-0000000",
    "附件：1.政府信息公开情况统计表 2.名词解释",
    "无其他需要报告的事项。",
    "（来源：样本市统计局）",
]


# Footers as portals print them: registration items in any order, both short forms of each province, the units a site must name.
FOOTERS = [
    "陇ICP备99999999号-1  甘公网安备 62000000000000号  网站标识码:6200000000",
    "黔ICP备99999999号 | 贵公网安备52000000000000号 | 政府网站标识码：5200000000",
    "滇ICP备99999999号-3 滇公网安备53000000000000号",
    "ICP备案编号：蜀ICP备99999999号",
    "备案编号：秦ICP备99999999号-2 公安机关备案号：61000000000000",
    "公安备案号：41000000000000 豫ICP备99999999号",
    "浙公网安备33000000000000号 浙ICP备99999999号-1 网站标识码 3300000000",
    "网站标识码：4400000000 粤ICP备99999999号 粤公网安备 44000000000000号 网站支持IPv6",
    "主管单位：样例县人民政府 主办单位：样例县人民政府办公室 承办单位：样例县数据局",
    "建设维护：样例县政务信息中心 技术支持：样例科技",
    "内容保障：样例县各部门 建设运维：样例县大数据中心",
    "内容维护单位：样例县人民政府办公室 网站维护电话：0000-0000000",
    "访问统计：12345678",
    "总访问量：1234567 今日访问：321",
    "您是第 1234567 位访客",
    "本站累计访问 12345678 人次",
    "新媒体矩阵 | 网站地图 | 关于我们",
    "网站地图 长者专版 无障碍浏览 新媒体矩阵",
    "长者版 | 繁體 | 智能问答",
    "为获得最佳浏览效果，建议使用1920*1080分辨率及Chrome浏览器",
    "推荐使用IE10以上浏览器，分辨率1366×768以获得最佳浏览效果",
    "最佳浏览效果：1440*900以上分辨率",
    "版权所有：样例县人民政府 Copyright © 2024 All Rights Reserved",
    "版权所有 © 样例县人民政府 未经许可不得转载",
    "Copyright 2024 样例县人民政府门户网站 版权所有",
    "本网站支持IPv6访问",
    "本站已支持IPv6",
    "网站管理：样例县人民政府办公室  联系电话：0000-0000000  邮箱：a@example.gov.cn",
    "京ICP备99999999号-5 样例县人民政府办公室主办",
    "样例县融媒体中心 网站标识码：3600000000 赣ICP备99999999号",
    "（鲁ICP备99999999号）",
    "[鄂ICP备99999999号-2] [鄂公网安备 42000000000000号]",
    "ICP备案：闽ICP备99999999号 建议使用IE9以上浏览器",
    "中文域名：样例县.政务 网站标识码：1400000000",
    "琼公网安备 46000000000000号 | 琼ICP备99999999号 | 标识码：bm99000000",
    "党政机关 政府网站找错 适老化无障碍",
    "隐私声明 | 版权声明 | 使用帮助 | 常见问题",
    "监督投诉电话：0000-0000000 网站标识码：6500000000 新ICP备99999999号",
    "设计制作：样例科技有限公司 辽ICP备99999999号",
    "主办单位：样例县人民政府 备案号：湘ICP备99999999号",
    "网站备案号：桂ICP备99999999号-1 公安备案：桂公网安备45000000000000号",
    "手机版 | 电脑版 | 微信公众号 | 政务微博",
    "桂ICP备99999999号　桂公网安备45000000000000号　网站标识码：4500000000　技术支持：样例网络",
    "公安机关备案号 31000000000000 沪ICP备99999999号",
    "ICP备案序号:晋ICP备99999999号 | 晋公网安备 14000000000000号",
    "主管：中共样例县委网信办　主办：样例县人民政府办公室",
    "本网站已支持IPv6网络",
    "浙里办 | 浙政钉 | 新媒体矩阵",
    "政府网站找错 党政机关标识",
    "您的浏览器版本过低，建议使用新版浏览器访问",
    "用微信扫一扫，分享至好友",
    "网站主编：甲某某",
    "网站统计",
    "网页纠错：0000-0000000",
    "回到顶部",
    "TOP",
]
HONEST_FOOTERS = [
    "群众通过扫一扫二维码参与调查，分享体验1200人次",
    "使用手机扫码查询政策1.2万人次",
    "网站统计数据显示访问量增长",
    "（三）爱山东APP接入事项120项",
    "浙里办日均访问3万次",
    "党政机关网站标识规范率100%",
    "您的浏览器兼容性问题反馈3件",
    "语音播报服务覆盖12个乡镇",
    "网站纠错3条，均已办结",
    "回到群众中去，分享公开成果",
    "网站已完成ICP备案和公安备案，备案信息变更2次。",
    "本年度政务新媒体矩阵账号12个，全部完成备案。",
    "主管单位对公开工作开展了检查。",
    "访问统计显示，全年访问量达12万人次。",
    "联系地址：样例县样例路1号，邮编：000000，电话：0000-0000000",
    "网站标识码、ICP备案编号、公安机关备案标识均已规范标注。",
    "长者专版、无障碍浏览功能上线运行。",
    "（一）建设维护政府网站1个，内容保障到位。",
    "为提升浏览效果，对网站进行了改版。",
    "没有其他需要报告的事项。",
    "咨询电话：0000-0000000",
    "（联系人：甲某某，电话：0000-0000000）",
    "政府网站标识码规范率100%，ICP备案号规范率100%",
    "全年主动公开信息3208条",
]


@pytest.mark.parametrize("line", FOOTERS)
def test_footer_lines_go_whole(line: str) -> None:
    for above in ("", "打印 关闭\n"):
        text = f"{TEXT}\n{above}{line}"
        assert apply_edits(text, find_chrome(text, None)) == TEXT


@pytest.mark.parametrize("line", HONEST_FOOTERS)
def test_sentences_about_footers_stay(line: str) -> None:
    assert find_chrome(f"{TEXT}\n{line}", None) == []


@pytest.mark.parametrize("province", "京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤青藏川蜀宁琼")
def test_every_province_has_its_registration(province: str) -> None:
    for line in (
        f"{province}ICP备99999999号-1",
        f"{province}公网安备 10000000000000号 备案号：{province}ICP备99999999号",
    ):
        assert apply_edits(f"{TEXT}\n{line}", find_chrome(f"{TEXT}\n{line}", None)) == TEXT


@pytest.mark.parametrize("line", HEADS)
def test_head_lines_go(line: str) -> None:
    text = f"{line}\n{TEXT}"
    edits = find_chrome(text, None)
    assert [edit.text.strip() for edit in edits] == [line]
    assert apply_edits(text, edits) == TEXT


@pytest.mark.parametrize("line", TAILS)
def test_tail_lines_go(line: str) -> None:
    text = f"{TEXT}\n\n{line}"
    edits = find_chrome(text, None)
    assert [edit.text.strip() for edit in edits] == [line]
    assert apply_edits(text, edits) == TEXT


@pytest.mark.parametrize("line", HONEST_HEADS)
def test_honest_first_lines_stay(line: str) -> None:
    assert find_chrome(f"{line}\n{TEXT}", TITLE) == []


@pytest.mark.parametrize("line", HONEST_TAILS)
def test_honest_last_lines_stay(line: str) -> None:
    assert find_chrome(f"{TEXT}\n{line}", TITLE) == []


def test_a_contact_line_goes_only_below_a_footer_line() -> None:
    contact = "地址：样本路1号 邮编：000000"
    assert find_chrome(f"{TEXT}\n{contact}\n打印 关闭", None)[0].text == "\n打印 关闭"
    gone = find_chrome(f"{TEXT}\n主办：样本市人民政府办公室\n{contact}\n网站支持IPv6访问", None)
    assert [edit.text.strip() for edit in gone] == ["主办：样本市人民政府办公室", contact, "网站支持IPv6访问"]


def test_ministries_go_as_a_block_and_never_alone() -> None:
    menu = "外交部\n教育部\n财政部\n公安部\n北京\n天津"
    assert apply_edits(f"{TEXT}\n{menu}", find_chrome(f"{TEXT}\n{menu}", None)) == TEXT
    assert find_chrome(f"{TEXT}\n财政部", None) == []
    assert find_chrome(f"北京\n{TEXT}", None) == []


def test_related_articles_go_with_their_heading() -> None:
    text = f"{TEXT}\n相关文章：\n样本市2020年政府信息公开工作年度报告\n样本市2019年政府信息公开工作年度报告"
    assert apply_edits(text, find_chrome(text, None)) == TEXT


def test_title_and_menu_above_it_go_together() -> None:
    text = f"无障碍版繁体中文设为主页加入收藏\n办事事项\n{TITLE}\n来源:样本市政府办  时间:2022-01-20\n\n{TEXT}"
    edits = find_chrome(text, TITLE)
    assert apply_edits(text, edits) == TEXT
    assert [edit.rule for edit in edits] == ["accessibility", "above_title", "repeated_title", "published"]


LINES = st.lists(
    st.sampled_from([*HEADS, *TAILS, *HONEST_HEADS, *HONEST_TAILS, *TEXT.split("\n"), TITLE, "", "外交部", "首页"]),
    max_size=14,
)


@settings(deadline=None)
@given(LINES)
def test_edits_are_exact_ordered_and_final(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = extract(text.encode(), media_type="text/plain")
    assert document.extracted_text == text
    at = 0
    for edit in document.edits:
        assert at <= edit.start < edit.end
        assert text[edit.start : edit.end] == edit.text
        at = edit.end
    assert apply_edits(text, document.edits) == document.text


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("tail", TAILS)
def test_cleaning_clean_text_changes_nothing(head: str, tail: str) -> None:
    once = extract(f"{TITLE}\n{head}\n{TEXT}\n{tail}".encode(), media_type="text/plain").text
    again = extract(once.encode(), media_type="text/plain")
    assert again.edits == []
    assert again.text == once


# Saved texts with hand-made gold, where a checkout has them beside it.
SEEDS = sorted((Path(__file__).resolve().parents[3] / "shared" / "seeds").glob("*.txt"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_saved_texts_with_gold(path: Path) -> None:
    gold = json.loads(path.with_suffix(".gold.json").read_text("utf-8"))
    body = path.read_bytes()
    document = extract(body)
    assert document.extracted_text == body.decode()
    chrome = [edit.text.strip() for edit in document.edits if edit.kind == "chrome"]
    left = [line for line in chrome if line not in {one.strip() for one in gold["chrome"]}]
    assert set(chrome) >= {line.strip() for line in gold["chrome"]}
    assert all(line == gold["title"] or line.startswith("附件") for line in left)
    spam = [(edit.start, edit.end, edit.suggestion) for edit in document.edits if edit.kind == "spam"]
    assert spam == [(one["start"], one["end"], one["original_inferred"]) for one in gold["spam"]]
    assert document.year == gold["year"]
