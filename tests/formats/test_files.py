"""The walk over a folder and the reading of its files, hostile ones included."""

from __future__ import annotations

import os
import socket
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import FoundFile
from kbtui.formats import beneath
from kbtui.formats.files import MAX_FILE_SIZE, Folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX file types")
LINK = "a symbolic link; kbtui reads only regular files"


def walk(root: Path, start: Path | None = None, *, extensionless: bool = False) -> dict[str, FoundFile]:
    found = list(Folder().walk(root, start or root, extensionless=extensionless))
    assert len({file.path for file in found}) == len(found)
    return {file.path: file for file in found}


def write(root: Path, *paths: str) -> None:
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"# {path}\n")


def readable(files: dict[str, FoundFile]) -> list[str]:
    return [path for path, file in files.items() if not file.refused and not file.skipped]


def test_walk_is_ordered_and_finds_every_readable_kind(tmp_path: Path) -> None:
    write(
        tmp_path,
        "b.md",
        "a/z.markdown",
        "a/b/c.TXT",
        "c.json",
        "d.JsonL",
        "e.ndjson",
        "f.mdown",
        "g.mkd",
        "h.text",
    )
    names = [
        "a/b/c.TXT",
        "a/z.markdown",
        "b.md",
        "c.json",
        "d.JsonL",
        "e.ndjson",
        "f.mdown",
        "g.mkd",
        "h.text",
    ]
    assert readable(walk(tmp_path)) == names
    assert list(walk(tmp_path)) == list(walk(tmp_path))


def test_odd_names_are_pages_too(tmp_path: Path) -> None:
    names = {"..md", ".notes.md", "[[.md", "!.md", "a b#c.md", "$.md", "\x1b]0;T.md"}
    write(tmp_path, *names)
    write(tmp_path, "._notes.md")
    files = walk(tmp_path)
    assert set(readable(files)) == names
    assert files["._notes.md"].skipped


def test_other_kinds_are_skipped_by_extension(tmp_path: Path) -> None:
    write(tmp_path, "a.PNG", "b.tar.gz", ".gitignore", "LICENSE", "x.this is no extension at all")
    kinds = {path: file.skipped for path, file in walk(tmp_path).items()}
    assert kinds == {
        ".gitignore": ".gitignore",
        "LICENSE": "no extension",
        "a.PNG": ".png",
        "b.tar.gz": ".gz",
        "x.this is no extension at all": "other",
    }


def test_extensionless_files_count_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "tar", "Makefile", "a.md", ".bashrc")
    assert readable(walk(tmp_path)) == ["a.md"]
    assert readable(walk(tmp_path, extensionless=True)) == ["Makefile", "a.md", "tar"]
    assert readable(walk(tmp_path, tmp_path / "tar")) == ["tar"]


def test_start_may_be_a_folder_or_a_file_below_the_root(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.md", "a/d.md", "e.md")
    assert readable(walk(tmp_path, tmp_path / "a")) == ["a/b/c.md", "a/d.md"]
    assert readable(walk(tmp_path, tmp_path / "a" / "d.md")) == ["a/d.md"]


def test_root_may_itself_be_a_file(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    file = walk(tmp_path / "a.md")["a.md"]
    assert Folder().read(file) == b"# a.md\n"


def test_start_that_is_absent_or_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert walk(tmp_path, tmp_path / "gone.md")["gone.md"].refused == "there is no such file or folder"
    assert walk(tmp_path / "in", tmp_path / "out.md")["out.md"].refused
    assert next(Folder().walk(tmp_path / "no", tmp_path / "no", extensionless=False)).refused


def test_hidden_and_package_folders_are_not_entered(tmp_path: Path) -> None:
    write(tmp_path, ".git/a.md", ".obsidian/b.md", "node_modules/c.md", "__pycache__/d.md", "docs/e.md")
    files = walk(tmp_path)
    assert readable(files) == ["docs/e.md"]
    assert sorted(file.skipped for file in files.values()) == [
        "",
        ".git/",
        ".obsidian/",
        "__pycache__/",
        "node_modules/",
    ]


@posix
def test_links_are_refused_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    write(outside, "secret.md")
    write(root, "real.md")
    (root / "leak.md").symlink_to(outside / "secret.md")
    (root / "away").symlink_to(outside, target_is_directory=True)
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "circle.md").symlink_to(root / "circle.md")
    (root / "broken.md").symlink_to(root / "nothing.md")
    (root / "picture.png").symlink_to(outside / "secret.md")
    files = walk(root)
    assert readable(files) == ["real.md"]
    refused = {path for path, file in files.items() if file.refused == LINK}
    assert refused == {"leak.md", "away", "loop", "circle.md", "broken.md"}
    assert files["picture.png"].skipped == ".png"


@posix
def test_a_root_that_is_a_link_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "real", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    file = walk(tmp_path / "link")["a.md"]
    assert Folder().read(file) == b"# a.md\n"


@posix
def test_link_put_in_place_after_the_walk_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, "a/b.md", "c.md")
    write(tmp_path / "outside", "b.md", "c.md")
    files = walk(root)
    (root / "a" / "b.md").unlink()
    (root / "a").rmdir()
    (root / "a").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "c.md").unlink()
    (root / "c.md").symlink_to(tmp_path / "outside" / "c.md")
    for path in ("a/b.md", "c.md"):
        with pytest.raises(RefusedFileError, match="symbolic link"):
            Folder().read(files[path])


