"""The migrated schema is the one the models describe, and people find it explained."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, get_args

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, text

from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.items import CaptureRole
from gxgk_crawler.store import models
from gxgk_crawler.store.figures import figure_models
from gxgk_crawler.store.identity import alias_table
from gxgk_crawler.store.postgres.database import Database, migrations_directory, revisions
from gxgk_crawler.store.views import tables as views

if TYPE_CHECKING:
    from gxgk_crawler.config import Config

VIEWS = (
    "reports",
    "report_texts",
    "captures",
    "edits",
    "crawls",
    "statutory_cells",
    "statutory_checks",
    "indicators",
    "figures",
    "crosswalk",
    "event",
    "reuses",
)


def test_models_equal_the_migrated_schema(database: Database) -> None:
    with database.begin() as conn:
        conn.dialect.supports_comments = False  # what a column means is said in the migrations alone
        assert alias_table.report_alias.metadata is models.metadata
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert figure_models.statutory_cell.metadata is models.metadata
        assert views.withheld.metadata is models.metadata
        assert compare_metadata(context, models.metadata) == []


def test_the_newest_file_is_the_head_of_alembic() -> None:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(migrations_directory()))
    settings.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(settings)
    assert scripts.get_heads() == [revisions()[-1]]
    assert [script.revision for script in scripts.walk_revisions()] == revisions()[::-1]


def test_migration_from_zero_and_again(empty_database: Config) -> None:
    with Database.connect(empty_database) as database:
        assert database.revision().current is None
        database.upgrade()
        database.upgrade()
        assert database.revision().is_head
        with database.begin() as conn:
            assert conn.execute(text("select count(*) from division_name")).scalar_one() == 3616


@pytest.mark.process
def test_processes_that_start_together_migrate_once(empty_database: Config) -> None:
    code = (
        "import sys; from pathlib import Path; from gxgk_crawler.config import Config; "
        "from gxgk_crawler.store.postgres.database import Database; "
        "Database.connect(Config(home=Path('/nowhere'), database_url=sys.argv[1])).upgrade()"
    )
    command = [sys.executable, "-c", code, str(empty_database.database_url)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[1] for process in started] == [""] * 3
    with Database.open(empty_database) as database:
        assert database.revision().is_head


def test_a_database_that_is_not_ours_is_never_migrated_unasked(empty_database: Config) -> None:
    with pytest.raises(DatabaseError, match="gxgk db upgrade"):
        Database.open(empty_database)


def test_a_newer_database_is_one_clear_line(database_config: Config) -> None:
    with Database.open(database_config) as database, database.begin() as conn:
        conn.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer than this version") as error:
        Database.open(database_config)
    assert "\n" not in str(error.value)
    with Database.connect(database_config) as database, pytest.raises(DatabaseError, match="newer"):
        database.upgrade()


def test_every_table_column_and_view_is_explained(database: Database) -> None:
    query = text(
        """
        select c.relname, a.attname
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname <> 'alembic_version'
          and col_description(c.oid, a.attnum) is null
        union all
        select c.relname, null from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname <> 'alembic_version'
          and obj_description(c.oid) is null
        """
    )
    with database.begin() as conn:
        assert conn.execute(query).all() == []


def test_views_cannot_be_written_to(database: Database) -> None:
    query = text(
        "select table_name, is_insertable_into, is_updatable from information_schema.views where table_schema = 'public'"
    )
    with database.begin() as conn:
        assert {tuple(row) for row in conn.execute(query)} == {(view, "NO", "NO") for view in VIEWS}


def test_closed_lists_are_those_of_the_items() -> None:
    def allowed(table: str, name: str) -> set[str]:
        for constraint in models.metadata.tables[table].constraints:
            if isinstance(constraint, CheckConstraint) and str(constraint.name).endswith(f"{table}_{name}_check"):
                return set(str(constraint.sqltext).partition("(")[2].rstrip(")").replace("'", "").split(", "))
        raise AssertionError(name)

    assert allowed("capture", "role") == set(get_args(CaptureRole))
