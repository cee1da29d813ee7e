"""The statutory tables as data: row keys, column keys, and the words by which pages call them.

Sources: 国办公开办函〔2019〕60号 (layout B), 国办公开办函〔2021〕30号 (layout C). Words are matched on what is left of a label
when everything but Chinese characters is gone, so numbering, quotation marks and spaces do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One key and its official wording. words: alternatives, one of which a page's label holds; anchored by ^ and $."""

    key: str
    official: str
    words: str


T3_ROWS = (
    Label(
        "new_received", "本年新收政府信息公开申请数量", r"本年度?新收|新收政府信息|新收.{0,6}申请|本年度?收到.{0,8}申请"
    ),
    Label("carried_in", "上年结转政府信息公开申请数量", r"上一?年度?结转|上年度?接转|结转.{0,3}上年"),
    Label("granted", "予以公开", r"(?:^|[^不])予以公开"),
    Label("partial", "部分公开", r"部分公开"),
    Label("denied.state_secret", "属于国家秘密", r"国家秘密"),
    Label("denied.other_law", "其他法律行政法规禁止公开", r"法规禁止|法律.{0,6}禁止公开"),
    Label("denied.three_securities", "危及三安全一稳定", r"三安全|一稳定"),
    Label("denied.third_party", "保护第三方合法权益", r"第三方"),
    Label("denied.internal", "属于三类内部事务信息", r"内部事务"),
    Label("denied.process", "属于四类过程性信息", r"过程性"),
    Label("denied.case_file", "属于行政执法案卷", r"执法案卷"),
    Label("denied.admin_query", "属于行政查询事项", r"行政查询|查询事项"),
    Label("unable.not_held", "本机关不掌握相关政府信息", r"不掌握"),
    Label("unable.must_create", "没有现成信息需要另行制作", r"没有现成|另行制作"),
    Label("unable.unclear", "补正后申请内容仍不明确", r"补正后|仍不明确"),
    Label("not_processed.petition", "信访举报投诉类申请", r"信访"),
    Label("not_processed.repeat", "重复申请", r"重复申请"),
    Label("not_processed.publication", "要求提供公开出版物", r"出版物"),
    Label("not_processed.massive", "无正当理由大量反复申请", r"大量反复|反复申请"),
    Label("not_processed.confirm", "要求行政机关确认或重新出具已获取信息", r"重新出具|确认或重新"),
    Label(
        "other.no_correction", "申请人无正当理由逾期不补正行政机关不再处理其政府信息公开申请", r"逾期不补正|逾期未补正"
    ),
    Label(
        "other.fee_unpaid", "申请人逾期未按收费通知要求缴纳费用行政机关不再处理其政府信息公开申请", r"收费通知|缴纳费用"
    ),
    Label("other.other", "其他", r"^其[他它]$|其[他它]处理.?其[他它]$"),
    Label("processed_total", "总计", r"^(?:本年度?办理结果)?[总合]计$"),
    Label("carried_out", "结转下年度继续办理", r"结转下|转下一?年度?继续"),
)
# Names of groups of rows. A row that ends at 其他处理 is the row `other` of layout B.
T3_GROUPS = (
    Label("results", "本年度办理结果", r"年度?办理结果"),
    Label("denied", "不予公开", r"不予公开$"),
    Label("unable", "无法提供", r"无法提供$"),
    Label("not_processed", "不予处理", r"不予处理$"),
    Label("other", "其他处理", r"其[他它]处理$"),
)
T3_COLUMNS = (
    Label("natural", "自然人", r"自然人"),
    Label("enterprise", "商业企业", r"商业企业|^商业$|^企业$"),
    Label("research", "科研机构", r"科研"),
    Label("ngo", "社会公益组织", r"公益"),
    Label("legal", "法律服务机构", r"法律服务"),
    Label("other", "其他", r"^其[他它](?:组织|法人)?$"),
    Label("total", "总计", r"^[总合]计$"),
)
T3_COLUMN_ORDER = tuple(label.key for label in T3_COLUMNS)
T3_RESULTS = tuple(label.key for label in T3_ROWS[2:23])
T3_ROWS_B = (*(label.key for label in T3_ROWS[:20]), "other", "processed_total", "carried_out")
T3_ROWS_C = tuple(label.key for label in T3_ROWS)

