"""One reader timed on one page: run as a process of its own, so that a reader that takes minutes can be ended.

python -m tests.bench.reader_timing kbtui|textual CHARACTERS

Prints lines `NAME MILLISECONDS`: `first`, until the first screen is drawn, from the text on; `whole`, until all of it
is there; `early` and `page`, from the key for a page down until it is drawn, before and after that, which has the wait
for the next of sixty ticks a second in it; `held`, how long the work for a page down holds the app.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Markdown

from kbtui.markdown import read_pieces
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView

PAGES = 10
AT_THE_END = 5.0
"""Seconds after which a page down that draws nothing was at the end of the page."""
SECTION = """## Section {n}

Some **words** and `code` about the service that is [described elsewhere](other{n}.md), what it needs, and what to do
when it does not answer. The *first* thing to look at is its log, the second one is the load of the machine.

- is it up? `systemctl status service{n}`
- is it slow?
- [ ] tell the others

```bash
kubectl get pods --namespace ns{n} | grep -v Running
kubectl logs --tail 100 service{n}
```

| sign | what it means |
|------|---------------|
| 502  | nobody listens |
| 504  | too slow |

"""


def page_text(size: int) -> str:
    """A page of about so many characters, as runbooks have them."""
    sections = max(1, round(size / len(SECTION)))
    return "# The page\n\n" + "".join(SECTION.format(n=number) for number in range(sections))


class _Timed(App[None]):
    """An app that tells when it has drawn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.drawn = asyncio.Event()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        if self.shows_text():
            self.drawn.set()

    def shows_text(self) -> bool:
        """Whether the text is on the screen."""
        raise NotImplementedError

    async def load(self) -> None:
        """Bring all of the text into the widget."""
        raise NotImplementedError

    def page_down(self) -> None:
        """What the key does."""
        raise NotImplementedError


class _Kbtui(_Timed):
    def compose(self) -> ComposeResult:
        yield DocumentView()

    def shows_text(self) -> bool:
        return self.query_one(DocumentView).virtual_size.height > 10

    async def load(self) -> None:
        view, pieces, first = self.query_one(DocumentView), read_pieces(self.text), True
        # As the app does: reading in a thread, one part after another.
        while (part := await asyncio.to_thread(lambda: next((prepare(blocks) for blocks in pieces), None))) is not None:
            if first:
                view.show(part, lines=self.text.count("\n"))
            else:
                view.extend(part)
            first = False

    def page_down(self) -> None:
        self.query_one(DocumentView).action_page_down()


class _Textual(_Timed):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Markdown()

    def shows_text(self) -> bool:
        children = self.query_one(Markdown).children
        return bool(children) and children[0].size.height > 0

    async def load(self) -> None:
        await self.query_one(Markdown).update(self.text)

    def page_down(self) -> None:
        self.query_one(VerticalScroll).scroll_page_down(animate=False)


async def _time(app: _Timed) -> None:
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause(0.2)
        app.drawn.clear()
        started = perf_counter()
        loading = asyncio.ensure_future(app.load())
        await app.drawn.wait()
        _tell("first", started)
        while not loading.done():
            await _tell_page("early", app)
            await asyncio.sleep(0.05)
        await loading
        _tell("whole", started)
        await pilot.pause(0.5)
        for _ in range(PAGES):
            await _tell_page("page", app)
            await asyncio.sleep(0.05)
            _tell_held(app)
            await asyncio.sleep(0.05)


async def _tell_page(name: str, app: _Timed) -> None:
    app.drawn.clear()
    started = perf_counter()
    app.page_down()
    try:
        await asyncio.wait_for(app.drawn.wait(), AT_THE_END)
    except TimeoutError:
        return
    _tell(name, started)


def _tell_held(app: _Timed) -> None:
    started = perf_counter()
    app.page_down()
    app.screen._on_timer_update()
    _tell("held", started)


def _tell(name: str, started: float) -> None:
    print(name, (perf_counter() - started) * 1e3, flush=True)


if __name__ == "__main__":
    _app = {"kbtui": _Kbtui, "textual": _Textual}[sys.argv[1]]
    asyncio.run(_time(_app(page_text(int(sys.argv[2])))))
