"""Consent in the pipeline: an event is processed for what its person has not said no to.

The last word on each purpose is looked up once per batch, with what the batch itself says; words
of a batch are kept before its events are written, so a no holds from the moment it arrives.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from ingest.batch import Batch, Circumstances, Draft, Rejected, Rejection, rejection, without
from kernel.ids import pseudonym
from tenants.privacy.contracts import Purpose
from tenants.privacy.rules import Consequence, Word, consequence, latest, purpose_of, purposes_of

Words = dict[tuple[str, str], Word]

ANYBODY = ""
_LOOK_UP = """
SELECT subject, purpose, granted, decided_at FROM privacy_consent
WHERE subject = ANY(string_to_array(%s, ','))
"""
_KEEP = """
INSERT INTO privacy_consent AS known (subject, purpose, granted, decided_at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[], %s::timestamptz[]) ORDER BY 1, 2
ON CONFLICT (subject, purpose) DO UPDATE
SET granted = excluded.granted, decided_at = excluded.decided_at
WHERE excluded.decided_at > known.decided_at
   OR (excluded.decided_at = known.decided_at AND NOT excluded.granted)
"""
_CHANGE = "consent.changed"


def honour_consent(batch: Batch) -> Batch:
    """Turn away or reduce what a person said no to; keep what the batch decides."""
    about = {draft.subject for draft in batch.drafts}
    about.update(draft.person for draft in batch.drafts if draft.person)
    about.discard("")
    if not about:
        return batch
    words = look_up([ANYBODY, *about])
    spoken = {subject for subject, _ in words}
    changed: Words = {}
    refused: dict[int, Rejection] = {}
    for draft in batch.drafts:
        if _unspoken(draft, spoken):
            continue
        spoken.update(_names(draft))
        try:
            _serve(draft, batch.circumstances, words, changed)
        except Rejected as error:
            refused[id(draft)] = rejection(draft, error)
    keep(changed)
    return without(batch, refused)


def look_up(subjects: Sequence[str]) -> Words:
    """The last words of ``subjects`` by (subject, purpose)."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [",".join(subjects)])  # pseudonyms: no comma in any
        return {(row[0], row[1]): Word(row[2], row[3]) for row in cursor.fetchall()}


def keep(words: Words) -> None:
    """Store ``words``; one that is older than what is stored changes nothing."""
    if not words:
        return
    rows = [(*key, word.granted, word.at) for key, word in words.items()]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


def _names(draft: Draft) -> Iterable[str]:
    return {name for name in (draft.subject, draft.person) if name}


def _unspoken(draft: Draft, spoken: set[str]) -> bool:
    """Whether nobody has said anything about the event: most are, and go on as they came."""
    if draft.type == _CHANGE or ANYBODY in spoken:
        return False
    context = draft.incoming.context
    if context is not None and context.consent is not None:
        return False
    return draft.subject not in spoken and (draft.person is None or draft.person not in spoken)


def _serve(draft: Draft, circumstances: Circumstances, words: Words, changed: Words) -> None:
    stamp = _stamp(draft)
    if draft.type == _CHANGE:
        stamp = _decisions(draft)
        for name in _names(draft):
            for purpose, granted in stamp.items():
                word = Word(granted, draft.occurred_at or draft.corrected or circumstances.now)
                key = (name, str(purpose))
                said = latest((words.get(key), word))
                words[key] = changed[key] = said or word
    if stamp:
        draft.body |= _recorded(draft, stamp)
    denied = frozenset(each for each in Purpose if not _granted(draft, each, stamp, words))
    _reduce(draft, consequence(draft.type, denied), circumstances)


def _stamp(draft: Draft) -> dict[Purpose, bool]:
    """What the event's own context says; it holds for this event."""
    context = draft.incoming.context
    sent = context.consent if context is not None else None
    return purposes_of(sent.categoryPreferences) if sent is not None else {}


def _decisions(draft: Draft) -> dict[Purpose, bool]:
    sent = draft.body.get("purposes")
    if not isinstance(sent, dict) or not sent:
        raise Rejected("missing_field", "Say yes or no to at least one purpose.")
    unknown = [word for word in sent if purpose_of(str(word)) is None]
    if unknown:
        known = ", ".join(Purpose)
        raise Rejected("unknown_purpose", f"{str(unknown[0])[:40]!r} is none of {known}.")
    if not all(isinstance(granted, bool) for granted in sent.values()):
        raise Rejected("wrong_type", "A decision is true or false.")
    return purposes_of(sent)


def _recorded(draft: Draft, stamp: dict[Purpose, bool]) -> dict[str, Any]:
    field = "purposes" if draft.type == _CHANGE else "consent"
    return {field: {str(purpose): granted for purpose, granted in stamp.items()}}


def _granted(draft: Draft, purpose: Purpose, stamp: dict[Purpose, bool], words: Words) -> bool:
    if purpose in stamp:
        return stamp[purpose]
    word = latest(words.get((name, str(purpose))) for name in _names(draft))
    word = word or words.get((ANYBODY, str(purpose)))
    return word is None or word.granted


def _reduce(draft: Draft, what: Consequence, circumstances: Circumstances) -> None:
    """Leave of ``draft`` what may be processed; raises ``Rejected`` when nothing may."""
    if what.refused_for is not None:
        raise Rejected("consent_denied", f"The person said no to {what.refused_for}.")
    body = draft.body
    if what.no_touch:
        body.pop("touch", None)
        if "page" in body:
            body["page"] = _without_queries(body["page"])
    if what.no_traits:
        body.pop("traits", None)
        rest = {name: value for name, value in draft.personal.items() if "traits" not in name}
        draft.personal = rest
    if what.unlinked:
        body.pop("person", None)
        body.pop("signals", None)  # the same device or address would link it again
        draft.subject = pseudonym(circumstances.secret, "n", str(draft.id))
        draft.person, draft.personal, draft.ids = None, {}, {}


def _without_queries(page: dict[str, str]) -> dict[str, str]:
    """A page whose address has no query, and of the referrer only the site."""
    kept = dict(page)
    if "url" in kept:
        kept["url"] = kept["url"].split("?", 1)[0]
    if "referrer" in kept:
        parts = urlsplit(kept["referrer"])
        kept["referrer"] = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    return kept
