"""The forms in which a collection is planned, changed and opened again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from openpeel.errors import UseError
from openpeel.reference.forces import forces
from openpeel.standards import standard_ids
from openpeel.web.collections.models import Collection
from openpeel.web.collections.periods import day_moved_on, moved_on, read_period, written
from openpeel.web.collections.policies import (
    Plan,
    Wanted,
    faults,
    faults_of_more,
    forces_said,
    period_field,
    title,
)
from openpeel.web.look.jinja import day

_A_DAY = "For example, 31 March 2026"


class DayField(forms.DateField):
    """A day in one text field, '31 March 2026' or 2026-03-31."""

    def __init__(self, **options: Any) -> None:
        formats = ["%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%Y"]
        super().__init__(input_formats=formats, widget=forms.TextInput, **options)
        self.error_messages["invalid"] = "Enter a day, such as 31 March 2026"

    def prepare_value(self, value: Any) -> Any:
        """As it is printed elsewhere."""
        return day(value) if isinstance(value, date) else value


class VersionForm(forms.Form):
    """Says which version of a collection was looked at when the button was pressed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class OpenAgainForm(VersionForm):
    """Until when a closed collection is open again, and why."""

    closes_on = DayField(
        label="New closing day", help_text=_A_DAY, error_messages={"required": "Enter the new closing day"}
    )
    reason = forms.CharField(
        label="Reason", max_length=1000, error_messages={"required": "Enter why it is opened again"}
    )

    def clean_closes_on(self) -> date:
        """A day that has not passed."""
        closes_on: date = self.cleaned_data["closes_on"]
        if closes_on < timezone.localdate():
            raise forms.ValidationError(f"{day(closes_on)} has passed. Enter today or a later day")
        return closes_on


