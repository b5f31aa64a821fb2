"""Proofs and control messages: numbered apart from the ledger, so that they can never stand for a delivery."""

from datetime import datetime

from sqlalchemy import insert, update

from publisher.store.engine import Tx
from publisher.store.schema import proof


def add_proof(tx: Tx, edition: int, *, now: datetime) -> int:
    """Gives a new number to a message that goes outside the ledger."""
    return int(tx.execute(insert(proof).values(edition=edition, at=now).returning(proof.c.id)).scalar_one())


def end_proof(tx: Tx, number: int, outcome: str) -> None:
    """Writes down how it went."""
    tx.execute(update(proof).where(proof.c.id == number).values(outcome=outcome))
