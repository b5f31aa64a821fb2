"""The JSON documents of the commands, from model objects.

Newsrooms' scripts read them: keys are added, never renamed.
"""

from collections.abc import Sequence
from typing import Any

from publisher.audience.readers import ImportReport
from publisher.cli.edition_view import EditionView
from publisher.deliver.send import SendReport
from publisher.deliver.settle import SettleReport
from publisher.gather.run import GatherReport, SourceReport
from publisher.model.article import Article, Image, Revision
from publisher.model.clock import stamp
from publisher.model.edition import Edition, SlotOutcome
from publisher.store.ledger import Story
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
        "error": report.error,
    }


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
        "batches": [
            {"id": one.id, "state": one.state.value, "recipients": one.recipients, "attempts": one.attempt}
            for one in view.batches
        ],
        "goes_at": stamp(view.edition.goes_at) if view.edition.goes_at else None,
        "send_by": stamp(view.edition.send_by),
    }


def send_shape(report: SendReport) -> Shape:
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
