"""The search against LIKE and pg_trgm, on generated reports, in the same run.

    python benchmarks/search.py [--reports 50000] [--home DIR]

Prints milliseconds, p50 and p95, for the top 20 of rare and common terms of 1 to 6 characters, of several terms,
exclusions and filters, and how long the index took and how large it is. With --home, a database that an earlier run has
filled is used again. pg_trgm gets a database of its own with the locale C.UTF-8, since it indexes no Chinese under C; it is
asked for terms of 3 and more characters, as it cannot look up shorter ones.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.items import Capture, Document, Report
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.search.search import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
# Sentences of our own, in the words of the genre; each stands in a share of the sections.
COMMON = (
    "本机关认真贯彻落实政府信息公开条例，持续优化营商环境。",
    "全年主动公开政府信息若干条，依申请公开按时答复。",
    "推行双随机一公开，公布权力清单和责任清单。",
    "围绕河长制、扶贫、环境保护等重点领域公开信息。",
    "机构职能、规范性文件和财政预决算均已公开。",
)
RARE = ("鼠疫防控", "殡葬服务", "古树名木", "饮用水水源地", "蚕桑", "渡口")
ONE_IN = 300  # sections per rare sentence
COMMON_TERMS = ("公", "扶贫", "河长制", "营商环境", "规范性文件", "双随机一公开")
RARE_TERMS = ("渡", "鼠疫", "蚕桑", "殡葬服", "古树名木", "饮用水水源")
# What is hard to look up: terms that stand in different sections, exclusions that leave little, filters that leave little.
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("营商环境 河长制", {}),
    ("扶贫 鼠疫", {}),
    ("鼠疫 渡口", {}),
    ("县区 乡镇", {}),
    ("鼠疫 | 蚕桑", {}),
    ("河长制 -鼠疫", {}),
    ("鼠疫 -扶贫", {}),
    ("营商环境", {"year": 2015}),
    ("扶贫", {"since": 2024}),
    ("鼠疫", {"year": 2015}),
    ("公", {"issuer": "没有的机关"}),
    ("营商环境", {"flag": "spam"}),
)
ABSENT = "息公布"  # its pairs stand in nearly every section, and nowhere together: each has to be looked at
SYLLABLES = (
    "县区乡镇街道办事处局委厅部门单位年度月日工作人员会议培训网站平台窗口群众企业社会监督检查督促整改落实提高加强完善"
)


def fill(database: Database, reports: int) -> float:
    """Save so many reports, two hundred per transaction; seconds."""
    chance = random.Random(4)
    began = time.perf_counter()
    with database.begin() as conn:
        register_portal(conn, "bench", Portal(title="基准", entry="https://www.bench.gov.cn/"), "generic")
    for start in range(0, reports, 200):
        with database.begin() as conn:
            for number in range(start, min(reports, start + 200)):
                save_report(conn, report(number, chance), extractor_version="1")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("vacuum analyze"))
    return time.perf_counter() - began


def report(number: int, chance: random.Random) -> Report:
    """Six to fourteen sections of some 200 characters each."""
    parts = []
    for place in range(chance.randint(6, 14)):
        words = ["".join(chance.choices(SYLLABLES, k=chance.randint(20, 60))) + "。" for _ in range(4)]
        words += chance.sample(COMMON, 2)
        if chance.random() < len(RARE) / ONE_IN:
            words.append(f"{chance.choice(RARE)}信息已经公开。")
        chance.shuffle(words)
        parts.append(f"{HEADINGS[place % 6]}\n{''.join(words)}")
    content = "\n".join(parts)
    url = f"https://www.bench.gov.cn/{number}.html"
    capture = Capture(
        record_id=f"urn:bench:{number}",
        warc_file="gxgk-20260101000000000-00000-bench-1.warc.gz",
        offset=number,
        length=1,
        url=url,
        method="GET",
        status=200,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
        payload_sha256=sha256(url.encode()).hexdigest(),
        payload_length=1,
        role="report",
    )
    document = Document(
        url=url,
        media_type="text/html",
        encoding="utf-8",
        title=f"样例{number}号{2008 + number % 17}年政府信息公开工作年度报告",
        text=content,
        extracted_text=content,
        year=2008 + number % 17,
    )
    return Report(portal="bench", url=url, capture=capture, document=document)


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long each of so many calls took, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def newest(connection: psycopg.Connection[Any], term: str) -> object:
    """The twenty newest whose text holds the term; no ranking, no place, no snippet."""
    query = "select id from bench_text where text like %s order by year desc, id desc limit 20"
    return connection.execute(query, [f"%{term}%"]).fetchall()


def copied(database: Database, config: Config) -> psycopg.Connection[Any]:
    """A database of its own with the texts and a trigram index, made by the first call; says how long and how large."""
    server = EmbeddedServer(config)
    with server.connect() as admin:
        admin.autocommit = True
        if admin.execute("select from pg_database where datname = 'trigram'").fetchone() is None:
            admin.execute("create database trigram template template0 locale_provider libc locale 'C.UTF-8'")
    connection = psycopg.connect(server.url.replace("@/postgres?", "@/trigram?"), autocommit=True)
    if connection.execute("select to_regclass('bench_text')").fetchone() == (None,):
        connection.execute("create extension pg_trgm")
        connection.execute("create table bench_text (id bigint primary key, year integer, text text)")
        with database.begin() as conn, connection.cursor() as cursor:
            query = "select r.id, r.year, v.text from report r join report_version v on v.report_id = r.id"
            with cursor.copy("copy bench_text from stdin") as copy:
                for row in conn.execute(text(query), execution_options={"yield_per": 500}):
                    copy.write_row(tuple(row))
        connection.execute("set maintenance_work_mem = '256MB'")
        began = time.perf_counter()
        connection.execute("create index bench_trgm on bench_text using gin (text gin_trgm_ops)")
        connection.execute("vacuum analyze bench_text")
        size = connection.execute("select pg_size_pretty(pg_relation_size('bench_trgm'))").fetchone()
        print(f"pg_trgm: index built in {time.perf_counter() - began:.0f} s, {size[0] if size else ''}")
    return connection


def shown(name: str, taken: list[float]) -> None:
    cuts = quantiles(taken, n=20) if len(taken) > 1 else taken
    print(f"{name:<28} p50 {median(taken):8.1f}   p95 {cuts[-1]:8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--home", type=Path, help="keep the database here, and use it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        config = Config(home=args.home or Path(scratch))
        with Database.open(config) as database:
            measure(database, config, args.reports)
        EmbeddedServer(config).stop()


def measure(database: Database, config: Config, reports: int) -> None:
    with database.begin() as conn:
        held = conn.execute(text("select count(*) from report")).scalar_one()
    if held < reports:
        print(f"{reports} reports saved and indexed in {fill(database, reports):.0f} s")
    with database.begin() as conn:
        sections = conn.execute(text("select count(*) from section")).scalar_one()
        print(f"{sections} sections: index {size_of(conn, 'section_tsv_idx')}, all with it {size_of(conn, 'section')}")
        conn.execute(text("set local maintenance_work_mem = '256MB'"))
        began = time.perf_counter()
        conn.execute(text("reindex index section_tsv_idx"))
        print(f"index built anew in {time.perf_counter() - began:.0f} s: {size_of(conn, 'section_tsv_idx')}")
    with copied(database, config) as plain, database.begin() as conn:
        singles = asked(conn, [(term, {}) for term in (*RARE_TERMS, *COMMON_TERMS)])
        several = asked(conn, QUERIES)
        absent = asked(conn, [(ABSENT, {})], times=2)
        like: list[float] = []
        trgm: list[float] = []
        for term in (*RARE_TERMS, *COMMON_TERMS):
            plain.execute("set enable_bitmapscan = off")
            like += milliseconds(lambda term=term: newest(plain, term), 2)  # type: ignore[misc]
            plain.execute("set enable_bitmapscan = on")
            if len(term) > 2:
                trgm += milliseconds(lambda term=term: newest(plain, term), 3)  # type: ignore[misc]
    shown("search, one term, best 20", singles)
    shown("search, several, not, filter", several)
    shown("search, absent phrase", absent)
    shown("LIKE, one term, newest 20", like)
    shown("pg_trgm, 3 and more", trgm)


def asked(conn: Connection, queries: Iterable[tuple[str, dict[str, Any]]], times: int = 10) -> list[float]:
    """How long each query took, each time; says so for each query."""
    taken: list[float] = []
    for query, limits in queries:
        found = search(conn, query, Filters(**limits))
        each = milliseconds(lambda query=query, limits=limits: search(conn, query, Filters(**limits)), times)  # type: ignore[misc]
        told = " ".join([query, *(f"{name}={value}" for name, value in limits.items())])
        shown(f"  {told} ({found.total}{'+' if found.more else ''})", each)
        taken += each
    return taken


def size_of(conn: Connection, name: str) -> str:
    query = text("select pg_size_pretty(pg_total_relation_size(cast(:name as regclass)))")
    return str(conn.execute(query, {"name": name}).scalar_one())


if __name__ == "__main__":
    main()
