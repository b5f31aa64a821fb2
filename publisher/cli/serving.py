"""`publisher run`, `web`, `clock`, `worker`: the processes that stay."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import opened, tell_outbox

if TYPE_CHECKING:
    from publisher.assembly import Publisher

Listen = Annotated[
    str, typer.Option(metavar="HOST:PORT", help="Where to listen, instead of the configured web.listen.")
]


def run(context: typer.Context, *, listen: Listen = "") -> None:
    """Run everything in one process: clock, workers, web server. SIGTERM ends it within 10 seconds."""
    stay(context, listen=listen, with_web=True, with_clock=True, with_workers=True)


def web(context: typer.Context, *, listen: Listen = "") -> None:
    """Run the web server alone."""
    stay(context, listen=listen, with_web=True)


def clock(context: typer.Context) -> None:
    """Run the clock alone: it gathers, and composes what is due."""
    stay(context, with_clock=True)


def worker(context: typer.Context) -> None:
    """Run a worker alone: it sends what is to be sent."""
    stay(context, with_workers=True)


def stay(
    context: typer.Context,
    *,
    listen: str = "",
    with_web: bool = False,
    with_clock: bool = False,
    with_workers: bool = False,
) -> None:
    """Runs the parts asked for until it is told to end."""
    with opened(context, log_level="info") as publisher:
        tell_outbox(publisher, as_json=True)  # on standard error, beside the log
        run_parts(publisher, listen=listen, with_web=with_web, with_clock=with_clock, with_workers=with_workers)


def run_parts(
    publisher: "Publisher", *, listen: str, with_web: bool, with_clock: bool = False, with_workers: bool = False
) -> None:
    """Hands the web application to the one who runs everything: web and schedule do not know each other."""
    from publisher.schedule.run import run as run_all

    app = None
    if with_web:
        from publisher.web.app import make_app

        app = make_app(publisher)
    run_all(publisher, app=app, listen=listen, with_clock=with_clock, with_workers=with_workers)
