"""Who reports: what title, signature, source, record and portal say, and the body by its full name."""

from __future__ import annotations

from typing import NamedTuple

_SAME = "政府信息公开工作年度报告"


class Said(NamedTuple):
    """division: of the portal. name, code: of the organ; None where nothing names one."""

    name: str | None
    code: str | None
    division: str | None = None
    title: str | None = None
    signed: str = ""
    source: str | None = None
    field: str | None = None
    text: str = ""
    year: int = 2020


CASES: dict[str, Said] = {
    "place in the title": Said("呼伦贝尔市人民政府", "150700", "150700", f"呼伦贝尔市2020年{_SAME}"),
    "place in the title, office as source": Said(
        "呼伦贝尔市人民政府", "150700", "150700", f"呼伦贝尔市2020年{_SAME}", source="市政府办公室"
    ),
    "office alone": Said("呼伦贝尔市人民政府", "150700", "150700", f"2020年{_SAME}", source="市政府办公室"),
    "office by its full name signs": Said(
        "临沧市人民政府", "530900", "530900", f"临沧市2018年{_SAME}", signed="临沧市人民政府办公室"
    ),
    "办公厅": Said("忻州市人民政府", "140900", "140900", signed="忻州市人民政府办公厅"),
    "office of a district": Said(
        "攀枝花市东区人民政府", "510402", "510402", f"攀枝花市东区2017年{_SAME}", source="东区政府办公室"
    ),
    "district without its city": Said(
        "佛山市高明区人民政府", "440608", "440608", f"高明区2016年{_SAME}", source="佛山市高明区人民政府办公室"
    ),
    "office that reports for itself": Said(
        "呼伦贝尔市人民政府办公室",
        "150700",
        "150700",
        f"呼伦贝尔市人民政府办公室2020年{_SAME}",
        signed="呼伦贝尔市人民政府办公室",
    ),
    "short form of that office": Said("呼伦贝尔市人民政府办公室", "150700", "150700", f"市政府办公室2020年{_SAME}"),
    "bureau with 市": Said("呼伦贝尔市教育局", "150700", "150700", f"市教育局2020年{_SAME}"),
    "bureau by its full name": Said("呼伦贝尔市教育局", "150700", "150700", f"呼伦贝尔市教育局2020年度{_SAME}"),
    "bureau without a place": Said("呼伦贝尔市教育局", "150700", "150700", f"教育局2020年{_SAME}"),
    "year before the bureau": Said("四川省教育厅", "510000", "510000", f"2012年四川省教育厅{_SAME}", year=2012),
    "bureau with 省": Said("四川省教育厅", "510000", "510000", f"省教育厅2019年{_SAME}"),
    "province from a city's portal": Said("云南省教育厅", "530000", "530900", f"省教育厅2019年{_SAME}"),
    "bureau with 区": Said("佛山市高明区司法局", "440608", "440608", f"区司法局2019年{_SAME}"),
    "bureau with 县": Said("耿马傣族佤族自治县司法局", "530926", "530926", f"县司法局2021年{_SAME}"),
    "bureau with 旗": Said("鄂温克族自治旗财政局", "150724", "150724", f"旗财政局2021年{_SAME}"),
    "bureau with 自治区": Said("内蒙古自治区民政厅", "150000", "150000", f"自治区民政厅2021年{_SAME}"),
    "bureau with 州": Said("大理白族自治州统计局", "532900", "532900", f"州统计局2021年{_SAME}"),
    "city's bureau from a district's portal": Said("佛山市司法局", "440600", "440608", f"市司法局2019年{_SAME}"),
    "bureau of a place below": Said(
        "耿马傣族佤族自治县司法局", "530926", "530900", f"耿马傣族佤族自治县司法局2021年{_SAME}"
    ),
    "county of a city": Said("甘谷县人民政府", "620523", "620500", f"甘谷县2022年{_SAME}"),
    "county without a portal": Said("甘谷县人民政府", "620523", None, f"甘谷县2022年{_SAME}"),
    "district that many cities have": Said("鼓楼区人民政府", None, None, f"鼓楼区2022年{_SAME}"),
    "the same with its city": Said("福州市鼓楼区人民政府", "350102", None, f"福州市鼓楼区2022年{_SAME}"),
    "the same on its portal": Said("福州市鼓楼区人民政府", "350102", "350102", f"鼓楼区2022年{_SAME}"),
    "province before the city": Said("天水市人民政府", "620500", None, f"甘肃省天水市2022年{_SAME}"),
    "town on a county's portal": Said("甘谷县大庄镇人民政府", "620523", "620523", f"大庄镇2022年{_SAME}"),
    "town with its county": Said("甘谷县大庄镇人民政府", "620523", "620523", f"甘谷县大庄镇2022年{_SAME}"),
    "street": Said("佛山市高明区荷城街道办事处", "440608", "440608", f"荷城街道2022年{_SAME}"),
    "township's government": Said("甘谷县白家湾乡人民政府", "620523", "620523", f"白家湾乡人民政府2022年{_SAME}"),
    "town without a portal": Said("甲市乙镇人民政府", None, None, f"乙镇2023年{_SAME}", signed="甲市乙镇人民政府"),
    "unknown place": Said("测试市人民政府", None, None, f"测试市2023年{_SAME}"),
    "unknown office": Said("测试市统计局", None, None, f"测试市统计局2023年{_SAME}"),
    "our city": Said("呼伦贝尔市人民政府", "150700", "150700", f"我市2020年{_SAME}"),
    "whole county": Said("甘谷县人民政府", "620523", "620523", f"全县2020年{_SAME}"),
    "nothing but the portal": Said("呼伦贝尔市人民政府", "150700", "150700", f"2020年{_SAME}"),
    "nothing at all": Said(None, None, None, f"2020年{_SAME}"),
    "source of a bracket": Said(None, None, None, f"2020年{_SAME}", source="】"),
    "newspaper as source": Said(None, None, None, f"2020年{_SAME}", source="样例日报"),
    "newspaper as source on a portal": Said(
        "呼伦贝尔市人民政府", "150700", "150700", f"2020年{_SAME}", source="呼伦贝尔日报社"
    ),
    "a law's title": Said(
        None, None, None, f"中华人民共和国政府信息公开条例2020年{_SAME}", source="中华人民共和国政府信息公开条例"
    ),
    "fragment": Said("呼伦贝尔市人民政府", "150700", "150700", f"2020年{_SAME}", source="本局", field="办公室"),
    "record names the bureau": Said(
        "呼伦贝尔市统计局", "150700", "150700", f"2020年{_SAME}", field="市统计局", source="市政府网站"
    ),
    "signature beats the source": Said(
        "呼伦贝尔市统计局", "150700", "150700", f"2020年{_SAME}", signed="市统计局", source="市政府办公室"
    ),
    "bureau with a second name": Said("江苏省新闻出版局", "320000", None, f"江苏省新闻出版局(省版权局)2021年度{_SAME}"),
    "bureau with 文物": Said(
        "呼伦贝尔市文化旅游广电局", "150700", "150700", f"市文化旅游广电局（市文物局）2021年{_SAME}"
    ),
    "ministry": Said("教育部", None, None, f"教育部2021年{_SAME}"),
    "tax": Said("国家税务总局呼伦贝尔市税务局", "150700", "150700", f"国家税务总局呼伦贝尔市税务局2021年{_SAME}"),
    "zone": Said("平潭综合实验区管理委员会", "350128", "350128", f"平潭综合实验区2019年度{_SAME}"),
    "zone signed": Said(
        "样例经济开发区管理委员会", None, None, f"样例经济开发区2019年{_SAME}", signed="样例经济开发区管理委员会"
    ),
    "管委会": Said("样例高新技术产业开发区管委会", None, None, f"样例高新技术产业开发区管委会2019年{_SAME}"),
    "new district that is a division": Said("上海市浦东新区人民政府", "310115", "310000", f"浦东新区2019年{_SAME}"),
    "municipality": Said("上海市人民政府", "310000", "310000", f"上海市2019年{_SAME}"),
    "renamed division": Said("襄阳市襄州区人民政府", "420607", "420607", f"襄州区2019年{_SAME}", year=2019),
    "school": Said("样例县第一中学", None, None, f"样例县第一中学2019年{_SAME}"),
    "关于": Said("呼伦贝尔市教育局", "150700", "150700", "呼伦贝尔市教育局关于2020年政府信息公开工作情况的报告"),
    "year in words": Said(
        "呼伦贝尔市教育局", "150700", "150700", "呼伦贝尔市教育局二〇二〇年政府信息公开工作年度报告", year=2020
    ),
    "spaces in the title": Said("呼伦贝尔市教育局", "150700", "150700", f"呼伦贝尔市教育局 2020年 {_SAME}"),
    "title without year": Said("甘谷县审计局", "620523", "620523", f"甘谷县审计局{_SAME}"),
    "title of the column": Said("甘谷县审计局", "620523", "620523", "政府信息公开年报", signed="甘谷县审计局"),
    "compiled by": Said(
        "呼伦贝尔市人民政府",
        "150700",
        "150700",
        None,
        text="本报告由市政务服务局综合各旗市区人民政府的年度报告编制而成。",
        source="呼伦贝尔市人民政府",
    ),
    "named in the text": Said(
        "甘谷县教育局",
        "620523",
        "620523",
        f"2020年{_SAME}",
        text="本报告由甘谷县教育局编制。根据条例要求，现公布如下。",
    ),
    "short form of a commission": Said("呼伦贝尔市卫生健康委员会", "150700", "150700", f"市卫健委2020年{_SAME}"),
    "short form with its place": Said(
        "呼伦贝尔市发展和改革委员会", "150700", "150700", f"呼伦贝尔市发改委2020年{_SAME}"
    ),
    "short form of a bureau": Said("呼伦贝尔市人力资源和社会保障局", "150700", "150700", f"市人社局2020年{_SAME}"),
    "short form of two characters": Said("重庆市江北区教育委员会", "500105", "500105", f"江北区教委2022年{_SAME}"),
    "short form of a ministry": Said("国家发展和改革委员会", None, None, f"国家发展改革委2022年{_SAME}"),
    "short form that the signature writes out": Said(
        "甘谷县文化广电旅游局", "620523", "620523", f"县文旅局2022年{_SAME}", signed="甘谷县文化广电旅游局"
    ),
    "short form that may mean two": Said("甘谷县文旅局", "620523", "620523", f"县文旅局2022年{_SAME}"),
    "bureau whose name another one ends with": Said(
        "甘谷县教育局", "620523", "620523", f"甘谷县教育局2022年{_SAME}", signed="甘谷县文化教育局"
    ),
    "short form of a zone": Said(
        "成都高新技术产业开发区管理委员会",
        "510100",
        "510100",
        f"成都高新区2022年{_SAME}",
        signed="成都高新技术产业开发区管理委员会",
    ),
    "tax, whose signature names the state": Said(
        "国家税务总局甘谷县税务局",
        "620523",
        "620523",
        f"甘谷县税务局2022年{_SAME}",
        signed="国家税务总局甘谷县税务局",
    ),
    "street of a district's government": Said(
        "北京市海淀区学院路街道办事处",
        "110108",
        "110108",
        f"北京市海淀区人民政府学院路街道办事处2022年{_SAME}",
    ),
    "bureau in brackets before the year": Said("甘谷县教育局", "620523", "620523", f"（甘谷县教育局）2022年{_SAME}"),
    "bureau in brackets at the end": Said("甘谷县教育局", "620523", "620523", f"2022年{_SAME}（县教育局）"),
    "bureau behind a dash": Said("甘谷县教育局", "620523", "620523", f"2022年{_SAME}-甘谷县教育局"),
    "kind of page in brackets": Said("甘谷县教育局", "620523", "620523", f"【年报】甘谷县教育局2022年{_SAME}"),
    "branch of a bureau": Said("天水市公安局甘谷分局", "620500", "620500", f"天水市公安局甘谷分局2022年{_SAME}"),
    "party organ": Said("中共甘谷县委宣传部", "620523", "620523", f"中共甘谷县委宣传部2022年{_SAME}"),
}
