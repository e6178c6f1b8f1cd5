"""Whom is it about? Raw ids become the tenant's pseudonyms here and go no further."""

from eventlog import catalogue
from ingest.batch import Batch, Circumstances, Draft, Rejected, fill
from ingest.contracts import Observed
from kernel.ids import pseudonym


def identify(batch: Batch) -> Batch:
    """Set ``subject`` (anonymous id before user id) and ``person`` (the user, when both were sent).

    A type that extends ``Observed`` is about a person and needs an id; another has an empty subject
    when none was sent.
    """
    return fill(batch, _identify)


def _identify(draft: Draft, circumstances: Circumstances) -> None:
    incoming = draft.incoming
    anonymous, user = incoming.anonymous_id, incoming.user_id
    secret = circumstances.secret
    known = user is not None and user != ""
    if anonymous is not None and anonymous != "":
        draft.subject = pseudonym(secret, "a", str(anonymous))
        if known:
            draft.person = pseudonym(secret, "u", str(user))
    elif known:
        draft.subject = pseudonym(secret, "u", str(user))
    elif issubclass(catalogue.shape_of(draft.type), Observed):
        raise Rejected("missing_subject", "An anonymous id or a user id is needed.")
