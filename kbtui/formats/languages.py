"""Telling a human language from a programming language, because both stand under `language` and `lang`."""

from __future__ import annotations

import re

# ISO 639-1 without `ts`: who writes that means TypeScript, not Tsonga.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr tt
tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_NAMES = """
english german deutsch french français spanish español castellano italian italiano portuguese
português dutch nederlands polish polski russian русский ukrainian українська czech čeština japanese
日本語 chinese 中文 korean 한국어 turkish türkçe swedish svenska danish dansk norwegian norsk finnish suomi
hungarian magyar greek ελληνικά arabic العربية hebrew עברית hindi हिन्दी welsh cymraeg indonesian
vietnamese thai persian فارسی romanian română
"""
_HUMAN = frozenset((_CODES + _NAMES).split())
_REGIONAL = re.compile(r"([a-z]{2,3})[-_](?:[a-z]{4}[-_])?(?:[a-z]{2}|\d{3}|[a-z]{4})", re.IGNORECASE)


def is_human_language(text: str) -> bool:
    """Whether `en`, `pt-BR` or `Deutsch` is meant, rather than `go`, `ts` or `python`."""
    folded = text.strip().casefold()
    regional = _REGIONAL.fullmatch(folded)
    return folded in _HUMAN or (regional is not None and regional.group(1) in _HUMAN)
