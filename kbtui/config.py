"""Settings: where they come from, in which order, and what they may be.

First wins: the flag of a command, a `KBTUI_*` variable, the project's `.kbtui/config.toml`, the user's `config.toml`,
the default. A `.kbtui` folder at or above the working directory is itself a library, the project's own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_config_path, user_data_path

from kbtui.core.errors import ConfigurationError

CONFIG_NAME = "config.toml"
PROJECT_FOLDER = ".kbtui"
DEFAULT_THEME = "textual-dark"
DEFAULT_STALE_DAYS = 365
DEFAULT_EVIDENCE_MB = 1
DEFAULT_VERIFY_DAYS = 1

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "library": "folder of the library",
        "theme": "name of the app's theme",
        "stale_after_days": "a post neither reviewed nor run for this many days is marked stale",
        "evidence_limit_mb": "evidence of a step or of a change is refused beyond this many megabytes",
        "verify_after_days": "the effect of a change is to be verified this many days after it was shipped",
        "keys": "table of binding id = key, to rebind keys of the app",
    }
)
"""Every key of a configuration file, and what it sets."""
_NUMBERS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {"stale_after_days": (36_500, "days"), "evidence_limit_mb": (100, "megabytes"), "verify_after_days": (365, "days")}
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force."""

    library: Path
    theme: str = DEFAULT_THEME
    stale_after_days: int = DEFAULT_STALE_DAYS
    evidence_limit_mb: int = DEFAULT_EVIDENCE_MB
    verify_after_days: int = DEFAULT_VERIFY_DAYS
    keys: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    """By key: where its value comes from, for `kbtui config`."""


def load_settings(library_flag: Path | None = None) -> Settings:
    """The settings in force. Raises `ConfigurationError`, which names the file, the key and the nearest valid one."""
    values: dict[str, object] = {
        "library": user_data_path("kbtui"),
        "theme": DEFAULT_THEME,
        "stale_after_days": DEFAULT_STALE_DAYS,
        "evidence_limit_mb": DEFAULT_EVIDENCE_MB,
        "verify_after_days": DEFAULT_VERIFY_DAYS,
        "keys": {},
    }
    origins = dict.fromkeys(values, "default")
    for file in (user_config_file(), _project_file()):
        if file is not None:
            for key, value in _read(file).items():
                values[key], origins[key] = value, str(file)
            if file.parent.name == PROJECT_FOLDER and origins["library"] != str(file):
                values["library"], origins["library"] = file.parent, "project"
    for key, name in (("library", "KBTUI_LIBRARY"), ("theme", "KBTUI_THEME")):
        if text := os.environ.get(name):
            values[key], origins[key] = (Path(text) if key == "library" else text), name
    if library_flag is not None:
        values["library"], origins["library"] = library_flag, "--library"
    return Settings(
        library=_absolute(Path(str(values["library"]))),
        theme=str(values["theme"]),
        stale_after_days=int(str(values["stale_after_days"])),
        evidence_limit_mb=int(str(values["evidence_limit_mb"])),
        verify_after_days=int(str(values["verify_after_days"])),
        keys=dict(values["keys"]) if isinstance(values["keys"], Mapping) else {},
        origins=origins,
    )


def default_library() -> Path:
    """The folder of the library that is in force without a flag."""
    return load_settings().library


def demo_library() -> Path:
    """The folder of the demonstration's own library, apart from the user's."""
    return user_data_path("kbtui-demo")


def user_config_file() -> Path:
    """Where the user's configuration file is, or would be."""
    return user_config_path("kbtui") / CONFIG_NAME


def bundled_data() -> Path:
    """The folder of the posts and templates that come with kbtui, in a wheel as in a checkout."""
    installed = Path(__file__).parent / "data"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "data"


def _project_file() -> Path | None:
    """The configuration file, there or not, of the nearest project folder."""
    # A working directory may be gone, or lie where one may not look.
    with contextlib.suppress(OSError):
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / PROJECT_FOLDER).is_dir():
                return folder / PROJECT_FOLDER / CONFIG_NAME
    return None


def _absolute(path: Path, base: Path | None = None) -> Path:
    """`path` from `base` on, else from the working directory; `~` is the home folder."""
    try:
        return ((base or Path()) / path.expanduser()).resolve()
    except RuntimeError as error:
        raise ConfigurationError(f"The library {path} cannot be found: there is no such user.") from error


def _read(file: Path) -> dict[str, object]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.") from error
    import tomllib  # takes longer to import than to find that there is no file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}.") from error
    for key, value in table.items():
        _check(file, key, value)
    if "library" in table:
        # A relative library is relative to the file that names it.
        table["library"] = _absolute(Path(table["library"]), file.parent)
    return table


def _check(file: Path, key: str, value: object) -> None:
    if key not in KEYS:
        nearest = get_close_matches(key, KEYS, n=1, cutoff=0.0)[0]
        raise ConfigurationError(f"{file} has an unknown key {key!r}; the nearest that kbtui knows is {nearest!r}.")
    wanted: type = {**dict.fromkeys(_NUMBERS, int), "keys": dict}.get(key, str)
    if not isinstance(value, wanted) or isinstance(value, bool):
        names = {int: "a whole number", dict: "a table", str: "text in quotes"}
        raise ConfigurationError(f"{file}: {key} must be {names[wanted]}, not {value!r}.")
    if isinstance(value, int) and not 1 <= value <= _NUMBERS[key][0]:
        highest, unit = _NUMBERS[key]
        raise ConfigurationError(f"{file}: {key} must be between 1 and {highest} {unit}, not {value}.")
    if isinstance(value, dict) and not all(isinstance(item, str) for item in value.values()):
        raise ConfigurationError(f'{file}: every entry of [keys] must be text in quotes, as in search = "ctrl+f".')