class AskingForm(VersionForm):
    """Which standards are asked for, each with its period, and which forces are asked."""

    period = forms.CharField(
        label="Period",
        required=False,
        max_length=60,
        help_text="Of every standard chosen below beside which no other is written. For example, "
        "year ending 31 March 2026, or April 2025 to September 2025",
    )
    standards = forms.MultipleChoiceField(
        label="Standards", required=False, widget=forms.CheckboxSelectMultiple
    )
    forces = forms.MultipleChoiceField(label="Forces", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *arguments: Any, standards: Iterable[str], force_codes: Iterable[str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.standard_titles = sorted(((s, title(s)) for s in standards), key=lambda item: item[1])
        codes = set(force_codes)
        _choices(self, "standards", self.standard_titles)
        _choices(
            self,
            "forces",
            sorted(((f.code, f.name) for f in forces() if f.code in codes), key=lambda f: f[1]),
        )
        for id_, called in self.standard_titles:
            self.fields[period_field(id_)] = forms.CharField(
                label=f"Period of {called}, if another", required=False, max_length=60
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The standards to choose from, each with the field of its period, for the page."""
        chosen = set(self["standards"].value() or ())
        return [
            {"id": id_, "title": called, "chosen": id_ in chosen, "period": self[period_field(id_)]}
            for id_, called in self.standard_titles
        ]

    def _wanted(self, cleaned: dict[str, Any]) -> tuple[Wanted, ...]:
        """The standards chosen with their periods; what is no period is said beside its field."""
        wanted, missing = [], []
        usual = cleaned.get("period", "").strip()
        for id_ in cleaned.get("standards", ()):
            own = cleaned.get(period_field(id_), "").strip()
            if not own and not usual:
                missing.append(id_)
                continue
            try:
                wanted.append(Wanted(id_, read_period(own or usual)))
            except UseError as error:
                place = period_field(id_) if own else "period"
                if place not in self.errors:
                    self.add_error(place, str(error))
        if missing:
            self.add_error("period", "Enter a period here, or one beside each standard")
        return tuple(wanted)


class PlanForm(AskingForm):
    """The whole plan of a collection."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="As forces will read it. For example, Spring 2026",
        error_messages={"required": "Enter a name, such as 'Spring 2026'"},
    )
    about = forms.CharField(
        label="What it is about",
        required=False,
        max_length=5000,
        widget=forms.Textarea,
        help_text="What forces should know before they begin. They read it above the list of what is asked",
    )
    opens_on = DayField(
        label="Opening day",
        help_text=f"It opens by itself, and forces are told. {_A_DAY}",
        error_messages={"required": "Enter the opening day"},
    )
    closes_on = DayField(
        label="Closing day",
        help_text="The last day on which a return is in time. It closes by itself the day after",
        error_messages={"required": "Enter the closing day"},
    )
    which = forms.ChoiceField(
        label="Which forces are asked",
        choices=[("all", "All 43 forces"), ("some", "Only those chosen below")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether all forces are asked"},
    )

    def __init__(self, *arguments: Any, besides: Collection | None = None, **options: Any) -> None:
        super().__init__(
            *arguments, standards=standard_ids(), force_codes=[f.code for f in forces()], **options
        )
        self.besides = besides
        self.plan: Plan | None = None

    def clean_name(self) -> str:
        """On one line: it heads e-mails."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> None:
        """Everything that is wrong at once, each thing beside its field."""
        cleaned = self.cleaned_data
        wanted = self._wanted(cleaned)
        if self.errors.keys() & {"name", "opens_on", "closes_on", "which", "standards", "forces"}:
            return
        codes = [f.code for f in forces()] if cleaned["which"] == "all" else cleaned["forces"]
        plan = Plan(
            name=cleaned["name"],
            about=cleaned["about"].strip(),
            opens_on=cleaned["opens_on"],
            closes_on=cleaned["closes_on"],
            wanted=wanted,
            forces=tuple(sorted(codes)),
        )
        found = faults(plan, today=timezone.localdate(), besides=self.besides)
        if cleaned["standards"] and not wanted:
            found.pop("standards", None)  # some are chosen; what is wrong with their periods is said
        for place, said in found.items():
            self.add_error(place, said)
        self.plan = plan

    @staticmethod
    def filled_with(plan: Plan) -> dict[str, Any]:
        """What the form holds for a plan: the period that most standards have is the usual one."""
        periods = [w.period for w in plan.wanted]
        usual = max(set(periods), key=lambda p: (periods.count(p), p)) if periods else None
        return {
            "name": plan.name,
            "about": plan.about,
            "opens_on": plan.opens_on,
            "closes_on": plan.closes_on,
            "period": written(usual) if usual else "",
            "standards": [w.standard for w in plan.wanted],
            **{period_field(w.standard): written(w.period) for w in plan.wanted if w.period != usual},
            "which": "all" if len(plan.forces) == len(forces()) else "some",
            "forces": list(plan.forces) if len(plan.forces) < len(forces()) else [],
        }


class AddForm(AskingForm):
    """What is asked for besides in a collection that is open, and its closing day."""

    closes_on = DayField(
        label="Closing day", help_text=_A_DAY, error_messages={"required": "Enter the closing day"}
    )
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        help_text="It is kept in the audit trail",
        error_messages={"required": "Enter why the open collection is changed"},
    )

    def __init__(self, *arguments: Any, collection: Collection, **options: Any) -> None:
        self.collection = collection
        self.asked = Plan.of(collection)
        super().__init__(
            *arguments,
            standards=set(standard_ids()) - {w.standard for w in self.asked.wanted},
            force_codes={f.code for f in forces()} - set(self.asked.forces),
            **options,
        )
        self.wanted: tuple[Wanted, ...] = ()

    def clean(self) -> None:
        """Everything that is wrong at once."""
        cleaned = self.cleaned_data
        self.wanted = self._wanted(cleaned)
        if self.errors:
            return
        found = faults_of_more(
            self.collection, self.wanted, cleaned["forces"], cleaned["closes_on"], today=timezone.localdate()
        )
        for place, said in found.items():
            self.add_error(place, said)


def next_round(plan: Plan) -> tuple[Plan, list[str]]:
    """A plan moved on to the next round, without a name; and what was moved, a sentence each."""
    moved = Plan(
        name="",
        about=plan.about,
        opens_on=day_moved_on(plan.opens_on),
        closes_on=day_moved_on(plan.closes_on),
        wanted=tuple(Wanted(w.standard, moved_on(w.period)) for w in plan.wanted),
        forces=plan.forces,
    )
    said = [
        f"Opening day: from {day(plan.opens_on)} to {day(moved.opens_on)}.",
        f"Closing day: from {day(plan.closes_on)} to {day(moved.closes_on)}.",
    ]
    for before, after in dict(
        zip((w.period for w in plan.wanted), (w.period for w in moved.wanted), strict=True)
    ).items():
        titles = [title(w.standard) for w in plan.wanted if w.period == before]
        said.append(f"Period of {_named(titles)}: from {written(before)} to {written(after)}.")
    said.append(f"Asked as before: {forces_said(plan.forces)}.")
    return moved, said


def _named(titles: Sequence[str]) -> str:
    return ", ".join(titles) if len(titles) <= 3 else f"{len(titles)} standards"


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices
