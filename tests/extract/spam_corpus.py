"""A spam test set made by a generator: sample reports written for it, and advertising planted with known borders.

The rules were written while looking at the half `development`; the half `held_out` uses other invented brands and other
carriers. Every brand here is made up. `python -m tests.extract.spam_corpus` prints the figures of both halves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from gxgk_crawler.extract import extract

BRANDS = {
    "development": [
        "云帆体育", "388比分直播", "betolo乐途体育官网", "金穗娱乐", "qxo7棋牌", "海岚电竞", "瑞峰国际娱乐城",
        "lunbet体育", "星潮竞猜app下载", "丰禾彩票网址", "锦鸿凯旋", "vexbet娱乐场官网注册", "白鹭体育官网",
        "铭途电竞官网", "dafuwin百家乐官网", "天隼真人娱乐",
        "青藤(中国)官方网站", "驰野sports", "岚泊登录", "苍梧湾手机版app", "v6枫岭体育在线登录",
    ],
    "held_out": [
        "雪豹体育", "567比分网", "winaro必途体育官网注册", "银杉娱乐城", "kuyo9棋牌官网", "苍岭电竞下载", "博澜凯旋",
        "toribet娱乐场官网", "红隼买球平台", "青屿真人app", "灰鹤体育app下载", "sagobet体育", "鼎沐国际娱乐",
        "石榴湾棋牌官网", "mirabet竞猜网址", "远杉电子游艺官网登录", "澜庭葡京", "柏悦体育直播",
        "霁川(中国)官方网站", "砚池网址", "鹊湾·(CHINA)官方网站", "velbet体育app", "栖霖集团官网",
        "x9鹿野体育官方网站入口",
    ],
}  # fmt: skip

_PLACES = {"development": ["青禾县", "白石市", "柳湾区"], "held_out": ["云岭县", "东屏市", "松溪区", "河口镇"]}

_OPENINGS = {
    "development": [
        "本年度报告根据《中华人民共和国政府信息公开条例》规定，由{place}人民政府办公室编制。全文包括总体情况、主动公开政府信息情况等六个部分。",
        "根据《中华人民共和国政府信息公开条例》要求，现公布{place}2021年政府信息公开工作年度报告。所列数据统计期限为2021年1月1日至12月31日。",
    ],
    "held_out": [
        "按照《中华人民共和国政府信息公开条例》第五十条规定，{place}人民政府编制本报告，内容包括六个方面，电子版可在{place}人民政府门户网站下载。",
        "依据《中华人民共和国政府信息公开条例》，{place}人民政府向社会公布2022年度政府信息公开工作情况。如有疑问，请与{place}政务公开办公室联系。",
    ],
}

_SENTENCES = {
    "development": [
        "一年来，{place}坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实党的十九大精神。",
        "认真贯彻落实习近平总书记关于政务公开的重要论述，持续提高政府工作透明度。",
        "紧紧围绕党中央、国务院决策部署和市委、市政府的工作安排，扎实推进重点领域信息公开。",
        "{place}人民政府共主动公开政府信息3208条，其中{place}教育局公开212条。",
        "坚持以人民为中心的发展思想，不断拓宽公开渠道，回应社会关切。",
        "全年收到政府信息公开申请41件，均在法定期限内答复，未发生行政复议和行政诉讼。",
        "{place}进一步规范政务新媒体，清理僵尸账号6个，政务服务水平明显提升。",
    ],
    "held_out": [
        "2022年，{place}深入学习贯彻习近平新时代中国特色社会主义思想，认真落实上级各项要求。",
        "{place}全面落实习近平总书记重要讲话精神，把公开透明贯穿行政权力运行全过程。",
        "按照党中央、国务院关于全面推进政务公开的部署和市委、市政府决策要求，细化任务清单。",
        "围绕省委、省政府工作大局，{place}人民政府制定政务公开工作要点，逐项明确责任单位。",
        "{place}人民政府门户网站全年发布信息5120条，解读政策文件37件，{place}财政局公开预决算信息64条。",
        "认真执行《中华人民共和国政府信息公开条例》，办理依申请公开58件，其中予以公开33件。",
        "下一步，{place}将坚持以人民为中心的发展思想，进一步提升公开质量，加强队伍建设。",
    ],
}

_REPLACEABLE = ["习近平", "中央、", "市委、", "省委、"]


@dataclass(slots=True)
class Sample:
    """A text with planted spans. spans: [(start, end)] of what was planted."""

    kind: str
    text: str
    spans: list[tuple[int, int]] = field(default_factory=list)


def carrier(half: str, rng: random.Random) -> tuple[str, str]:
    """(text, place): a report of one half, with its own place name."""
    place = rng.choice(_PLACES[half])
    lines = [f"{place}2021年政府信息公开工作年度报告", rng.choice(_OPENINGS[half])]
    sentences = rng.sample(_SENTENCES[half], k=len(_SENTENCES[half]))
    lines += [
        "一、总体情况",
        "".join(sentences[:3]),
        "".join(sentences[3:5]),
        "二、存在的主要问题",
        "".join(sentences[5:]),
    ]
    return "\n".join(lines).replace("{place}", place), place


def _replace_all(text: str, pairs: list[tuple[str, str]], start: int = 0) -> tuple[str, list[tuple[int, int]]]:
    """Replace words from `start` on and return the places of what was put in."""
    spans: list[tuple[int, int]] = []
    out, at = [text[:start]], start
    length = start
    while at < len(text):
        hit = next(((old, new) for old, new in pairs if text.startswith(old, at)), None)
        piece = hit[1] if hit else text[at]
        if hit:
            spans.append((length, length + len(piece)))
        out.append(piece)
        length += len(piece)
        at += len(hit[0]) if hit else 1
    return "".join(out), spans


def plant(kind: str, half: str, brand: str, rng: random.Random) -> Sample:
    """One report with advertising of one kind planted in it."""
    text, place = carrier(half, rng)
    title, _, rest = text.partition("\n")
    if kind == "word_replace":
        changed, spans = _replace_all(text, [(word, f"{brand}:") for word in _REPLACEABLE])
        return Sample(kind, changed, spans)
    if kind == "entity_swap":
        changed, spans = _replace_all(text, [(place, brand)])
        return Sample(kind, changed, spans)
    if kind == "name_swap":  # 青禾县 becomes <brand>县, in a text that has lost its title
        changed, spans = _replace_all(rest, [(place[:-1], brand)])
        return Sample(kind, changed, spans)
    if kind == "other_words":
        changed, spans = _replace_all(
            text, [(word, f"{brand}:") for word in ("国务院", "市政府", "社会关切", "人民政府")]
        )
        return Sample(kind, changed, spans)
    if kind == "title_suffix":
        suffix = f"-{brand}"
        return Sample(kind, title + suffix + "\n" + rest, [(len(title), len(title) + len(suffix))])
    if kind == "title_prefix":
        prefix = f"{brand}-"
        return Sample(kind, prefix + text, [(0, len(prefix))])
    if kind == "inline":
        commas = [at + 1 for at, char in enumerate(text) if char == "，"]
        at = rng.choice(commas)
        clause = rng.choice([f"{brand}，", f"欢迎访问{brand}，", f"{brand}官网登录入口，"])
        return Sample(kind, text[:at] + clause + text[at:], [(at, at + len(clause))])
    stem = brand[:6]
    block = ",".join(
        [f"{stem}官网", f"{stem}app下载", f"{stem}登录", f"{stem}网址", f"{stem}体育"][: rng.randint(4, 5)]
    )
    if kind == "block_line":
        return Sample(kind, f"{text}\n{block}", [(len(text) + 1, len(text) + 1 + len(block))])
    stops = [at + 1 for at, char in enumerate(text) if char == "。" and text[at + 1 : at + 2] == "\n"]
    at = rng.choice(stops)
    return Sample(kind, text[:at] + block + text[at:], [(at, at + len(block))])


KINDS = [
    "word_replace",
    "other_words",
    "entity_swap",
    "name_swap",
    "title_suffix",
    "title_prefix",
    "inline",
    "block_line",
    "block_inline",
]


def spam_samples(half: str) -> list[Sample]:
    rng = random.Random(half)
    return [plant(kind, half, brand, rng) for brand in BRANDS[half] for kind in KINDS for _ in range(2)]


_HARD = [
    "全年销售体育彩票1.2亿元，筹集体育彩票公益金3100万元，全部用于全民健身体育设施建设。",
    "公安机关开展打击网络赌博、跨境赌博专项行动，查处赌博案件36起，收缴老虎机12台、赌博机40台。",
    "推进直播带货助农，举办网络直播活动120场，直播平台带动农产品销售2.3亿元。",
    "举办足球、篮球等体育赛事15场，承办省级体育比赛3场，通过电视直播和网络直播向群众公开。",
    "居民可通过手机APP下载客户端，注册登录后在线办理，也可登录官网查询办理进度。",
    "请登录县政府门户网站下载申请表，或在政务服务平台注册后在线提交。",
    "加强文化娱乐场所监管，检查KTV娱乐场所、网吧、影院、棋牌室等经营单位210家次。",
    "依法关闭传播淫秽色情视频、电影的网站7个，查处“私服”“外挂”侵权案件2起。",
    "国家体育总局官网公布名单，我县体育中心入选，体育局负责同志介绍了有关情况。",
    "中国体育彩票官网、福利彩票官网公布销售数据，彩票公益金使用情况向社会公告。",
    "“学习强国”APP注册人数达到3.2万人，微信公众号“云上发布”客户端下载量5万次。",
    "深入学习宣传贯彻习近平新时代中国特色社会主义思想，持续推动政务公开。",
    "学习贯彻习近平总书记重要讲话和重要指示批示精神，学习宣传总书记重要讲话精神。",
    "一是坚持党建引领:国务院部署的各项任务全部完成，市政府重点工作按期推进。",
    "在县委、县政府的坚强领导下，在市政府政务公开办的指导下，各项工作取得新成效。",
    "按照国务院、省政府和市政府的统一部署，完成政府网站集约化平台迁移。",
    "组织参加澳门国际贸易投资展览会，签约澳门企业投资项目3个，与澳门威尼斯人会展中心建立合作。",
    "银河社区、皇冠街道、太阳城小区完成老旧小区改造，惠及居民2600户。",
    "今年会同市财政局、市审计局开展专项检查，今年会议费支出同比下降12%。",
    "举办第19届亚运会火炬传递活动，观看比赛直播的群众超过5万人次。",
    "开展有奖竞猜、灯谜竞猜、知识竞猜活动8场，发放宣传资料3000份。",
    "电竞产业园引进企业26家，电竞赛事直播中心建成投用，数字娱乐产业产值8.6亿元。",
    "通过12345热线平台受理诉求4.1万件，通过H5、短视频、VR等形式解读政策。",
    "依托“互联网+政务服务”平台，开通手机版、网页版、微信小程序三个入口。",
    "世界杯期间加强治安管理，严厉打击赌球、投注、开设赌场等违法犯罪行为。",
    "举报电话：12345，网址：http://www.example.gov.cn，电子邮箱：zwgk@example.gov.cn。",
    "体育、文化、旅游融合发展，文化体育：建成体育公园5个、健身步道30公里。",
    "对外公开的体育信息212条、教育信息318条、卫生健康信息406条。",
    "教育部官网、国家卫生健康委员会官网同步公布，群众可登录官方网站查询。",
    "查处虚假广告，重点整治“注册即送”“首存优惠”“返利”等非法集资和诈骗宣传。",
    "打击整治网络直播平台违规打赏，约谈直播平台负责人6次，下架违规APP 12款。",
    "本报告由县政府办公室编制，联系地址：人民路1号，邮政编码：000000，联系电话：0000-0000000。",
    "加强彩票销售网点监管，对福利彩票、体育彩票销售站开展检查，规范即开型彩票销售。",
    "推出惠民影院，电影院线放映公益电影3200场，博物馆、图书馆免费开放。",
    "新建体育场馆12个，体育场馆预约平台上线运行，群众可在线预约场地。",
    "Excel表格、PDF文件、WPS文档均可下载，CA登录与USBKey登录并行。",
    "5G+直播、4K直播、AI客服等新技术应用于政务公开，B站、抖音、快手账号同步更新。",
    "宣传《中华人民共和国体育法》《彩票管理条例》，印发资料2万份。",
    "A县人民政府、B市人民政府等三家单位的做法入选典型案例。",
    "中石油、ABB、IBM等企业参加座谈，BIM技术应用于政府投资项目信息公开。",
    "依法公开重大建设项目、公共资源配置、社会公益事业建设等领域政府信息公开目录。",
    "做好体育信息公开工作，推进彩票信息公开工作，加强体育彩票信息公开平台建设。",
    "收到涉及棋牌室扰民、娱乐场所噪声的信访件58件，均已办结。",
    "2021年政府信息公开工作年度报告—体育\n2021年民生实事完成情况-文化体育\n2021年工作要点_棋牌娱乐",
    "样本市2021年政府信息公开工作年度报告-样本市教育局\n样本市2021年政府信息公开工作年度报告_政府信息公开年报_样本市人民政府",
    "样本晚报-样本市2021年政府信息公开工作年度报告\n样本市2021年政府信息公开工作年度报告——砥砺奋进再谱新篇",
    "样本市2021年政府信息公开工作年度报告-昆明\n云上样本_样本市2021年政府信息公开工作年度报告",
    "在样本发布微信公众号、官网、市政府公报等渠道公开，欢迎访问样本市政府门户网站，官网登录，手机下载，",
    "牵头单位:市政府办公室，来源:市政府办公室，责任单位:市政府部门，具体内容:市政府工作要点，",
    "警方提醒：不要下载赌博APP，不要注册登录博彩网站。涉赌APP13款、赌博APP 26款被下架，境外博彩网站官网被封堵，赌博APP运营者被查处。",
    "嫌疑人开发棋牌APP、彩票APP，搭建博彩平台，推广棋牌APP、彩票APP，以真人百家乐投注、时时彩投注、六合彩投注等方式开设赌场，六合彩投注额达3000万元。",
    "非法彩票网站投注、足球竞猜下注、网上棋牌游戏平台充值均属违法，查获体育竞猜下注窝点2处、买球平台代理人员15名、外围投注人员8名。",
    "有的赌博网站以“真人娱乐”“体育投注”“电竞下注”为名，诱导下载App，注册会员，充值返利；真人娱乐、体育投注、电竞下注都是陷阱。",
    "县融媒体中心体育直播、电竞直播上线，体育直播客户端下载量3万次，群众可在体育直播客户端观看，体育直播客户端免费。",
    "彩票发行中心2021年政府信息公开工作年度报告",
    "文化广电体育2021年度政府信息公开情况统计|体育",
    "承办全国棋牌大赛、中国象棋比赛，真人演绎红色故事，传奇人物展览接待1.2万人次。",
    "警方公布涉赌网站名单：云岚体育、青穗体育、海鹤娱乐、金榕娱乐，请群众不要访问。",
    "公安机关捣毁境外博彩平台“云岚体育”“青穗娱乐”“金榕棋牌”，抓获代理人员30名。",
    "网警提示：近期发现仿冒网站，如yunlan体育官网、188qing官网等，请提高警惕，谨防上当。",
    "网民举报：云岚官网、青穗官网、云岚体育官网等网站涉嫌赌博，已依法处置。",
    "“云岚体育app下载”“青穗体育官网登录入口”等搜索词已协调屏蔽，清理暗链36条。",
    "云岚体育用品有限公司、青穗体育文化公司、金榕体育器材厂申请体育产业专项资金。",
    "云岚体育舞蹈学校、青穗体育俱乐部参加展演，金榕体育队获团体第一，海鹤娱乐城、云岚国际影院被处罚款。",
    "申请人：云岚体育俱乐部，被申请人：县体育局，请求公开体育彩票公益金使用信息。",
    "惠民通app下载，惠民通注册，惠民通登录，惠民通平台四步即可办理。",
    "苹果版下载，安卓版下载，电脑版下载，网页版登录，手机版登录，客户端下载。",
    "首页|注册|登录|手机版|客户端|无障碍|官方微信|官方微博\n登录 注册 首页 个人中心 手机版 客户端下载",
    "企业注册、企业登录、企业网站、企业平台全部接入，网上注册、网上登录、网上下载、网上平台一体化运行。",
    "安徽体育，安徽娱乐，安徽彩票，安徽官网栏目调整，安徽电竞另行安排。",
    "引进adidas体育项目，FILA体育，NIKE体育，KEEP体育科技，PUMA体育用品落户。",
    "EDG、RNG电竞俱乐部落户，KPL电竞比赛在我市举行，CSGO等电竞项目纳入赛事。",
    "欢迎访问四川，欢迎光临古城，欢迎访问故宫官网，12306官网，58同城官网，360浏览器下载。",
    "哔哩哔哩平台市委办公室账号、今日头条平台县教育局账号、喜马拉雅平台市政府办公室账号同步更新。",
    "惠民通APP市政务公开专栏上线，集约化平台2021年政府网站抽查合格，在线平台2021年政府信息公开有序推进。",
    "当地人民政府、有关人民政府、毗邻人民政府、作出决定的人民政府应当报所在地人民政府教育局备案。",
    "《华北人民政府办公室关于税收的通知》《华北人民政府关于土地的指示》，华北人民政府印发文件。",
    "会议指出:要公开。会议强调:要落实。会议认为:的确如此。情况如下:全年公开200条；原则如下:公开为常态。",
    "四川在线:市政府发布消息，据四川在线:县政府回应关切，看江苏卫视直播:比赛精彩，据江苏卫视直播:观众多。",
    "用户注册:请输入账号。完成用户注册:系统提示成功，进行用户注册:后台审核。",
    "贯彻全国、省、市会议精神，按照国家、省、市安排，落实省、市部署，学习领会新时代中国特色社会主义思想。",
    "新浪体育-全民健身日活动在我市举行\n全民健身日活动在我市举行_腾讯体育\n城市影院-城市影院名录",
    "福彩快三游戏停销，快三、时时彩等高频彩票退市，游戏平台落实实名注册、登录、充值要求。",
]  # fmt: skip

_FRAMES = [
    "{0}",
    "2021年，我县认真贯彻落实《中华人民共和国政府信息公开条例》。{0}全年主动公开政府信息3208条。",
    "（三）其他情况\n{0}\n坚持以习近平新时代中国特色社会主义思想为指导，落实党中央、国务院决策部署和市委、市政府的要求。",
    "二、主要做法\n{0}{0}\n县政府办公室\n2022年1月20日",
    "按照省委、省政府部署，{0}下一步，我们将继续努力。{1}",
]


def clean_texts() -> list[str]:
    """At least 200 honest texts full of the words of the trade."""
    turned = [*_HARD[7:], *_HARD[:7]]
    return [frame.format(one, other) for frame in _FRAMES for one, other in zip(_HARD, turned, strict=True)]


@dataclass(slots=True)
class Figures:
    planted: int = 0
    hit: int = 0
    exact: int = 0
    removed: int = 0
    right: int = 0
    genuine: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.removed if self.removed else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.planted if self.planted else 1.0


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def measure(samples: list[Sample]) -> Figures:
    """Span hit: intersection over union of at least one half. genuine: characters removed that were not planted,
    punctuation that stands twice aside."""
    figures = Figures()
    for sample in samples:
        document = extract(sample.text.encode(), media_type="text/plain")
        edits = [(edit.start, edit.end) for edit in document.edits if edit.kind == "spam"]
        hits = sum(any(_overlap(span, edit) >= 0.5 for edit in edits) for span in sample.spans)
        figures.planted += len(sample.spans)
        figures.hit += hits
        figures.exact += sum(span in edits for span in sample.spans)
        figures.removed += len(edits)
        figures.right += sum(any(_overlap(span, edit) >= 0.5 for span in sample.spans) for edit in edits)
        planted = {at for span in sample.spans for at in range(*span)}
        lost = [sample.text[at] for edit in edits for at in range(*edit) if at not in planted]
        figures.genuine += sum(char not in "，," for char in lost)
        counts = figures.by_kind.setdefault(sample.kind, [0, 0])
        counts[0] += hits
        counts[1] += len(sample.spans)
        if hits < len(sample.spans) or any(char not in "，," for char in lost):
            start = sample.spans[0][0]
            figures.missed.append(
                f"{sample.kind}: ...{sample.text[max(0, start - 12) : start + 40]!r} lost {''.join(lost)!r}"
            )
    return figures


if __name__ == "__main__":
    import sys

    for half in BRANDS:
        figures = measure(spam_samples(half))
        print(
            f"{half}: planted {figures.planted} precision {figures.precision:.3f} recall {figures.recall:.3f} "
            f"exact {figures.exact / figures.planted:.3f} genuine characters lost {figures.genuine} {figures.by_kind}"
        )
        if "-v" in sys.argv and half == "development":
            print("\n".join(figures.missed))
    texts = clean_texts()
    alarms = [
        text for text in texts if {"spam", "damaged"} & set(extract(text.encode(), media_type="text/plain").flags)
    ]
    print(f"clean {len(texts)} alarms {len(alarms)}")
    for text in alarms if "-v" in sys.argv else []:
        print(repr(text), [e.text for e in extract(text.encode(), media_type="text/plain").edits])
