"""The JSON documents of the commands, from model objects.

Newsrooms' scripts read them: keys are added, never renamed.
"""

from collections.abc import Sequence
from typing import Any

from publisher.audience.readers import ImportReport
from publisher.cli.edition_view import EditionView
from publisher.compose.early import Shortage
from publisher.deliver.send import SendReport
from publisher.deliver.settle import SettleReport
from publisher.gather.health import SourceHealth
from publisher.gather.run import GatherReport, SourceReport
from publisher.model.article import Article, Image, Revision
from publisher.model.clock import stamp
from publisher.model.edition import Edition, SlotOutcome
from publisher.schedule.pings import HubReport
from publisher.store.ledger import Rejection, Story
from publisher.store.proposals import Proposal
from publisher.store.slots import Slot
from publisher.store.subscribers import Subscribed, Suppressed
from publisher.syndicate.build import BuildReport

Shape = dict[str, Any]


def gather_shape(report: GatherReport) -> Shape:
    """What a gathering brought, source by source."""
    return {"sources": [source_shape(one) for one in report.sources]}


def source_shape(report: SourceReport) -> Shape:
    """What one source brought."""
    return {
        "id": report.id,
        "status": report.status.value,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "withdrawn": report.withdrawn,
        "refused": [{"key": one.key, "url": one.url, "reason": one.reason} for one in report.refused],
        "waiting": report.waiting,
        "held": [held_shape(one) for one in report.held],
        "note": report.note,
        "error": report.error,
    }


def held_shape(one: Proposal) -> Shape:
    """What waits for a person."""
    url, title = (one.state["article"][name] if one.state else None for name in ("url", "title"))
    names = {"source": one.source, "key": one.key, "what": one.what.value, "article": one.article, "kind": one.kind}
    return names | {"url": url, "title": title, "why": one.why, "since": stamp(one.first_at)}


def health_shape(one: SourceHealth) -> Shape:
    """How a source fares."""
    state = one.state
    times = {"last_success": state.last_success, "last_try": state.last_try, "next_try": one.next_try}
    counts = {"failures": state.failures, "refused": one.refused, "waiting": one.waiting, "held": one.held}
    pace = {"per_day": round(one.per_day, 2), "usual_per_day": round(one.usual_per_day, 2)}
    words = {"error": state.error, "held_why": state.held_why, "warnings": list(one.warnings)}
    moments = {name: stamp(moment) if moment else None for name, moment in times.items()}
    return {"id": one.id, "kind": one.kind, "well": one.is_well} | moments | counts | pace | words


def article_row(article: Article, reasons: Sequence[str]) -> Shape:
    """An article in a list; `reasons` are those against republishing it."""
    return {
        "number": article.number,
        "uri": article.uri,
        "source": article.source,
        "key": article.key,
        "kind": article.kind.value,
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "authors": [term.name for term in article.authors],
        "section": article.section.name if article.section else None,
        "countries": [term.name for term in article.countries],
        "topics": [term.name for term in article.topics],
        "licence": article.licence,
        "republishable": not reasons,
        "reasons": list(reasons),
        "published": stamp(article.published),
        "updated": stamp(article.updated),
        "status": article.status.value,
        "translation_of": article.translation_of,
    }


def article_shape(article: Article, reasons: Sequence[str], revisions: Sequence[Revision]) -> Shape:
    """One article with everything that is stored of it."""
    return article_row(article, reasons) | {
        "summary": article.summary,
        "content_html": article.content_html,
        "rights_holder": article.rights_holder,
        "images": [image_shape(image) for image in article.images],
        "corrections": [{"date": one.date.isoformat(), "text": one.text} for one in article.corrections],
        "revisions": [{"at": stamp(one.at), "kind": one.kind.value} for one in revisions],
        "licence_why": article.licence_why,
        "notes": list(article.notes),
    }


def image_shape(image: Image) -> Shape:
    """A picture with its rights."""
    return {
        "url": image.url,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "licence": image.licence,
        "rights": image.rights.value,
        "rights_why": image.rights_why,
    }


def build_shape(report: BuildReport) -> Shape:
    """What a build did."""
    return {
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "seconds": report.seconds,
    }


def hub_shape(report: HubReport) -> Shape:
    """What a hub was told after a build."""
    return {"hub": report.hub, "told": report.told, "error": report.error}


