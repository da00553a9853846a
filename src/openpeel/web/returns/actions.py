"""What is done with returns: each function is one change of state, in one transaction with its event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from openpeel.errors import UseError
from openpeel.lake import Return as LakeReturn
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.accounts.permissions import Permission
from openpeel.web.collections.models import Asked
from openpeel.web.jobs.queue import enqueue
from openpeel.web.notices.telling import people_who_may, tell
from openpeel.web.returns import policies
from openpeel.web.returns.models import HandedInFile, Query, Return, locked
from openpeel.web.returns.states import (
    ACCEPTED,
    CHECKED,
    CHECKING,
    CONFIRMED,
    RECEIVED,
    REFUSED,
    RETURN,
    SENT_BACK,
    SUPERSEDED,
    WITHDRAWN,
)
from openpeel.web.returns.uploads import Incoming, forget
from openpeel.web.states import NotNow
from openpeel.web.trail.record import record

#: A check that asks nothing: that records are invented is said of the return, and is no fault of it.
_NO_QUESTION = frozenset({"invented"})
REJECTED_ROWS = "rejected_rows"


@dataclass(frozen=True)
class Found:
    """What checking a return found: what the lake would know of it, what was passed over, and the difference.

    `first_rejected` is the first rejected row in words.
    """

    of: LakeReturn
    passed_over: Sequence[Mapping[str, str]]
    difference: Mapping[str, Any] | None
    first_rejected: str = ""


def hand_in(*, asked: Asked, files: Sequence[Incoming], remark: str = "", by: Actor, at: datetime) -> Return:
    """Take files as the next return for what is asked; one before it that is not accepted is withdrawn.

    Raises NotNow where no return is taken now, UseError for two files of one name or the files of the one before.
    """
    person = _person(by)
    names = [file.name or "" for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UseError(f"Two files are called '{twice}'. Give each a name of its own, and choose them again.")
    kept: list[str] = []
    try:
        with transaction.atomic():
            asked = (
                Asked.objects.select_for_update(of=("self",)).select_related("collection").get(pk=asked.pk)
            )
            policies.hold(policies.why_not_hand_in(asked))
            before = list(asked.returns.all())
            _hold_to_new(before, files)
            number = (asked.returns.aggregate(last=Max("number"))["last"] or 0) + 1
            new = Return.objects.create(
                asked=asked, number=number, handed_in_by=person, handed_in_at=at, remark=remark
            )
            for place, file in enumerate(files, start=1):
                kept.append(file.keep())
                HandedInFile.objects.create(
                    handed_in=new,
                    place=place,
                    name=file.name or "",
                    sha256=file.sha256,
                    bytes=file.size or 0,
                    stored=kept[-1],
                )
            replaced = [r for r in before if _move(r, "replace", WITHDRAWN)]
            listed = "; ".join(f"{f.name} (SHA-256 {f.sha256})" for f in files)
            _record(new, "hand in return", f"Handed in {_called(new)}: {listed}.", by, at, after=RECEIVED)
            for old in replaced:
                _record(
                    old,
                    "replace return",
                    f"Return {number} took the place of {_called(old)}.",
                    by,
                    at,
                    before=old.state,
                    after=WITHDRAWN,
                )
            enqueue(_jobs().check_return, str(new.key), turn=asked.force)
    except BaseException:
        forget(kept)
        raise
    return new


def begin_check(*, handed_in: Return, by: Actor, at: datetime) -> None:
    """Begin to check a return, or take its check up again. Raises NotNow where it is not to be checked any more."""
    with transaction.atomic():
        now = _locked(handed_in)
        if not _move(now, "begin check", CHECKING):
            raise NotNow(f"It is not to be checked: {policies.so_far(now)}.")
        if now.state == RECEIVED:
            _record(
                now, "begin check", f"Began to check {_called(now)}.", by, at, before=RECEIVED, after=CHECKING
            )


def refuse(*, handed_in: Return, because: Sequence[str], by: Actor, at: datetime) -> None:
    """Note that a return could not be read, and why; the force is told. Nothing where that is known already."""
    with transaction.atomic():
        now = _locked(handed_in)
        if not _move(now, "refuse", REFUSED, refused_because="\n".join(because), checked_at=at, progress=100):
            return
        _record(
            now, "refuse return", f"Could not read {_called(now)}.", by, at, before=now.state, after=REFUSED
        )
        _tell_force(
            now,
            Permission.HAND_IN,
            "A return could not be read",
            "The page says why, and what to do.",
            at=at,
        )


def finish_check(*, handed_in: Return, found: Found, by: Actor, at: datetime) -> None:
    """Note what was found in a return and ask the force about it. Nothing where that is done already."""
    with transaction.atomic():
        now = _locked(handed_in)
        if not _move(
            now,
            "finish check",
            CHECKED,
            found=found.of.as_json(),
            lake_id=found.of.id,
            passed_over=[dict(p) for p in found.passed_over],
            difference=found.difference,
            checked_at=at,
            progress=100,
        ):
            return
        queries = _queries(now, found)
        Query.objects.bulk_create(queries)
        said = f"Checked {_called(now)}: {len(queries)} queries, {found.of.rejected} of {found.of.rows} rows rejected."
        _record(now, "finish check", said, by, at, before=CHECKING, after=CHECKED)
        if queries:
            told = "The checks have found something to ask. Answer each query, or hand in a correction."
            _tell_force(now, Permission.ANSWER_QUERIES, "There are queries on a return", told, at=at)
        else:
            told = "The checks have found nothing to ask. It waits to be confirmed."
            _tell_force(now, Permission.CONFIRM_RETURNS, "A return can be confirmed", told, at=at)


def confirm(*, handed_in: Return, by: Actor, at: datetime) -> None:
    """Confirm a return for the force. Raises NotNow while a query is unanswered, or when it is no longer the one."""
    with transaction.atomic():
        now = _locked(handed_in)
        policies.hold(policies.why_not_confirm(now))
        _must_move(now, "confirm", CONFIRMED, confirmed_by=_person(by), confirmed_at=at)
        said = (
            f"Confirmed {_called(now)}, SHA-256 of its files {', '.join(f.sha256 for f in now.files.all())}."
        )
        _record(now, "confirm return", said, by, at, before=CHECKED, after=CONFIRMED)
        tell(
            people=people_who_may(Permission.REVIEW_RETURNS),
            subject="A return is confirmed",
            said=f"{now.asked} was confirmed by the force and can be reviewed.",
            link=now.link,
            at=at,
        )


def accept(*, handed_in: Return, by: Actor, at: datetime) -> None:
    """Accept a return, in place of the one that was accepted before; a job puts it in the lake."""
    with transaction.atomic():
        now = _locked(handed_in)
        policies.hold(policies.why_not_accept(now))
        _must_move(now, "accept", ACCEPTED, decided_by=_person(by), decided_at=at)
        _record(now, "accept return", f"Accepted {_called(now)}.", by, at, before=CONFIRMED, after=ACCEPTED)
        for old in now.asked.returns.filter(state=ACCEPTED).exclude(pk=now.pk):
            _move(old, "supersede", SUPERSEDED)
            said = f"Return {now.number} superseded {_called(old)}, which stays as it is."
            _record(old, "supersede return", said, by, at, before=ACCEPTED, after=SUPERSEDED)
        enqueue(_jobs().put_in_lake, str(now.key), turn=now.asked.force)
        _tell_force(
            now, Permission.HAND_IN, "A return is accepted", "There is nothing more to do for it.", at=at
        )


def send_back(*, handed_in: Return, because: str, by: Actor, at: datetime) -> None:
    """Send a confirmed return back to the force, with a reason; it hands in another one."""
    with transaction.atomic():
        now = _locked(handed_in)
        policies.hold(policies.why_not_decide(now))
        _must_move(
            now, "send back", SENT_BACK, decided_by=_person(by), decided_at=at, sent_back_because=because
        )
        said = f"Sent back {_called(now)}; its page says why."
        _record(now, "send back return", said, by, at, before=CONFIRMED, after=SENT_BACK)
        _tell_force(
            now, Permission.HAND_IN, "A return is sent back", "The page says why. Hand in another one.", at=at
        )


def note_in_lake(*, handed_in: Return, by: Actor, at: datetime) -> None:
    """Note that an accepted return is in the lake. Nothing where that is known already."""
    with transaction.atomic():
        now = _locked(handed_in)
        if Return.objects.filter(pk=now.pk, in_lake_at=None).update(in_lake_at=at, not_in_lake_because=""):
            _record(now, "put return in lake", f"Put {_called(now)} in the lake as {now.lake_id}.", by, at)


def note_not_in_lake(*, handed_in: Return, because: str, by: Actor, at: datetime) -> None:
    """Note why an accepted return could not be put in the lake; analysts are told."""
    with transaction.atomic():
        now = _locked(handed_in)
        if Return.objects.filter(pk=now.pk, in_lake_at=None).update(not_in_lake_because=because):
            _record(
                now,
                "fail to put return in lake",
                f"Could not put {_called(now)} in the lake: {because}",
                by,
                at,
            )
            tell(
                people=people_who_may(Permission.REVIEW_RETURNS),
                subject="An accepted return is not in the lake",
                said=f"{now.asked} could not be put in the lake. The page says why.",
                link=now.link,
                at=at,
            )


def try_again(*, handed_in: Return, by: Actor, at: datetime) -> None:
    """Have an accepted return put in the lake after it could not be."""
    with transaction.atomic():
        now = _locked(handed_in)
        if now.state != ACCEPTED or now.in_lake_at is not None:
            where = "it is in the lake" if now.in_lake_at else policies.so_far(now)
            raise NotNow(f"Nothing was changed: {where}.")
        Return.objects.filter(pk=now.pk).update(not_in_lake_because="")
        enqueue(_jobs().put_in_lake, str(now.key), turn=now.asked.force)
        _record(
            now, "try again to put return in lake", f"Asked for {_called(now)} to be put in the lake.", by, at
        )


def _queries(handed_in: Return, found: Found) -> list[Query]:
    soft = [
        Query(of=handed_in, check_name=d.check, rows=d.rows, message=d.message)
        for d in found.of.defects
        if d.check not in _NO_QUESTION
    ]
    if not found.of.rows:
        said = "The files hold a header and no record. Was there nothing to record in these months?"
        soft.append(Query(of=handed_in, check_name="no_records", rows=0, message=said))
    if not found.of.rejected:
        return soft
    rows = found.of.rejected
    said = (
        f"{rows:,} of {found.of.rows:,} rows {'was' if rows == 1 else 'were'} rejected and would be left out."
    )
    message = " ".join(filter(None, (said, found.first_rejected)))
    return [Query(of=handed_in, check_name=REJECTED_ROWS, hard=True, rows=rows, message=message), *soft]


def _hold_to_new(before: Sequence[Return], files: Sequence[Incoming]) -> None:
    """Refuse the very files of the last return, where that one still counts for something."""
    last = max(before, key=lambda r: r.number, default=None)
    if last is None or last.state in (REFUSED, SENT_BACK):
        return
    if sorted(f.sha256 for f in last.files.all()) == sorted(f.sha256 for f in files):
        raise UseError(
            f"These are the same files, to the last byte, as return {last.number}, whose state is "
            f"'{RETURN.said[last.state]}'. Nothing was changed."
        )


def _locked(handed_in: Return) -> Return:
    """The return as it is now, which nobody else changes before this transaction ends."""
    return locked(handed_in.pk)


def _move(handed_in: Return, name: str, to: str, **changes: Any) -> bool:
    """Make a move if the return is in a state that has it; whether it was."""
    states = RETURN.states_with(name)
    return bool(Return.objects.filter(pk=handed_in.pk, state__in=states).update(state=to, **changes))


def _must_move(handed_in: Return, name: str, to: str, **changes: Any) -> None:
    """Make a move. Raises NotNow, saying who was there before, where it is no longer possible."""
    if not _move(handed_in, name, to, **changes):
        handed_in.refresh_from_db()
        raise NotNow(f"Nothing was changed: {policies.so_far(handed_in)}.")


def _record(
    handed_in: Return, action: str, said: str, by: Actor, at: datetime, *, before: str = "", after: str = ""
) -> None:
    record(
        by=by,
        at=at,
        action=action,
        about=f"return {handed_in.key}",
        said=said,
        force=handed_in.asked.force,
        before=RETURN.said.get(before, ""),
        after=RETURN.said.get(after, ""),
    )


def _tell_force(
    handed_in: Return, permission: Permission, subject: str, what_to_do: str, *, at: datetime
) -> None:
    tell(
        people=people_who_may(permission, handed_in.asked.force),
        subject=subject,
        said=f"{handed_in}. {what_to_do}",
        link=handed_in.link,
        at=at,
    )


def _called(handed_in: Return) -> str:
    return f"return {handed_in.number} for {handed_in.asked} ({handed_in.asked.collection})"


def _person(by: Actor) -> Person:
    assert by.person is not None, "only somebody who is signed in gets here"
    return by.person


def _jobs() -> Any:
    """The jobs, which call these actions in their turn."""
    from openpeel.web.returns import jobs

    return jobs
