"""Who imports what: looked at in processes of their own, and by the contracts of `pyproject.toml`."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import kbtui
import kbtui.core

ROOT = Path(kbtui.__file__).parent.parent
HEAVY = {"sqlite3", "sqlite_utils", "textual", "whoosh", "yaml", "markdown_it", "rich"}


def loaded(*statements: str) -> set[str]:
    """The top-level modules that are in memory after the statements, beyond those of a bare interpreter."""
    tell = "print(json.dumps(sorted(set(sys.modules) - before)))"
    code = "; ".join(("import sys, json", "before = set(sys.modules)", *statements, tell))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_importing_kbtui_imports_nothing_heavy() -> None:
    assert not HEAVY & loaded("import kbtui")


def test_the_core_needs_the_standard_library_only() -> None:
    names = [module.name for module in pkgutil.iter_modules(kbtui.core.__path__)]
    assert "post" in names
    modules = loaded(*(f"import kbtui.core.{name}" for name in names))
    assert {name for name in modules if name not in sys.stdlib_module_names} == {"kbtui"}
    assert not {"sqlite3", "socket", "subprocess"} & modules


def test_the_use_cases_need_the_core_only() -> None:
    modules = loaded("import kbtui.library")
    assert {name for name in modules if name not in sys.stdlib_module_names} == {"kbtui"}


def test_opening_a_library_imports_no_engine_of_search_and_no_screen(tmp_path: Path) -> None:
    statements = [
        "import kbtui",
        f"library = kbtui.open_library({str(tmp_path / 'library')!r})",
        "library.posts.page()",
    ]
    assert not {"whoosh", "textual"} & loaded(*statements, "library.close()")


def loaded_by(*arguments: str) -> set[str]:
    """All modules that are in memory after a command line of kbtui, which must succeed."""
    code = (
        "import sys, json; from kbtui.__main__ import run; code = run(json.loads(sys.argv[1])); "
        "print(); print(json.dumps(sorted(sys.modules))); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


NOT_FOR_A_SEARCH = {
    "dateutil",
    "getpass",
    "kbtui.core.checklists.run",
    "kbtui.core.importing",
    "kbtui.core.links",
    "kbtui.core.ports",
    "kbtui.core.commands.shell",
    "kbtui.formats",
    "kbtui.library.checklists",
    "kbtui.library.editing",
    "kbtui.library.importing",
    "kbtui.search.codec",
    "kbtui.search.segment_builder",
    "kbtui.storage.checklists",
    "kbtui.storage.migrations",
    "kbtui.storage.saving",
    "markdown_it",
    "rich",
    "sqlite_utils",
    "textual",
    "tomllib",
    "traceback",
    "whoosh.fields",
    "whoosh.index",
    "yaml",
}
"""What takes long to import and serves other verbs, or writing."""


def test_a_search_imports_only_what_it_takes_to_search(tmp_path: Path) -> None:
    folder = str(tmp_path / "library")
    with kbtui.open_library(folder) as library:
        library.editing.create("# Nginx\n\nbad gateway", "Nginx")
        library.indexing.bring_up_to_date()
    modules = loaded_by("--library", folder, "search", "gateway")
    assert "kbtui.search.index" in modules
    assert not NOT_FOR_A_SEARCH & modules


def test_a_note_imports_no_parser_of_pages_and_no_checklists(tmp_path: Path) -> None:
    modules = loaded_by("--library", str(tmp_path / "library"), "note", "new", "-m", "why", "--no-git")
    assert "kbtui.library.note_drafts" in modules
    assert (
        not {"markdown_it", "yaml", "kbtui.library.checklists", "kbtui.core.commands.placeholders", "textual"} & modules
    )


@pytest.mark.parametrize("arguments", [("--help",), ("search", "--help"), ("check", "--help"), ("--version",)])
def test_help_opens_no_library(arguments: tuple[str, ...]) -> None:
    modules = loaded_by(*arguments)
    assert not {*HEAVY, "kbtui.bootstrap", "kbtui.formats", "kbtui.search", "kbtui.storage", "tomllib"} & modules


def test_the_public_face() -> None:
    assert kbtui.open_library is not None
    assert kbtui.__version__
    with pytest.raises(AttributeError, match="nothing"):
        kbtui.nothing  # noqa: B018


def test_the_contracts_between_the_layers_are_kept() -> None:
    # The linter reads the configuration of the folder it stands in, and keeps no cache there.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
