"""The files around the code: nobody runs them every day, so a test reads them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ROOMS = ("gxgk_crawler", "migrations", "tests", "benchmarks", "docs", ".github", ".ci")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FILES = [
    f"/{path.relative_to(ROOT)}"
    for top in (ROOT.glob("*"), *(ROOT.glob(f"{room}/**/*") for room in ROOMS))
    for path in top
]
FORMS = sorted(p for p in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml") if p.name != "config.yml")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def names(path: str) -> set[str]:
    """Package names a lock file pins, normalised."""
    lines = (ROOT / path).read_text().splitlines()
    return {re.split(r"[=\[ ]", line)[0].lower().replace("_", "-") for line in lines if "==" in line}


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ]", r)[0].lower().replace("_", "-") for r in requirements}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_lock_files_cover_what_pyproject_asks_for() -> None:
    runtime = wanted(PYPROJECT["project"]["dependencies"])
    assert runtime <= names("requirements.lock")
    assert runtime | wanted(PYPROJECT["dependency-groups"]["dev"]) <= names("requirements-dev.lock")
    assert names("requirements.lock") <= names("requirements-dev.lock")


def test_dockerfile_installs_the_lock_file_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert any("-r requirements.lock" in line for line in lines)
    assert lines.index("USER gxgk") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
    copies = [line for line in lines if line.startswith("COPY") and "--from=" not in line]
    copied = {source for line in copies for source in line.split()[1:-1]}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)


def test_workflow_runs_the_targets_of_the_makefile_on_every_supported_python() -> None:
    workflow = load(".github/workflows/ci.yml")
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    called = {target for run in steps for target in re.findall(r"^make ([a-z-]+)", run)}
    assert {"check", "test", "demo"} <= called <= make_targets()
    classifiers = PYPROJECT["project"]["classifiers"]
    supported = {c.rpartition(" ")[2] for c in classifiers if re.fullmatch(r".*:: 3\.\d+", c)}
    assert set(workflow["jobs"]["test"]["strategy"]["matrix"]["python"]) == supported
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_what_github_accepts(form: Path) -> None:
    parsed = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= parsed.keys()
    ids = [element["id"] for element in parsed["body"]]
    assert len(ids) == len(set(ids))
    for element in parsed["body"]:
        assert element["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert element["attributes"]["label"]
        if element["type"] == "dropdown":
            options = element["attributes"]["options"]
            assert all(isinstance(option, str) for option in options)
            assert len(options) == len(set(options))
    assert any(element.get("validations", {}).get("required") for element in parsed["body"])


def test_there_is_a_form_for_a_portal_a_broken_portal_and_a_family() -> None:
    assert {form.stem for form in FORMS} == {"new-portal", "broken-portal", "new-family"}


def test_pre_commit_runs_the_tools_of_make_check() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for hook in load(".pre-commit-config.yaml")["repos"][0]["hooks"]:
        tool = hook["entry"].split()[0].removeprefix(".venv/bin/")
        assert f"$(BIN)/{tool}" in makefile


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), f"{document.name} links to {target}"
        if anchor:
            assert anchor in anchors(linked), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_documents_name_exist(document: Path) -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|toml|csv|md|sql|yml|lock|cfg|service))`", document.read_text()))
    of_readers = {
        "utils.py",
        "GXGK_HOME/portals.csv",
    }  # none of ours: what no module may be called, and a reader's own file
    assert not {name for name in named - of_readers if not any(path.endswith(f"/{name}") for path in FILES)}


def anchors(document: Path) -> set[str]:
    """Anchors as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_only_make_targets_that_exist(document: Path) -> None:
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.MULTILINE)) <= make_targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_only_environment_variables_that_are_known(document: Path) -> None:
    read = set(re.findall(r'"(GXGK_[A-Z_]+)"', (ROOT / "gxgk_crawler" / "config.py").read_text()))
    source = (ROOT / "gxgk_crawler" / "store" / "alarms.py").read_text()
    payload = source.partition("def payload")[2].partition("class ")[0]
    told = {f"GXGK_ALARM_{name.upper()}" for name in re.findall(r'^ +"(\w+)": ', payload, re.MULTILINE)}
    assert "GXGK_ALARM_OUTCOME" in told
    assert set(re.findall(r"GXGK_[A-Z]+(?:_[A-Z]+)*", document.read_text())) <= read | told | {"GXGK_"}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readmes_explain_every_environment_variable(readme: str) -> None:
    read = set(re.findall(r'"(GXGK_[A-Z_]+)"', (ROOT / "gxgk_crawler" / "config.py").read_text()))
    assert read <= set(re.findall(r"^\| `(GXGK_[A-Z_]+)`", (ROOT / readme).read_text(), re.MULTILINE))


def test_documents_name_only_spider_classes_that_exist() -> None:
    sources = "".join(path.read_text() for path in ROOT.glob("gxgk_crawler/**/*.py"))
    named = {name for path in DOCUMENTS for name in re.findall(r"\b([A-Z]\w+Spider)\b", path.read_text())}
    assert named <= set(re.findall(r"^class (\w+Spider)\b", sources, re.MULTILINE))


def test_the_files_that_a_newcomer_is_told_to_open_exist() -> None:
    chapter = (ROOT / "CONTRIBUTING.md").read_text().partition("the file to open first")[2].partition("## Habits")[0]
    files = re.findall(r"`(gxgk_crawler/[\w/.]+)`", chapter)
    assert len(files) >= 15
    assert not [name for name in files if not (ROOT / name).is_file()]
