"""Sample reports: what a government would write, invented from beginning to end, and saying so in its first line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.replica.statutory import (
    GRANTED,
    PARTIAL,
    Figures,
    Grid,
    figures,
    statistics_form,
    table_2,
    table_3,
    table_4,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Format = Literal["A", "B", "C"]

# What each year speaks of; every year has its own words, so that a search has something to find.
SUBJECTS: dict[int, tuple[str, str]] = {
    2008: (
        "《条例》施行的准备工作",
        "编印政府信息公开指南三千册，在政务大厅和档案馆设立查阅点，开设专栏公布抗震救灾捐赠款物的使用情况",
    ),
    2009: (
        "家电下乡和甲型流感防控",
        "公布家电下乡补贴领取办法和销售网点名单，每日发布甲型流感防控提示，农民足不出村就能查到补贴标准",
    ),
    2010: (
        "第六次人口普查",
        "公开人口普查工作方案和入户登记须知，通过广播和墙报解答群众疑问，普查主要数据公报按时向社会发布",
    ),
    2011: (
        "保障性住房分配",
        "公示廉租住房和公共租赁住房的申请条件、轮候名单和分配结果，接受群众举报，取消不符合条件的家庭资格",
    ),
    2012: ("部门预算和“三公”经费", "首次公开部门预算和“三公”经费，公务接待费同比下降，财政资金去向有账可查"),
    2013: ("政务微博", "开通政务微博矩阵，发布暴雨蓝色预警和停水停电通知，网民留言在两个工作日内回复"),
    2014: ("食品药品安全", "公布食品抽检不合格批次和问题奶粉下架名单，餐饮服务单位的量化分级结果上墙公示"),
    2015: ("权力清单和责任清单", "公布权力清单和责任清单，取消非行政许可审批，每项权力附有流程图和监督电话"),
    2016: (
        "精准扶贫和公益金使用",
        "公开扶贫资金分配和项目安排，逐村张贴公示；公布体育彩票公益金和福利彩票公益金的使用情况，资金用于修建农民健身场地",
    ),
    2017: ("“放管服”改革", "公布“最多跑一次”事项目录，不动产登记压缩到五个工作日，减证便民取消各类证明"),
    2018: ("机构改革", "机构改革期间及时公布新组建部门的职能、地址和电话，划转事项的办理渠道不间断"),
    2019: ("新修订《条例》的宣传培训", "举办新修订《条例》专题培训，清理依申请公开收费旧规定，修订办理答复文书格式"),
    2020: (
        "疫情防控和复工复产",
        "每日通报疫情防控信息，公布复工复产指南、稳岗返还办法和消费券发放规则，辟谣信息同步推送",
    ),
    2021: (
        "防范电信网络诈骗",
        "公开打击电信网络诈骗和打击网络赌博专项行动的进展，曝光跨境赌博网站的诱骗手法，提示群众不参赌、不转借银行卡",
    ),
    2022: ("稳住经济一揽子措施", "发布增值税留抵退税、社会保险费缓缴等助企纾困政策，惠企政策“免申即享”"),
    2023: ("文化旅游市场恢复", "公开星级饭店、景区最大承载量和投诉处理结果，发布假日旅游服务指南，曝光不合理低价游"),
    2024: (
        "大规模设备更新和消费品以旧换新",
        "公布汽车和家电以旧换新补贴细则、合作商户名单和资金拨付进度，政策问答上线智能检索",
    ),
    2025: (
        "政务公开专区进社区",
        "在社区服务站建设政务公开专区，老年人凭身份证即可打印政策明白纸，无障碍阅读版同步上线",
    ),
}

PROBLEMS = (
    ("个别单位公开不够及时，栏目更新慢于规定时限", "建立按月巡检制度，超期未更新的栏目通报责任单位"),
    ("政策解读形式单一，图解和视频偏少", "推行一图读懂和短视频解读，请企业和群众评价解读是否易懂"),
    ("基层工作人员更换频繁，业务不够熟练", "编印办理答复范例，组织跟班学习，新任人员培训后上岗"),
    ("公开目录划分不细，群众查找不便", "细化目录到三级，增加按主题和按对象两种检索方式"),
    ("依申请公开答复说理不充分", "实行疑难答复会商，由司法行政部门参与合法性审核"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose reports these are. we: how the text says “our city”. local: sentences that only this place would write.

    scale: about how many applications a year brings.
    """

    name: str
    issuer: str
    office: str
    we: str
    local: tuple[str, ...]
    scale: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of the body. A table carries a grid, a picture the address of its file as text."""

    kind: Literal["heading", "subheading", "paragraph", "signature", "table", "picture"]
    text: str = ""
    grid: Grid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One report of a replica. key: what its URL knows it by. form: the statistics form that is attached, if any."""

    key: str
    year: int
    title: str
    issuer: str
    published: dt.date
    blocks: tuple[Block, ...]
    form: Grid | None = None

    @property
    def text(self) -> str:
        """All prose of the report, one block per line."""
        return "\n".join(block.text for block in self.blocks if block.kind not in {"table", "picture"})


