"""What can go wrong, sorted by what the caller does about it.

PublisherError
├── ConfigurationError   exit 2: every fault of the configuration at once, each with file, key and cure
├── UsageError           exit 2: a command's argument that cannot be meant
├── NotFoundError        exit 1: kind, reference
├── WrongStateError      exit 1: what, its state, the states that would do
├── NotPermittedError    exit 1: the licence forbids it: article, reasons
├── SourceError          this source only; the others go on: source, try_again_at
├── StoreError           exit 1: the store cannot be used
└── FilesError           exit 1: `public/` or the outbox cannot be written

An expected outcome is a value, not an exception: what a provider answers is an `Outcome` (`model/delivery.py`).
"""

from collections.abc import Sequence
from datetime import datetime


class PublisherError(Exception):
    """Something a person can understand and mend; its text says what happened, to what, and what to do."""


class ConfigurationError(PublisherError):
    """The configuration cannot be used. `faults` holds one line for each fault: file, key, what, cure."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class UsageError(PublisherError):
    """A command was given an argument that cannot be meant."""


class NotFoundError(PublisherError):
    """There is no such thing in the store."""

    def __init__(self, kind: str, reference: object) -> None:
        super().__init__(f"There is no {kind} {reference}. `publisher {kind}s` lists what there is.")
        self.kind = kind
        self.reference = reference


class WrongStateError(PublisherError):
    """A decision that does not fit the state the thing is in; `because`: why it is in it, instead of what would do."""

    def __init__(self, what: str, state: str, needed: Sequence[str], *, because: str | None = None) -> None:
        wanted = f"; this needs it to be {' or '.join(needed)}"
        super().__init__(f"{what} is {state}{f' ({because})' if because else wanted}.")
        self.what = what
        self.state = state
        self.needed = tuple(needed)


class NotPermittedError(PublisherError):
    """The licence or the newsroom does not permit a use; `reasons` are the stored ones."""

    def __init__(self, article: int, reasons: Sequence[str]) -> None:
        super().__init__(f"Article {article} may not be republished: {'; '.join(reasons)}.")
        self.article = article
        self.reasons = tuple(reasons)


class SourceError(PublisherError):
    """One source could not be gathered; `try_again_at` (UTC) where the source named a time."""

    def __init__(self, source: str, message: str, *, try_again_at: datetime | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.try_again_at = try_again_at


class StoreError(PublisherError):
    """The store cannot be opened, is not up to date, or refused to write."""


class FilesError(PublisherError):
    """A file of ours could not be written; what stood there before still stands."""
