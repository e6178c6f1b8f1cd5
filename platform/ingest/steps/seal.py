"""Seal what is personal under the key of its subject: the last step before the log."""

from typing import Any, cast

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventlog.subjects import fields, keys
from eventlog.subjects.memory import ERASED, State
from eventlog.tenancy import active_tenant
from ingest.batch import Batch, Draft, Rejected, Rejection, rejection, without

MAX_SEALED_BYTES = 32 * 1024
_ALIASES = ("previous", "previous_user")


def seal(batch: Batch) -> Batch:
    """Set ``sealed``; turn away what is about an erased subject, or about one it links to.

    Personal fields of an event without a subject are left out: nobody could ask to erase them.
    """
    about, needed = _named(batch)
    if not about:
        return batch
    circumstances = batch.circumstances
    states = keys.states(about, needed=needed, epoch=circumstances.epoch, now=circumstances.now)
    erased = {name for name, state in states.items() if state is ERASED}
    schema = active_tenant()
    refused: dict[int, Rejection] = {}
    for draft in batch.drafts:
        try:
            if erased:
                _refuse_erased(draft, erased)
            _seal(draft, states, schema)
        except Rejected as error:
            refused[id(draft)] = rejection(draft, error)
    return without(batch, refused)


def _named(batch: Batch) -> tuple[set[str], set[str]]:
    """Whom the batch is about or links to, and who of them needs a key."""
    about: set[str] = set()
    needed: set[str] = set()
    for draft in batch.drafts:
        about.add(draft.subject)
        if _has_personal(draft):
            needed.add(draft.subject)
        if draft.person:
            about.add(draft.person)
        if "previous" in draft.body:
            about.update(_aliases(draft))
    about.discard("")
    return about, needed


def _aliases(draft: Draft) -> list[str]:
    """Whom the event would link its subject to, by an earlier name."""
    return [draft.body[alias] for alias in _ALIASES if draft.body.get(alias)]


def _refuse_erased(draft: Draft, erased: set[str]) -> None:
    if not erased.isdisjoint((draft.subject, draft.person, *_aliases(draft))):
        raise Rejected("subject_erased", "The person was erased; nothing more is kept of it.")


def _has_personal(draft: Draft) -> bool:
    return bool(draft.subject and (draft.personal or draft.ids))


def _seal(draft: Draft, states: dict[str, State], schema: str) -> None:
    if not _has_personal(draft):
        return
    plain = _encoded({**draft.ids, **draft.personal})
    if len(plain) > MAX_SEALED_BYTES:
        raise Rejected(
            "event_too_large",
            f"Personal fields may have {MAX_SEALED_BYTES} bytes; these have {len(plain)}.",
        )
    key = cast("bytes", states[draft.subject])  # it is needed, so it was made
    draft.sealed = fields.seal(
        AESGCM(key), plain, tenant=schema, subject=draft.subject, event_id=draft.id
    )


def _encoded(personal: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(personal)
    except RecursionError:
        raise Rejected("too_deep", "A personal field is nested too deeply.") from None
    except (UnicodeEncodeError, OverflowError, TypeError):
        raise Rejected("unstorable_value", "A personal field can't be stored exactly.") from None