# Titles that stand among reports and name none, with the first sentence of the page behind them.
OTHERS = (
    ("一图读懂：{name}2024年政府信息公开工作年度报告", "本图解用十张图介绍年度报告的主要数据。"),
    ("《{name}2020年政府信息公开工作年度报告》解读", "现就年度报告的编制背景和主要内容作如下解读。"),
    ("关于做好{name}2021年政府信息公开工作年度报告编制发布工作的通知", "各有关单位：请于1月20日前报送。"),
    ("政府信息公开工作年度报告格式（空白样表）", "请各单位按下列格式填写，表中数字由各单位自行填报。"),
    ("{name}2016年上半年政府信息公开工作情况统计", "现将2016年1月至6月有关数据统计如下。"),
    ("{name}政府信息公开指南", "为方便公民、法人和其他组织依法获取政府信息，编制本指南。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A page that stands among reports and is none."""

    title: str
    blocks: tuple[Block, ...]
    published: dt.date


def others(place: Place) -> tuple[Other, ...]:
    """An explanation, a notice, a blank form, half-year statistics, a guide: what a crawler must leave alone."""
    made = []
    for number, (title, opening) in enumerate(OTHERS):
        blocks = [Block(kind="paragraph", text=text) for text in (disclaimer(place), opening)]
        if "样表" in title or "统计" in title:
            form = statistics_form(place.name, 2016)
            blocks.append(Block(kind="table", grid=[[*row[:2], type(row[2])("")] for row in form]))
        blocks.append(Block(kind="paragraph", text="有关事项可向政务公开科咨询，办公时间为工作日上午9时至下午5时。"))
        published = dt.date(2017 + number, 2, 3 + number)
        made.append(Other(title=title.format(name=place.name), blocks=tuple(blocks), published=published))
    return tuple(made)


def reports(place: Place, keys: Mapping[int, str], pictures: Mapping[int, str] | None = None) -> list[Sample]:
    """The reports of a place: year -> key of its URL. pictures: year -> address of a picture in the body."""
    data = figures(place.name, range(2019, 2026), scale=place.scale)
    return [
        report(place, year, key=key, data=data.get(year), picture=(pictures or {}).get(year, ""))
        for year, key in keys.items()
    ]


def disclaimer(place: Place) -> str:
    return f"本文为测试样本，由程序编写，不是{place.issuer}发布的文件，所述事项和数字均为虚构。"


def report(place: Place, year: int, *, key: str, data: Figures | None = None, picture: str = "") -> Sample:
    """A report in the format of its year. data: figures from 2019 on, when the tables are part of the body."""
    published = dt.date(year + 1, 1 + year % 3, 10 + year % 17)
    blocks = [Block(kind="paragraph", text=disclaimer(place))]
    blocks += _before_2019(place, year) if data is None else _since_2019(place, year, data)
    if picture:
        blocks.insert(4, Block(kind="picture", text=picture))
    blocks += [
        Block(kind="signature", text=place.office),
        Block(kind="signature", text=f"{published.year}年{published.month}月{published.day}日"),
    ]
    return Sample(
        key=key,
        year=year,
        title=f"{place.name}{year}年政府信息公开工作年度报告",
        issuer=place.issuer,
        published=published,
        blocks=tuple(blocks),
        form=statistics_form(place.name, year) if 2014 <= year <= 2018 else None,
    )


def _heading(text: str) -> Block:
    return Block(kind="heading", text=text)


def _paragraph(text: str) -> Block:
    return Block(kind="paragraph", text=text)


def _before_2019(place: Place, year: int) -> list[Block]:
    """Layout A: prose; six or seven parts in the order of article 32 of the 2007 regulation (令492)."""
    subject, detail = SUBJECTS[year]
    problem, remedy = PROBLEMS[year % len(PROBLEMS)]
    local = place.local[year % len(place.local)]
    count, asked = 3000 + 731 * (year - 2008) + place.scale, place.scale // 10 + year % 9
    attached = f"附件：政府信息公开情况统计表（{year}年度）" if year >= 2014 else ""
    parts = [
        _paragraph(
            f"根据《中华人民共和国政府信息公开条例》（以下简称《条例》）要求，编制{place.name}{year}年政府信息公开工作年度报告。"
            f"本报告中所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        ),
        _heading("一、概述"),
        _paragraph(f"{year}年，{place.we}把{subject}作为政府信息公开的重点，{detail}。{local}。"),
        _heading("二、主动公开政府信息情况"),
        _paragraph(
            f"全年主动公开政府信息{count}条，其中政府网站公开{count * 3 // 5}条，政府公报公开{count // 20}条，"
            f"其他方式公开{count - count * 3 // 5 - count // 20}条。围绕{subject}公开信息{count // 12}条。"
        ),
        _heading("三、依申请公开政府信息和不予公开政府信息情况"),
        _paragraph(
            f"全年共受理政府信息公开申请{asked}件，其中网络申请{asked - asked // 3}件，当面申请{asked // 3}件。"
            f"同意公开{asked - 2}件，信息不存在2件，均在规定期限内答复。"
        ),
        _heading("四、政府信息公开收费及减免情况"),
        _paragraph(f"{year}年度，{place.we}未收取检索、复制、邮寄等任何费用。"),
        _heading("五、因政府信息公开申请行政复议、提起行政诉讼情况"),
        _paragraph(f"{year}年，{place.we}因政府信息公开被申请行政复议{year % 4}件，被提起行政诉讼{year % 2}件。"),
        _heading("六、存在的主要问题及改进情况"),
        _paragraph(f"存在的主要问题：{problem}。改进措施：{remedy}。"),
    ]
    if year % 2:
        parts += [
            _heading("七、需要说明的事项"),
            _paragraph("指标解释与上级统计口径一致，不同渠道公开的相同信息计1条。"),
        ]
    return parts + ([_paragraph(attached)] if attached else [])


def _since_2019(place: Place, year: int, data: Figures) -> list[Block]:
    """Layouts B and C: six chapters, tables in the second, third and fourth."""
    subject, detail = SUBJECTS[year]
    problem, remedy = PROBLEMS[year % len(PROBLEMS)]
    received, processed, left = sum(data.new), sum(data.processed), sum(data.carried_out)
    review, litigation = sum(data.reviews[0]), sum(data.reviews[1]) + sum(data.reviews[2])
    granted, partial = sum(data.results["", GRANTED]), sum(data.results["", PARTIAL])
    local = place.local[year % len(place.local)]
    fee = "本年度未收取政府信息公开信息处理费。" if year % 2 else "本年度收取政府信息公开信息处理费共计400元。"
    return [
        _paragraph(
            f"本年度报告根据《中华人民共和国政府信息公开条例》（以下简称《条例》）规定编制，由总体情况、主动公开政府信息情况、"
            f"收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项"
            f"六部分组成。所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        ),
        _heading("一、总体情况"),
        Block(kind="subheading", text="（一）主动公开情况"),
        _paragraph(f"{year}年，{place.we}聚焦{subject}，{detail}。"),
        _paragraph(f"{local}。"),
        Block(kind="subheading", text="（二）依申请公开情况"),
        _paragraph(
            f"全年新收政府信息公开申请{received}件，办理{processed}件（含上年结转{sum(data.carried_in)}件），"
            f"其中予以公开{granted}件，部分公开{partial}件，结转下年度继续办理{left}件。"
            f"因政府信息公开引起行政复议{review}件，行政诉讼{litigation}件。"
        ),
        Block(kind="subheading", text="（三）政府信息管理情况"),
        _paragraph(
            "规范性文件统一登记、统一编号、统一公布，已失效或废止的文件在目录中标明，群众可按文号和成文日期查阅。"
        ),
        Block(kind="subheading", text="（四）政府信息公开平台建设情况"),
        _paragraph(
            f"{place.we}政府网站支持互联网协议第六版访问，设置无障碍浏览，{year}年新增专题专栏{2 + year % 5}个。"
        ),
        Block(kind="subheading", text="（五）监督保障情况"),
        _paragraph(f"政务公开列入年度考核，占分值百分之四；举办培训{1 + year % 4}期，社会评议结果为满意。"),
        _heading("二、主动公开政府信息情况"),
        Block(kind="table", grid=table_2(data)),
        _heading("三、收到和处理政府信息公开申请情况"),
        Block(kind="table", grid=table_3(data)),
        _heading("四、政府信息公开行政复议、行政诉讼情况"),
        Block(kind="table", grid=table_4(data)),
        _heading("五、存在的主要问题及改进情况"),
        _paragraph(f"存在的主要问题：{problem}。"),
        _paragraph(f"改进情况：{remedy}。"),
        _heading("六、其他需要报告的事项"),
        _paragraph(fee),
    ]