@posix
def test_without_descriptors_links_are_refused_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beneath, "BY_DESCRIPTOR", False)
    root = tmp_path / "root"
    write(root, "a/b.md")
    files = walk(root)
    assert Folder().read(files["a/b.md"]) == b"# a/b.md\n"
    (root / "a").rename(tmp_path / "moved")
    (root / "a").symlink_to(tmp_path / "moved", target_is_directory=True)
    with pytest.raises(RefusedFileError, match="symbolic link"):
        Folder().read(files["a/b.md"])


@posix
def test_pipes_sockets_and_devices_are_refused_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.md")
        files = walk(tmp_path)
    assert "named pipe" in files["pipe.md"].refused
    assert "socket" in files["socket.md"].refused
    with pytest.raises(RefusedFileError, match="named pipe"):
        Folder().read(FoundFile("pipe.md", tmp_path / "pipe.md"))
    with pytest.raises(RefusedFileError, match="device"):
        Folder().read(FoundFile("null", Path(os.devnull)))
    with pytest.raises(RefusedFileError, match="folder"):
        Folder().read(FoundFile(tmp_path.name, tmp_path))


def test_large_file_is_refused_with_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "big.md").open("wb") as file:
        file.truncate(50_000_000)
    file_found = walk(tmp_path)["big.md"]
    tracemalloc.start()
    with pytest.raises(RefusedFileError, match=r"too large: 50\.0 MB, and the limit is 20 MB"):
        Folder().read(file_found)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000, "it was read before it was refused"
    with (tmp_path / "fits.md").open("wb") as file:
        file.truncate(MAX_FILE_SIZE)
    assert len(Folder().read(walk(tmp_path)["fits.md"])) == MAX_FILE_SIZE


def test_vanished_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    file = walk(tmp_path)["a.md"]
    file.location.unlink()
    with pytest.raises(RefusedFileError, match="no such file"):
        Folder().read(file)


@posix
def test_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md")
    file = walk(tmp_path)["a.md"]

    calls: list[int] = []
    real_fstat: Callable[[int], os.stat_result] = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        # The first look checks the kind, the second the size; then the file grows.
        state = real_fstat(descriptor)
        calls.append(descriptor)
        if len(calls) == 2:
            grow_once()
        return state

    def grow_once() -> None:
        with file.location.open("ab", buffering=0) as more:
            more.write(b"more")

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(RefusedFileError, match="changed while it was read"):
        Folder().read(file)


@posix
def test_unreadable_files_and_folders_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a/b.md", "c.md", "d.md")
    (tmp_path / "a").chmod(0)
    (tmp_path / "c.md").chmod(0)
    if os.access(tmp_path / "c.md", os.R_OK):
        pytest.skip("this user reads everything")
    files = walk(tmp_path)
    assert files["a"].refused == "it cannot be read: permission denied"
    assert "d.md" in readable(files)
    with pytest.raises(RefusedFileError, match="permission denied"):
        Folder().read(files["c.md"])
    (tmp_path / "a").chmod(0o700)


@posix
def test_folder_that_denies_listing_is_refused_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/b.md", "c.md")
    real_open = os.open

    def denying(path: str | Path, flags: int, *, dir_fd: int | None = None) -> int:
        if str(path) == "a":
            raise PermissionError(13, "Permission denied")
        return real_open(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", denying)
    files = walk(tmp_path)
    assert files["a"].refused == "it cannot be read: permission denied"
    assert readable(files) == ["c.md"]


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names")
def test_names_of_no_encoding_become_printable_and_stay_different(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path)
    for name in (b"caf\xe9.md", b"caf\\xe9.md", b"caf\\\\xe9.md", b"\xff\xfe.md", "café.md".encode()):
        with open(raw + b"/" + name, "wb") as file:  # noqa: PTH123 - a name in bytes
            file.write(name)
    files = walk(tmp_path)
    assert set(files) == {"caf\\xe9.md", "caf\\\\xe9.md", "caf\\\\\\\\xe9.md", "\\xff\\xfe.md", "café.md"}
    assert Folder().read(files["caf\\xe9.md"]) == b"caf\xe9.md"
    for path in files:
        path.encode("utf-8")


def test_deep_folders_are_walked(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 150)
    write(tmp_path, f"{deep}/a.md")
    files = walk(tmp_path)
    assert Folder().read(files[f"{deep}/a.md"])
