"""Proofs: numbers of their own, so that a proof or control message never stands for a delivery."""

import pytest
from sqlalchemy import delete, select

from publisher.store.engine import Tx
from publisher.store.proofs import add_proof, end_proof
from publisher.store.schema import attempt, batch, delivery, proof
from tests.builders import FRIDAY
from tests.store.store_builders import a_newsletter, an_edition


@pytest.fixture
def edition(tx: Tx) -> int:
    """An edition to prove."""
    return an_edition(tx, a_newsletter(tx)).id


def test_a_proof_keeps_its_outcome_and_the_others_keep_theirs(tx: Tx, edition: int) -> None:
    first, second = add_proof(tx, edition, now=FRIDAY), add_proof(tx, edition, now=FRIDAY)

    end_proof(tx, first, "accepted")

    found = {row.id: (row.edition, row.at, row.outcome) for row in tx.execute(select(proof))}
    assert found == {first: (edition, FRIDAY, "accepted"), second: (edition, FRIDAY, None)}


def test_a_number_that_stood_in_a_message_is_never_given_again(tx: Tx, edition: int) -> None:
    first = add_proof(tx, edition, now=FRIDAY)
    tx.execute(delete(proof))

    assert add_proof(tx, edition, now=FRIDAY) > first


def test_a_proof_is_nothing_of_the_ledger(tx: Tx, edition: int) -> None:
    end_proof(tx, add_proof(tx, edition, now=FRIDAY), "accepted")

    assert [tx.execute(select(one)).first() for one in (delivery, batch, attempt)] == [None, None, None]
