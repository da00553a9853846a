"""What the API answers with. The field names of a figure are those of `docs/reference/figure.md`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class ReleaseOut(Schema):
    """A published release: a frozen set of returns and the figures made from it."""

    name: str = Field(description="What it is called in addresses.")
    id: str = Field(description="The id of the set of records; figures carry it.")
    period_start: date
    period_end: date
    published_at: datetime | None
    invented: bool = Field(description="Whether its records are invented for demonstration.")
    about: str
    csv: str | None = Field(description="Where all its figures are as one CSV.")


class ForceOut(Schema):
    """A police force."""

    code: str = Field(description="The ONS code of its police force area; BTP and PSNI are ours.")
    slug: str = Field(description="Its short name in addresses and filters.")
    name: str
    full_name: str
    region: str
    compared: bool = Field(description="Whether it is one of the 43 that are compared with one another.")


class LimitOut(Schema):
    """A standard that a value is held to."""

    rule: str
    value: float
    source: str


class GroupOut(Schema):
    """A part that a measure is broken down into."""

    key: str
    title: str


class MeasureOut(Schema):
    """A measure and how it is made."""

    id: str
    title: str
    about: str
    area: str = Field(description="The area of policing, by its code.")
    area_title: str
    standard: str = Field(description="The kind of records that it counts.")
    unit: str
    better: str = Field(description="'higher', 'lower' or 'neither'.")
    compared: bool = Field(
        description="Whether forces are compared in it. A bare count grows with the force."
    )
    counted: str = Field(description="The numerator in words; of the first group where there are groups.")
    denominator: str
    formula: str
    definition: str = Field(description="Changes when the definition does.")
    comparable_from: date | None
    limit: LimitOut | None
    groups: list[GroupOut]
    sources: list[str]


class OwnLimitsOut(Schema):
    """The limits of one force and where its value lies: at 95% and (outer) at 99.8%."""

    lower: float | None
    upper: float | None
    verdict: str
    outer_lower: float | None
    outer_upper: float | None
    outer_verdict: str


class SimilarOut(Schema):
    """The force beside those it is most like."""

    mean: float | None
    place: int | None
    counted: int
    listed: int


class ComparisonOut(Schema):
    """How the force stands among all forces, in the unit of the figure."""

    england_and_wales: float | None
    mean: float | None
    sd: float | None
    verdict: str
    forces_counted: int
    forces_missing: list[str]
    centre: float | None
    control: OwnLimitsOut
    overdispersed: OwnLimitsOut
    phi: float | None
    tau: float | None
    no_limits_because: str
    verdicts_differ: bool
    similar: SimilarOut


class CoverageOut(Schema):
    """For how many months there is a return, and what to know of the records."""

    months_expected: int
    months_present: int
    note: str


class FigureOut(Schema):
    """A value with all that is needed to check it. Null where there is none or (`method` 'withheld') it is withheld."""

    id: str
    measure: str
    title: str
    force: str
    force_name: str
    period_start: date
    period_end: date
    group: str | None
    numerator: float | None
    denominator: float | None
    value: float | None
    shown: str = Field(description="The value as it is printed: '64.0%', 'withheld', '–'.")
    lower: float | None
    upper: float | None
    level: float
    method: str
    unit: str
    comparison: ComparisonOut
    coverage: CoverageOut
    release: str
    definition: str
    limit: float | None
    limit_rule: str | None
    limit_source: str | None
    limit_met: bool | None


class MonthOut(Schema):
    """A month of a trend. `signals` are the rules of a control chart that it breaks."""

    month: str
    numerator: float | None
    denominator: float | None
    value: float | None
    open_because: str
    centre: float | None
    lower: float | None
    upper: float | None
    signals: list[str]


class TrendOut(Schema):
    """A measure of a force month by month, with its change on the year before."""

    measure: str
    title: str
    unit: str
    force: str
    force_name: str
    months: list[MonthOut]
    no_lines_because: str
    note: str
    change: dict[str, Any] | None
    release: str
    definition: str


class Page(Schema):
    """A page of a list: `count` is how many there are in all, `next` the address of the page after this one."""

    count: int
    limit: int
    offset: int
    next: str | None


class Releases(Page):
    """A page of releases, the latest first."""

    items: list[ReleaseOut]


class Forces(Page):
    """A page of forces, in the order of their codes."""

    items: list[ForceOut]


class Measures(Page):
    """A page of measures, in the order of a report."""

    items: list[MeasureOut]


class Figures(Page):
    """A page of figures, in the order of measures, groups and forces."""

    items: list[FigureOut]


class Trends(Page):
    """A page of trends, in the order of measures and forces."""

    items: list[TrendOut]


class InvalidParameter(Schema):
    """What is wrong with one parameter."""

    name: str
    reason: str


class Problem(Schema):
    """Why a request was not answered, as RFC 9457 (problem details) says it."""

    type: str
    title: str
    status: int
    detail: str
    invalid: list[InvalidParameter] = []