def edition_head(edition: Edition, outcome: SlotOutcome | None) -> Shape:
    """An edition in a list."""
    return {
        "id": edition.id,
        "newsletter": edition.newsletter,
        "slot": stamp(edition.slot),
        "state": edition.state.value,
        "outcome": outcome.value if outcome else None,
        "reason": edition.reason,
        "subject": edition.subject,
    }


def slot_head(slot: Slot) -> Shape:
    """A slot that ended without an edition, in the list of editions."""
    return {
        "id": None,
        "newsletter": slot.newsletter,
        "slot": stamp(slot.at),
        "state": None,
        "outcome": slot.outcome.value if slot.outcome else None,
        "reason": slot.why,
        "subject": "",
    }


def shortage_shape(shortage: Shortage) -> Shape:
    """The edition that was not made, in the form of one that was."""
    return {
        "id": None,
        "newsletter": shortage.newsletter,
        "slot": stamp(shortage.slot),
        "state": None,
        "outcome": None,
        "reason": shortage.words,
        "subject": "",
        "preheader": "",
        "items": [],
        "left_out": [],
        "audience": {"eligible": 0, "left_out": {}},
        "deliveries": {},
        "rejected": [],
        "batches": [],
    }


def edition_shape(view: EditionView) -> Shape:
    """One edition with its items, audience, deliveries and batches."""
    return edition_head(view.edition, view.outcome) | {
        "preheader": view.edition.preheader,
        "items": [
            {"number": one.article, "title": one.title, "block": one.block, "why": one.why, "language": one.language}
            for one in view.items
        ],
        "left_out": [{"number": one.article, "title": one.title, "why": one.why} for one in view.left_out],
        "audience": {"eligible": view.eligible, "left_out": dict(view.readers_left_out)},
        "deliveries": dict(view.deliveries),
        "rejected": rejected_shape(view.rejected),
        "batches": [
            {"id": one.id, "state": one.state.value, "recipients": one.recipients, "attempts": one.attempt}
            for one in view.batches
        ],
        "goes_at": stamp(view.edition.goes_at) if view.edition.goes_at else None,
        "send_by": stamp(view.edition.send_by),
    }


def rejected_shape(rejected: Sequence[Rejection]) -> list[Shape]:
    """The readers whom the provider refused, each with its words."""
    return [{"address": one.address, "reason": one.words} for one in rejected]


def send_shape(report: SendReport, rejected: Sequence[Rejection]) -> Shape:
    """How an edition stands after a send."""
    return {
        "edition": report.edition,
        "state": report.state.value,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "unknown": report.unknown,
        "left_out": report.left_out,
        "seconds": report.seconds,
        "pending": report.pending,
        "rejected_readers": rejected_shape(rejected),  # `rejected` is their number
    }


def settle_shape(report: SettleReport) -> Shape:
    """What a settling did, and what a person must decide."""
    return {
        "settled": [{"batch": one.batch, "as": one.verdict, "how": one.how} for one in report.settled],
        "open": [{"batch": one.batch, "recipients": list(one.recipients), "why": one.why} for one in report.open],
    }


def import_shape(report: ImportReport) -> Shape:
    """What an import did."""
    return {
        "added": report.added,
        "kept": report.kept,
        "left": report.left,
        "pending": report.pending,
        "refused": [{"line": one.line, "reason": one.reason} for one in report.refused],
        "ignored_columns": list(report.ignored_columns),
    }


def subscription_shape(one: Subscribed) -> Shape:
    """One reader's subscription to one newsletter."""
    return {
        "newsletter": one.newsletter,
        "state": one.state.value,
        "since": stamp(one.since),
        "consent": one.consent,
        "language": one.language,
        "choices": one.choices,
    }


def suppression_shape(one: Suppressed | None) -> Shape | None:
    """Why and since when an address must not be written to."""
    return {"reason": one.reason.value, "at": stamp(one.at)} if one else None


def story_shape(story: Story, newsletter: str) -> Shape:
    """What became of one reader's copy; the provider's later reports are not collected yet."""
    return {
        "edition": story.edition,
        "newsletter": newsletter,
        "slot": stamp(story.newsletter_slot),
        "state": story.state.value,
        "left_out": story.left_out.value if story.left_out else None,
        "batch": story.batch,
        "batch_state": story.batch_state.value if story.batch_state else None,
        "answer": story.words,
        "events": [],
    }
