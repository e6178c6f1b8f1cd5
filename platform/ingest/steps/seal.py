"""Seal what is personal under the key of its subject: the last step before the log."""

from collections.abc import Sequence
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
    personal = [draft for draft in batch.drafts if _has_personal(draft)]
    about = _named(batch.drafts)
    if not about:
        return batch
    circumstances = batch.circumstances
    needed = {draft.subject for draft in personal}
    states = keys.states(about, needed=needed, epoch=circumstances.epoch, now=circumstances.now)
    refused = _erased(batch.drafts, {name for name, each in states.items() if each is ERASED})
    schema = active_tenant()
    for draft, nonce in zip(personal, fields.nonces(len(personal)), strict=True):
        if id(draft) in refused:
            continue
        try:
            _seal(draft, states, schema, nonce)
        except Rejected as error:
            refused[id(draft)] = rejection(draft, error)
    return without(batch, refused)


def _named(drafts: Sequence[Draft]) -> set[str]:
    """Whom the events are about or link to."""
    about = {draft.subject for draft in drafts}
    for draft in drafts:
        if draft.person:
            about.add(draft.person)
        if "previous" in draft.body:
            about.update(_aliases(draft))
    about.discard("")
    return about


def _aliases(draft: Draft) -> list[str]:
    """Whom the event would link its subject to, by an earlier name."""
    return [draft.body[alias] for alias in _ALIASES if draft.body.get(alias)]


def _erased(drafts: Sequence[Draft], erased: set[str]) -> dict[int, Rejection]:
    """The rejections, by the draft's ``id()``, of what is about ``erased`` or links to it."""
    if not erased:
        return {}
    refusal = Rejected("subject_erased", "The person was erased; nothing more is kept of it.")
    return {
        id(draft): rejection(draft, refusal)
        for draft in drafts
        if not erased.isdisjoint((draft.subject, draft.person, *_aliases(draft)))
    }


def _has_personal(draft: Draft) -> bool:
    return bool(draft.subject and (draft.personal or draft.ids))


def _seal(draft: Draft, states: dict[str, State], schema: str, nonce: bytes) -> None:
    plain = _encoded(draft.ids | draft.personal if draft.personal else draft.ids)
    if len(plain) > MAX_SEALED_BYTES:
        raise Rejected(
            "event_too_large",
            f"Personal fields may have {MAX_SEALED_BYTES} bytes; these have {len(plain)}.",
        )
    key = cast("bytes", states[draft.subject])  # it is needed, so it was made
    draft.sealed = fields.seal(
        AESGCM(key), plain, tenant=schema, subject=draft.subject, event_id=draft.id, nonce=nonce
    )


def _encoded(personal: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(personal)
    except RecursionError:
        raise Rejected("too_deep", "A personal field is nested too deeply.") from None
    except (UnicodeEncodeError, OverflowError, TypeError):
        raise Rejected("unstorable_value", "A personal field can't be stored exactly.") from None
