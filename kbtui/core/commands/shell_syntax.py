"""What is known of shells wherever their code is read: the languages of code blocks, and where a heredoc begins."""

from __future__ import annotations

SHELLS = frozenset(("bash", "sh", "zsh", "shell", "fish", "ksh", "csh", "tcsh"))
"""Languages of code blocks that are scripts of a shell."""
SESSIONS = frozenset(("console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal"))
"""Languages of code blocks that show what was typed and what came back."""
HEREDOC = r"""(?<![<\w(])<<-?[ \t]*(?:(?P<mark>['"])|(?P<escape>\\))?(?P<end>[A-Za-z_]\w*)(?(mark)(?P=mark))"""
"""Pattern of the sign that opens a heredoc, with the delimiter `end`; nothing is expanded in it behind a mark."""
