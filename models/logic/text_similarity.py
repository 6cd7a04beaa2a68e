"""Which customer a name in a file means: names made comparable, compared, and a rule for when to ask.

A score is a number from 0 to 100. The best of two sisters is never taken for the one that was meant: a customer is
set only when nothing comes close, and offered otherwise.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

OFFER_FROM = 80.0
SET_FROM = 92.0
SET_AHEAD = 5.0
MAX_OFFERS = 5

# Spelled as `fold` leaves them.
_LEGAL_FORMS = (
    "gmbh", "mbh", "ug", "ag", "kg", "kgaa", "ohg", "gbr", "ek", "ev", "llc", "llp", "lp", "inc", "incorporated",
    "corp", "corporation", "co", "company", "ltd", "limited", "plc", "pty", "pte", "sarl", "sas", "sasu", "eurl", "sa",
    "sci", "scop", "snc", "sprl", "srl", "bvba", "bv", "nv", "vof", "cv", "asbl", "vzw", "spa", "sl", "slu", "sau",
    "scrl", "sc", "oy", "ab", "as", "aps", "ug haftungsbeschrankt", "limited liability company", "gmbh co",
    "gmbh co kg", "gmbh co kgaa", "gmbh co ohg", "ag co kg", "sp z o o", "s a r l", "s r l", "s p a", "b v b a",
    "s p r l", "s a s", "b v", "n v", "s a", "s l", "p l c", "l l c",
)  # fmt: skip
_SPELLINGS = {
    "limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "limited liability company": "llc",
    **{form: form.replace(" ", "") for form in _LEGAL_FORMS if max(map(len, form.split())) == 1},
}  # fmt: skip
# The longest first, so that all of a form is found.
_LEGAL_FORM = re.compile(rf"\b(?:{'|'.join(sorted(_LEGAL_FORMS, key=len, reverse=True))})\b")
_DEPARTMENT = re.compile(
    r"\s*(?:[-\u2013\u2014,/|(]\s*|\b)(?:attn|attention|att|c/o|z\.? ?hd\.?|zu händen|à l'attention de|t\.?a\.?v\.?"
    r"|a la atención de)(?=[\s.:]).*$"
    r"|\s*[-\u2013\u2014,/|(]\s*(?:accounts? payable|accounting|finance|billing|invoices?|buchhaltung|kreditoren"
    r"|rechnungswesen|comptabilité|fournisseurs|crediteuren(?:administratie)?|boekhouding|administratie|contabilidad"
    r"|proveedores)(?: dep(?:t|artment)\.?)?\)?\s*$"
    r"|\s+accounts? payable\s*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


class Match(NamedTuple):
    """The customer to set, if any, and those to offer: pairs of key and score, best first."""

    chosen: int | None
    offers: tuple[tuple[int, float], ...]


def fold(text: str) -> str:
    """Return the words of a text without case, accents and signs.

    >>> fold("E-Mail (Größe)")
    'e mail grosse'
    """
    plain = unicodedata.normalize("NFKD", (text or "").replace("ß", "ss")).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]+|_", " ", kept).split())


@functools.lru_cache(maxsize=20_000)
def canonical_name(text: str) -> str:
    """Return a name as it is compared: without case, accents, signs, legal form, department or person.

    What would leave nothing, such as a name that is a legal form, is kept.

    >>> canonical_name("Müller & Söhne GmbH & Co. KG - Accounts Payable")
    'muller sohne'
    >>> canonical_name("ACME, Inc., Attn: Mr. Smith")
    'acme'
    """
    folded = fold(_DEPARTMENT.sub("", text or "") or text)
    return " ".join(_LEGAL_FORM.sub(" ", folded).split()) or folded


@functools.lru_cache(maxsize=20_000)
def legal_form(text: str) -> str:
    """Return the legal form that a name ends with, in one spelling; an empty text without one.

    >>> legal_form("Acme Limited"), legal_form("Acme")
    ('ltd', '')
    """
    words = fold(_DEPARTMENT.sub("", text or ""))
    forms = [match.group() for match in _LEGAL_FORM.finditer(words) if match.start()]
    return " ".join(_SPELLINGS.get(form, form) for form in forms)


def name_score(first: str, second: str) -> float:
    """Return how alike two canonical names are. Names whose numbers differ are not alike at all.

    >>> name_score("hotel alpina", "alpina hotel")
    100.0
    >>> name_score("garage 12", "garage 21")
    0.0
    """
    if not first or not second or sorted(_DIGITS.findall(first)) != sorted(_DIGITS.findall(second)):
        return 0.0
    return max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second))


def match_name(name: str, candidates: Iterable[tuple[int, str]]) -> Match:
    """Decide which candidate a name means. One whose legal form differs is offered, never set.

    :param name: As it is written in the file.
    :param candidates: Pairs of key and name.
    :return: The one to set, if one is clear, and those to offer, at most `MAX_OFFERS`.

    >>> match_name("Hotel Alpina", [(1, "Hotel Alpina SA"), (2, "Hotel Alpin")]).chosen
    1
    >>> match_name("Müller GmbH", [(1, "Muller Ltd"), (2, "Mueller GmbH & Co")]).chosen is None
    True
    """
    wanted, form = canonical_name(name), legal_form(name)
    scored = [(key, other, name_score(wanted, canonical_name(other))) for key, other in candidates]
    ranked = sorted((row for row in scored if row[2] >= OFFER_FROM), key=lambda row: (-row[2], row[0]))
    offers = tuple((key, round(score, 1)) for key, _other, score in ranked[:MAX_OFFERS])
    if not ranked:
        return Match(None, ())
    key, other, score = ranked[0]
    runner_up = ranked[1][2] if len(ranked) > 1 else 0.0
    is_same_form = not form or not legal_form(other) or form == legal_form(other)
    is_clear = canonical_name(other) == wanted and runner_up < 100.0
    is_clear = is_clear or (score >= SET_FROM and score - runner_up >= SET_AHEAD)
    return Match(key if is_clear and is_same_form else None, offers)
