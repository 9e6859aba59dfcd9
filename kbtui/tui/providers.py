"""The command palette: every command that can be done where one stands, by its title or its help."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isawaitable

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content


class CommandProvider(Provider):
    """Commands of the screen and the app, as their bindings declare them."""

    async def discover(self) -> Hits:
        for binding in self._commands():
            yield DiscoveryHit(Content(binding.description), self._doing(binding), help=self._line(binding))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for binding in self._commands():
            score = max(matcher.match(binding.description), 0.7 * matcher.match(binding.tooltip))
            if score > 0:
                shown = Content(binding.description)
                yield Hit(score, shown, self._doing(binding), text=binding.description, help=self._line(binding))

    def _commands(self) -> Iterator[Binding]:
        seen: set[str] = set()
        for node in (self.screen, self.app):
            for binding in node.BINDINGS:
                if isinstance(binding, Binding) and binding.id and binding.action not in seen:
                    seen.add(binding.action)
                    if binding.action != "command_palette" and node.check_action(binding.action, ()) is not False:
                        yield binding

    def _doing(self, binding: Binding) -> _Doing:
        return _Doing(self, binding)

    def _line(self, binding: Binding) -> str:
        keys = ", ".join(self.app.get_key_display(key) for key in binding.make_bindings([binding]))
        return f"{binding.tooltip} ({keys})"


class _Doing:
    """Does a command where it is declared."""

    def __init__(self, provider: CommandProvider, binding: Binding) -> None:
        self._provider = provider
        self._binding = binding

    async def __call__(self) -> None:
        screen, app = self._provider.screen, self._provider.app
        name = self._binding.action.partition("(")[0]
        node = screen if hasattr(screen, f"action_{name}") else app
        # Not `run_action`: it asks `check_action` again, and what is out of reach for a key is not so for the palette.
        doing = getattr(node, f"action_{name}")()
        if isawaitable(doing):
            await doing
