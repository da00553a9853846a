"""The commands that run the service: web, worker, schedule, backups, checks. Each parses, calls and prints.

Django and the rest of the service are imported inside the commands, so that all others begin without them.
"""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from openpeel.errors import UseError
from openpeel.terminal import print_text

HostOption = Annotated[str, typer.Option("--host", help="The address to listen on.")]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=64, help="How many processes answer requests.")
]
PlaceArgument = Annotated[Path, typer.Argument(help="A folder, or a file that ends in .tar.zst.")]

person_app = typer.Typer(help="The people of the service.", no_args_is_help=True)
trail_app = typer.Typer(help="The audit trail of the service.", no_args_is_help=True)


def add_service(app: typer.Typer) -> None:
    """Add the commands of the service to the command line."""
    for command in (serve, worker, schedule, backup, restore):
        app.command()(command)
    app.command("check-service")(check_service)
    app.add_typer(person_app, name="person")
    app.add_typer(trail_app, name="audit-trail")


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    workers: WorkersOption = 2,
    all_in_one: Annotated[
        bool, typer.Option("--all-in-one", help="Run the worker and the schedule beside it.")
    ] = False,
    demonstration: Annotated[
        bool,
        typer.Option("--demonstration", help="Fill an empty service with an invented nation and its people."),
    ] = False,
    prepared: Annotated[
        bool, typer.Option("--prepared", help="Database, styles and scripts are up to date: begin at once.")
    ] = False,
) -> None:
    """Serve the pages of the service."""
    _refuse_without_libraries()
    from openpeel.web.environment import Environment

    if not all_in_one:
        _keep_counts_together(Environment.read(os.environ).home)
    _set_up()
    from openpeel.web.operations import serving
    from openpeel.web.operations.checks import refuse_unsafe

    refuse_unsafe()
    if demonstration:
        serving.prepare()
        _demonstrate()
    if all_in_one:
        print_text(f"openpeel is at http://{host}:{port}/. Ctrl-C ends it.")
        raise typer.Exit(serving.all_in_one(host=host, port=port, workers=workers))
    if not prepared:
        serving.prepare()
    serving.serve(host=host, port=port, workers=workers)


def worker() -> None:
    """Do the jobs of the service: check returns, work out releases, send e-mail."""
    _set_up()
    from openpeel.web.jobs.worker import LeasedWorker

    found = LeasedWorker()
    found.configure_signals()
    found.run()


def schedule(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Do what is done by the clock: open and close collections, remind, take up jobs that were lost, clear up."""
    _set_up()
    from openpeel.web.operations.schedule import every_minute, one_minute

    if once:
        raise typer.Exit(0 if one_minute(datetime.now(UTC)) else 3)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    every_minute(stop)


def backup(place: PlaceArgument) -> None:
    """Keep the whole service, while it runs: database, lake and files handed in."""
    _set_up()
    from openpeel.web.operations.backup import back_up

    print_text(str(back_up(place, at=datetime.now(UTC))))


def restore(
    place: PlaceArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move aside what the home of the service holds now.")
    ] = False,
) -> None:
    """Bring back a service from a backup, and prove it whole. The service must not run meanwhile."""
    _set_up()
    from openpeel.web.operations.restore import bring_back

    print_text(str(bring_back(place, replace=replace, at=datetime.now(UTC))))


def check_service() -> None:
    """Say what would make this production unsafe, or poor."""
    _set_up()
    from django.conf import settings

    from openpeel.web.operations.checks import refuse_unsafe

    for said in refuse_unsafe():
        print_text(f"Warning: {said}")
    if settings.ENVIRONMENT.production:
        print_text("Nothing in the settings makes this production unsafe.")
    else:
        print_text("This is not a production: OPENPEEL_PRODUCTION is not 'yes'. Nothing else was checked.")


@person_app.command("add")
def person_add(
    email: Annotated[str, typer.Argument(help="The e-mail address with which the person signs in.")],
    name: Annotated[str, typer.Option("--name", help="How the person is called.")],
    role: Annotated[str, typer.Option("--role", help="The role that the person is to hold.")],
    force: Annotated[str, typer.Option("--force", help="The force, for a role that is held in one.")] = "",
    site: Annotated[
        str, typer.Option("--site", help="The address of the service, for the link: https://…")
    ] = "",
) -> None:
    """Add a person, the first administrator above all; print the link with which they choose a password."""
    _set_up()
    from openpeel.web.accounts.first import add_from_command_line

    link = add_from_command_line(
        email=email, name=name, role=role, force=force, site=site.rstrip("/"), at=datetime.now(UTC)
    )
    print_text(f"Hand this link to the person; it works once, and not for long:\n{link}")


@person_app.command("code")
def person_code(
    email: Annotated[str, typer.Argument(help="The e-mail address of a person of the demonstration.")],
) -> None:
    """Print the second factor of a person of the demonstration, as an app would show it now."""
    _set_up()
    from openpeel.web.demonstration import code_of

    print_text(code_of(email))


@trail_app.command("verify")
def trail_verify(
    anchor: Annotated[
        str, typer.Option("--anchor", help="What this command printed last the last time.")
    ] = "",
) -> None:
    """Prove that no event of the audit trail was changed, taken out, put in or cut off."""
    _set_up()
    from openpeel.web.trail.verify import verified

    print_text(verified(anchor))


def _demonstrate() -> None:
    from openpeel.web.demonstration import PASSWORD, demonstrate, logins

    demonstrate(at=datetime.now(UTC), tell=print_text)
    for name, what, email, key in logins():
        print_text(f"  {email:32} {what}, {name}" + (f"; second factor {key}" if key else ""))
    print_text(
        f"All are invented. Everybody's password: {PASSWORD}\n"
        "Second factors: give the key to an app, or run 'openpeel person code ada@inspectorate.example'."
    )


def _refuse_without_libraries() -> None:
    if find_spec("django") is None or find_spec("gunicorn") is None:
        raise UseError(
            "the libraries of the service are not installed",
            advice="Install them with: pip install 'openpeel[service]'.",
        )


def _keep_counts_together(home: Path) -> None:
    """Before anything imports prometheus_client, which decides by it how it counts."""
    from openpeel.web.operations.counts import keep_counts_together

    keep_counts_together(home)


def _set_up() -> None:
    _refuse_without_libraries()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpeel.web.settings")
    import django

    django.setup()
