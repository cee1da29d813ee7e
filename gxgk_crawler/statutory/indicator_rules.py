"""What sentences state which figures: a pattern for each key, precise before complete.

{n} stands for a figure with its unit, {p} for a percentage; a group called `scope` names whose figure it is. Patterns see the
text in plain forms, where brackets, commas and digits are those of ASCII. docs/variables.md explains the keys.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """key: may hold {name}, filled from `names` by the words of the group `name`. units: what may be counted.
    once: only the first figure counts, for later ones are parts of it.
    """

    key: str
    pattern: str
    units: str = "件"
    names: tuple[tuple[str, str], ...] = ()
    once: bool = False


@dataclass(frozen=True, slots=True)
class ZeroRule:
    """Words that state a zero: 未收到申请. keys: what is zero, each with its unit."""

    keys: tuple[tuple[str, str], ...]
    pattern: str


_CHANNELS = (("当面", "in_person"), ("现场", "in_person"), ("网络", "online"), ("网上", "online"), ("信函", "letter"),
             ("传真", "fax"), ("电子邮件", "email"), ("书面", "written"))  # fmt: skip
_OUTCOMES = (("不同意公开", "refuse"), ("不予公开", "refuse"), ("同意部分公开", "partial"), ("部分公开", "partial"),
             ("同意公开", "agree"), ("予以公开", "agree"), ("已主动公开范围", "already_public"), ("更改补充", "amend"),
             ("不属于本", "not_this_organ"), ("不属本", "not_this_organ"), ("信息不存在", "not_exist"),
             ("其他途径", "other_way"))  # fmt: skip
_SECRETS = (("商业秘密", "trade_secret"), ("国家秘密", "state_secret"), ("个人隐私", "privacy"))
_MEDIA = (("公报", "gazette"), ("网站", "website"), ("微博", "weibo"), ("微信", "wechat"), ("其他方式", "other"))

# The first rule that takes a figure keeps it.
RULES = (
    Rule(
        "proactive.{name}",
        r"(?P<name>政府公报|政府网站|政务微博|政务微信|其他方式)(?:累计|共)?(?:主动)?公开政府信息{n}",
        "条|件",
        _MEDIA,
    ),
    Rule("proactive.{name}", r"(?P<name>网站)(?:累计|共)?主动公开政府信息{n}", "条|件", _MEDIA),
    Rule(
        "proactive.total",
        r"(?P<scope>全[省市县区州旗盟镇]各级[\p{Han}]{2,8})(?:共|累计)?主动公开(?:各类)?政府信息{n}",
        "条|件",
        once=True,
    ),
    Rule(
        "proactive.part",
        r"(?:^|[,;。:、])(?P<scope>(?:[\p{Han}]{1,6}、)?[\p{Han}]{1,8}(?:政府|部门|机关|单位|乡镇))(?:共|累计)?主动公开政府信息{n}",
        "条|件",
    ),
    Rule(
        "proactive.part",
        r"(?:[,;。](?:其中)?[,:]?)(?P<scope>[\p{Han}]{1,4}直(?:机关|部门)|[旗县市区]{2,3}政府){n}",
        "条",
    ),
    Rule("proactive.total", r"主动公开(?:的)?(?:各类)?政府信息(?:共计|共|累计|总数为?)?{n}", "条|件", once=True),
    Rule(
        "proactive.change_pct",
        r"主动公开政府信息\d+条,(?:较|比)(?:去年|上年度?|上一年度?)(?:增长|增加|下降|减少)了?{p}",
    ),
    Rule("proactive.electronic_pct", r"全文电子化率(?:为|达到?)?{p}"),
    Rule("normative.issued", r"制发(?:行政)?规范性文件(?:总数)?{n}"),
    Rule("normative.disclosed", r"制发(?:行政)?规范性文件\d+件,(?:主动)?公开{n}"),
    Rule("website.visits", r"(?:网站|专栏)(?:页面)?(?:总)?访问量(?:达到?|为|共)?{n}", "万?人次|万?次"),
    Rule(
        "responses.{name}",
        r"(?P<name>微博微信|其他方式)回应公众热点{n}",
        "件次|次|件",
        (("微博微信", "weibo_wechat"), ("其他方式", "other")),
    ),
    Rule("responses.events", r"(?:热点|重大舆情|回应(?:公众|社会)?关切){n}", "场次|件次|次|件|个"),
    Rule("press_conferences.led", r"(?:负责同志|负责人)(?:参加|出席)新闻发布会{n}", "场次|场|次"),
    Rule("press_conferences", r"新闻发布会{n}", "场次|场|次"),
    Rule("online_interviews", r"在线访谈{n}", "场次|期|次|场"),
    Rule("interpretations", r"政策解读(?:稿件|材料|文章|信息){n}", "篇|条|件"),
    Rule("proposals.answered", r"提案办理答复{n}", "件|条", once=True),
    Rule("proposals.npc", r"建议、批评和意见{n}", "件|条", once=True),
    Rule("proposals.cppcc", r"提案{n}", "件|条", once=True),
    Rule("requests.change_pct", r"申请\d+件,(?:较|比)(?:去年|上年度?|上一年度?)(?:增长|增加|下降|减少)了?{p}"),
    Rule(
        "requests.received",
        r"(?:收到|受理|接收)(?:各类)?(?:依申请公开|(?:政府)?信息公开的?申请|公开申请){n}",
        "件|条|宗",
    ),
    Rule("requests.received", r"(?:^|[^\p{Han}]|[年办理])依申请公开政府信息{n}", "件|条"),
    Rule(
        "requests.channel.{name}",
        r"(?P<name>当面|现场|网络|网上|信函|传真|电子邮件|书面)(?:提交)?(?:申请|收到)(?:的)?{n}",
        "件|条",
        _CHANNELS,
    ),
    Rule("requests.on_time_pct", r"按[时期]办结率(?:为|达到?)?{p}"),
    Rule("requests.carried_out", r"{n}结转下"),
    Rule("requests.answered", r"(?:已答复|共答复|申请答复数){n}"),
    Rule(
        "requests.outcome.{name}",
        r"(?P<name>不同意公开|不予公开|同意部分公开|部分公开|同意公开|予以公开|已主动公开范围|更改补充|不属于本[\p{Han}]{2,6}公开|"
        r"不属本[\p{Han}]{2,6}公开|信息不存在|其他途径办理)[”\"]?(?:的|答复)?为?{n}",
        "件|条",
        _OUTCOMES,
    ),
    Rule("requests.refuse.{name}", r"{n}涉及(?P<name>商业秘密|国家秘密|个人隐私)", "件", _SECRETS),
    Rule("consultations", r"(?:^|[^众\p{Han}]|[网信])咨询{n}", "条|件"),
    Rule("review.total", r"行政复议(?:申请|案件)?{n}", "件|次|宗"),
    Rule("litigation.part", r"(?P<scope>[\p{Han}]{2,8}[县区市旗])(?:收到|发生)行政诉讼(?:案件)?{n}", "件|次"),
    Rule("litigation.total", r"行政诉讼(?:案件|立案)?{n}", "件|次|宗"),
    Rule("litigation.upheld", r"维持具体行政行为{n}", "件"),
    Rule("litigation.other", r"[,;]其他情形{n}", "件"),
    Rule("processing_fee_yuan", r"信息处理费(?:共计|合计|共)?{n}", "万元|元"),
    Rule("organisation.offices", r"专门(?:工作)?机构(?:数)?{n}", "个"),
    Rule("staff.full_time", r"专职(?:人员|工作人员)?{n}", "人|名"),
    Rule("staff.part_time", r"兼职(?:人员|工作人员)?{n}", "人|名"),
    Rule("staff.total", r"(?:公开)?工作人员{n}", "人|名"),
    Rule("meetings", r"专题会议(?:数)?{n}", "场次|次|场"),
    Rule("training.people", r"(?:培训|受训)(?:人员)?{n}", "人次|人"),
    Rule("training.sessions", r"(?:业务|政务公开|各类|专题)培训(?:班)?{n}", "场次|次|期|场"),
    Rule("survey.people", r"共有{n}参与", "人次|人"),
    Rule("new_media.total", r"新媒体账号{n}", "个"),
    Rule("new_media.wechat", r"微信公众号{n}", "个"),
    Rule("new_media.weibo", r"(?:新浪|政务)微博{n}", "个"),
    Rule("new_media.app", r"移动客户端{n}", "个"),
    Rule("powers.total", r"权责清单共[\p{Han}]{0,4}{n}", "项"),
    Rule("proactive.category", r"[,;。:](?:主动公开)?(?P<scope>[\p{Han}、]{2,14}?类信息){n}", "条"),
    Rule(
        "proactive.category",
        r"[,;。:、](?P<scope>(?:机构职能|政策法规|法规公文|工作动态|人事|财政|决策|重大建设项目|公共资源配置|重点|报送公开|财政、重点领域及其他)信息(?:公开)?(?:\([^()]{1,12}\))?){n}",
        "条",
    ),
    Rule(
        "proactive.category",
        r"[一是二三四五六七八九十](?P<scope>(?:机构职能|政策法规|工作动态|决策)信息(?:\([^()]{1,12}\))?){n}",
        "条",
    ),
)
ZERO_RULES = (
    ZeroRule(
        (("requests.received", "件"),), r"(?:未|没有)(?:收到|接到|受理)(?:过)?(?:任何)?(?:有关)?政府信息公开(?:的)?申请"
    ),
    ZeroRule(
        (("review.total", "件"), ("litigation.total", "件")),
        r"(?:未|没有)(?:发生|收到|出现)[^,。;\d]{0,24}复议[^,。;\d]{0,6}诉讼",
    ),
    ZeroRule((("fees.collected", "元"),), r"(?:未|没有)(?:收取|对依申请)[^,。;\d]{0,16}(?:费用|收费)"),
)