T2_ROWS = (
    Label("regulations", "规章", r"^规章"),
    Label("normative_documents", "行政规范性文件", r"规范性文件"),
    Label("licensing", "行政许可", r"^行政许可"),
    Label("other_services", "其他对外管理服务事项", r"对外管理服务|管理服务事项"),
    Label("penalties", "行政处罚", r"^行政处罚"),
    Label("coercion", "行政强制", r"^行政强制"),
    Label("fees", "行政事业性收费", r"事业性收费"),
    Label("procurement", "政府集中采购", r"集中采购"),
)
T2_COLUMNS = (
    Label("made_this_year", "本年新制作数量", r"新制作|制作数量"),
    Label("newly_disclosed", "本年新公开数量", r"年新公开|新公开数"),
    Label("disclosed_total", "对外公开总数量", r"对外公开|公开总数"),
    Label("last_year_items", "上一年项目数量", r"上一?年度?项目"),
    Label("change", "本年增减", r"本年度?增"),
    Label("count_this_year", "本年数量", r"^本年度?(?:项目)?数量"),
    Label("procurement_items", "采购项目数量", r"采购项目"),
    Label("procurement_amount", "采购总金额", r"采购总?金额"),
    Label("issued", "本年制发件数", r"制发"),
    Label("repealed", "本年废止件数", r"废止"),
    Label("in_force", "现行有效件数", r"现行有效|有效件数"),
    Label("fee_amount", "本年收费金额", r"收费金额|收费总金额"),
    Label("decisions", "处理决定数量", r"处理决定|决定数量"),
)
# The columns of one row by layout, for a table whose header is lost.
T2_CELLS: dict[str, dict[str, tuple[str, ...]]] = {
    "B": {
        "regulations": ("made_this_year", "newly_disclosed", "disclosed_total"),
        "normative_documents": ("made_this_year", "newly_disclosed", "disclosed_total"),
        "licensing": ("last_year_items", "change", "decisions"),
        "other_services": ("last_year_items", "change", "decisions"),
        "penalties": ("last_year_items", "change", "decisions"),
        "coercion": ("last_year_items", "change", "decisions"),
        "fees": ("last_year_items", "change"),
        "procurement": ("procurement_items", "procurement_amount"),
    },
    "C": {
        "regulations": ("issued", "repealed", "in_force"),
        "normative_documents": ("issued", "repealed", "in_force"),
        "licensing": ("decisions",),
        "penalties": ("decisions",),
        "coercion": ("decisions",),
        "fees": ("fee_amount",),
    },
}
T2_ONLY_B = frozenset({"made_this_year", "newly_disclosed", "disclosed_total", "last_year_items", "change", "count_this_year",
                       "procurement_items", "procurement_amount"})  # fmt: skip
T2_ONLY_C = frozenset({"issued", "repealed", "in_force", "fee_amount"})

T4_GROUPS = (
    Label("litigation.direct", "未经复议直接起诉", r"未经复议|直接起诉"),
    Label("litigation.after_review", "复议后起诉", r"复议后"),
    Label("litigation", "行政诉讼", r"行政诉讼"),
    Label("review", "行政复议", r"行政复议"),
)
T4_COLUMNS = (
    Label("upheld", "结果维持", r"维持"),
    Label("corrected", "结果纠正", r"纠正|纠错"),
    Label("other", "其他结果", r"其[他它]结果|^其[他它]$"),
    Label("pending", "尚未审结", r"尚未|未审结"),
    Label("total", "总计", r"^[总合]计$"),
)
T4_ROW_ORDER = ("review", "litigation.direct", "litigation.after_review")
T4_COLUMN_ORDER = tuple(label.key for label in T4_COLUMNS)
T4_CELLS = tuple((row, col) for row in T4_ROW_ORDER for col in T4_COLUMN_ORDER)
