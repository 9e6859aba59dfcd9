"""Where settings come from, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.config import DEFAULT_THEME, load_settings, user_config_file
from kbtui.core.errors import ConfigurationError


def configure(text: str, file: Path | None = None) -> Path:
    place = file or user_config_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.theme, settings.stale_after_days, dict(settings.keys)) == (DEFAULT_THEME, 365, {})
    assert set(settings.origins.values()) == {"default"}


def test_first_wins_flag_variable_project_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = configure('library = "/from/user"\ntheme = "nord"\nstale_after_days = 30\n')
    assert load_settings().library == Path("/from/user").resolve()
    project = tmp_path / "work" / ".kbtui"
    (project / "deep").mkdir(parents=True)
    monkeypatch.chdir(project / "deep")
    assert load_settings().library == project.resolve()
    configure('theme = "dracula"\n', project / "config.toml")
    settings = load_settings()
    assert (settings.theme, settings.origins["stale_after_days"]) == ("dracula", str(user))
    monkeypatch.setenv("KBTUI_LIBRARY", "/from/variable")
    assert load_settings().library == Path("/from/variable").resolve()
    assert load_settings(Path("/from/flag")).library == Path("/from/flag").resolve()


def test_a_relative_library_is_relative_to_its_file() -> None:
    file = configure('library = "kb"\n')
    assert load_settings().library == (file.parent / "kb").resolve()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("them = 1\n", r"unknown key 'them'; the nearest .* 'theme'"),
        ("theme = 1\n", "theme must be text"),
        ("stale_after_days = true\n", "whole number"),
        ("stale_after_days = 0\n", "between 1 and 36500 days"),
        ("evidence_limit_mb = 101\n", "between 1 and 100 megabytes"),
        ("evidence_limit_mb = '5'\n", "whole number"),
        ("[keys]\nx = 1\n", "text in quotes"),
        ("theme = \n", "not valid TOML"),
        ('library = "~no-such-user-here/x"\n', "no such user"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(text: str, said: str) -> None:
    configure(text)
    with pytest.raises(ConfigurationError, match=said):
        load_settings()
