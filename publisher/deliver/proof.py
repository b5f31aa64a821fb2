"""Proofs: the message that goes out, to addresses that a person names, marked in the Subject only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher.deliver.control import send_apart
from publisher.deliver.mailer import Mailer, load_content
from publisher.model.delivery import Accepted
from publisher.model.errors import WrongStateError
from publisher.store import editions

MARK = "[Proof]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentProof:
    """One proof and what the provider said."""

    address: str
    language: str
    is_accepted: bool
    words: str


def send_proofs(mailer: Mailer, number: int, addresses: Sequence[str]) -> list[SentProof]:
    """Sends every variant of an edition to every address; touches nobody's delivery (R24)."""
    with mailer.store.read() as tx:
        edition = editions.get_edition(tx, number)
    if edition.cut is None:
        raise WrongStateError(f"Edition {number}", edition.state, ["composed"])
    content = load_content(mailer.store, number, edition.cut)
    sent = []
    for address in addresses:
        for letter in content.letters.values():
            proof = replace(letter, subject=f"{MARK} {letter.subject}")
            outcome = send_apart(mailer, content, proof, address, tag=f"proof{edition.tag}")
            words = getattr(outcome, "words", "")
            is_accepted = isinstance(outcome, Accepted)
            sent.append(SentProof(address=address, language=letter.language, is_accepted=is_accepted, words=words))
    return sent
