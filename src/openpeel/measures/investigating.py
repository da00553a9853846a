"""Investigating crime: what was recorded and how soon, the outcomes, and how well victims were served."""

from __future__ import annotations

from functools import partial

from openpeel.measures.amounts import AmountShare
from openpeel.measures.breakdown import code_groups, known, returned
from openpeel.measures.conditions import EVERY, Blank, Both, Condition, Filled, In, Quantity
from openpeel.measures.measure import Count, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_CRIMES = (returned("recorded_crime"),)
_INVESTIGATIONS = (returned("investigation"),)

_crime_share = partial(Share, standard="recorded_crime", noun="crimes", sources=_CRIMES, outside="other")
_investigation_share = partial(
    Share, standard="investigation", noun="investigations", sources=_INVESTIGATIONS, better="higher"
)


def _yes(column: str) -> Condition:
    return In(column, (True,))


_STANDS = Blank("cancelled_on")
#: Outcome 0 says that there is none yet: it is no outcome.
_HAS_OUTCOME = known("recorded_crime", "outcome_type", besides=("0",))
_VICTIM_BASED = Both((_yes("victim_based"), _STANDS))
_SOON = _yes("recorded_within_24_hours")
_SOON_KNOWN = Both((_STANDS, Filled("recorded_within_24_hours")))
_PARTNERS = (
    "marac",
    "mash",
    "childrens_social_care",
    "adult_social_care",
    "health",
    "education",
    "housing",
    "probation",
    "victim_service",
    "other_organisation",
)
_OUTCOME_GROUPS = code_groups("recorded_crime", "outcome_type")

#: (id, column, title, about, sentence) of what a reviewer or the record says yes or no to.
_SERVED = (
    (
        "investigation_timely",
        "timely",
        "Investigated without undue delay",
        "Of the investigations that somebody reviewed for it, those found to have been without undue delay.",
        "{value} of the {force} investigations that were reviewed were without undue delay",
    ),
    (
        "enquiries_complete",
        "enquiries_complete",
        "Proportionate lines of enquiry completed",
        "Of the investigations that somebody reviewed for it, those in which relevant and proportionate "
        "lines of enquiry were completed.",
        "lines of enquiry were completed in {value} of the {force} investigations that were reviewed",
    ),
    (
        "supervision_effective",
        "supervision_effective",
        "Supervision effective",
        "Of the investigations that somebody reviewed for it, those found to have been supervised "
        "effectively.",
        "supervision was effective in {value} of the {force} investigations that were reviewed",
    ),
    (
        "needs_assessed",
        "needs_assessed",
        "Victim needs assessment made",
        "Of the investigations with a victim for which it is recorded, those in which a needs assessment "
        "was made.",
        "{force} assessed the victim's needs in {value} of its investigations",
    ),
    (
        "support_request_recorded",
        "support_request_recorded",
        "Requests for support recorded",
        "Of the investigations in which a victim asked for support, those in which the request is recorded.",
        "{force} recorded the request in {value} of investigations in which a victim asked for support",
    ),
    (
        "protective_order_considered",
        "protective_order_considered",
        "Protective order considered",
        "Of the investigations in which an order that protects the victim could have been suitable, those "
        "in which it is recorded that one was considered.",
        "{force} considered a protective order in {value} of investigations in which one could have been "
        "suitable",
    ),
    (
        "wish_auditable",
        "wish_auditable",
        "Auditable record of victims' wishes",
        "Of the investigations for which it is recorded, those with a record of the victim's wishes that "
        "can be audited.",
        "{force} had an auditable record of the victim's wishes in {value} of its investigations",
    ),
    (
        "victim_view_sought",
        "view_sought",
        "Victims asked before the outcome was decided",
        "Of the investigations for which it is recorded, those in which the victim was asked before the "
        "outcome was decided.",
        "{force} asked the victim before deciding the outcome in {value} of its investigations",
    ),
    (
        "outcome_right",
        "outcome_right",
        "Right outcome type assigned",
        "Of the investigations that somebody reviewed for it, those closed with the right outcome type.",
        "{force} assigned the right outcome type in {value} of the investigations that were reviewed",
    ),
    (
        "outcome_rationale_recorded",
        "rationale_recorded",
        "Rationale for the outcome recorded",
        "Of the investigations for which it is recorded, those with a rationale for the outcome.",
        "{force} recorded a rationale for the outcome in {value} of its investigations",
    ),
    (
        "outcome_supervised",
        "outcome_supervised",
        "Outcome approved by a supervisor",
        "Of the investigations for which it is recorded, those whose outcome a supervisor approved.",
        "a supervisor approved the outcome in {value} of {force} investigations",
    ),
    (
        "victim_told_outcome",
        "victim_told_outcome",
        "Victims told of the outcome",
        "Of the investigations for which it is recorded, those in which the victim was told of the outcome.",
        "{force} told the victim of the outcome in {value} of its investigations",
    ),
)

_CRIME_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="recorded_crimes_per_1000",
        title="Recorded crimes per 1,000 population",
        standard="recorded_crime",
        noun="crimes",
        about="Crimes recorded in the period and not cancelled since, for every 1,000 people who live in "
        "the force area. What was not recorded is not in it: a force that records better has a higher rate.",
        sentence="{force} recorded {value} crimes per 1,000 population",
        of=_STANDS,
        sources=(*_CRIMES, MID_YEAR_ESTIMATES),
    ),
    Count(
        id="recorded_crimes_by_offence",
        title="Recorded crimes by offence group",
        standard="recorded_crime",
        noun="crimes",
        unit="crimes",
        about="Crimes recorded in the period and not cancelled since, by offence group.",
        sentence="{force} recorded {value} crimes in the group '{group}'",
        of=_STANDS,
        groups=code_groups("recorded_crime", "offence_group"),
        sources=_CRIMES,
    ),
    Share(
        id="crime_records_cancelled",
        title="Crime records cancelled",
        standard="recorded_crime",
        noun="crimes",
        about="The share of all crime records that were cancelled or transferred to another force.",
        sentence="{value} of {force} crime records were cancelled or transferred",
        base=EVERY,
        of=Filled("cancelled_on"),
        sources=_CRIMES,
    ),
    _crime_share(
        id="crimes_recorded_in_24_hours",
        title="Crimes recorded within 24 hours",
        about="Of the crimes not cancelled for which it is recorded, those recorded within 24 hours of the "
        "first report or disclosure.",
        sentence="{force} recorded {value} of crimes within 24 hours",
        better="higher",
        base=_SOON_KNOWN,
        of=_SOON,
    ),
    _crime_share(
        id="partner_crimes_recorded_in_24_hours",
        title="Crimes disclosed by other organisations recorded within 24 hours",
        about="As for all crimes, of those disclosed at a MARAC or by an organisation that is no police "
        "force.",
        sentence="{force} recorded {value} of crimes that other organisations disclosed within 24 hours",
        better="higher",
        base=Both((_SOON_KNOWN, In("disclosed_by", _PARTNERS))),
        of=_SOON,
    ),
    _crime_share(
        id="outcome_17",
        title="Victim-based crimes assigned outcome 17",
        about="Of the victim-based crimes recorded in the period, not cancelled and assigned an outcome, "
        "those for which the time limit for a prosecution expired. Crimes without an outcome yet are left "
        "out, so the value of a recent period changes. That it goes by the date of recording is ours.",
        sentence="{value} of {force} victim-based crimes with an outcome were assigned outcome 17",
        better="lower",
        base=Both((_VICTIM_BASED, _HAS_OUTCOME)),
        of=In("outcome_type", ("17",)),
    ),
    _crime_share(
        id="summary_outcome_17",
        title="Summary-only offences assigned outcome 17",
        about="Of the summary-only offences recorded in the period, not cancelled and assigned an outcome, "
        "those for which the time limit for a prosecution expired.",
        sentence="{value} of {force} summary-only offences with an outcome were assigned outcome 17",
        better="lower",
        base=Both((_yes("summary_only"), _STANDS, _HAS_OUTCOME)),
        of=In("outcome_type", ("17",)),
    ),
    _crime_share(
        id="outcome_not_yet_assigned",
        title="Victim-based crimes not yet assigned an outcome",
        about="Of the victim-based crimes recorded in the period and not cancelled, those whose outcome "
        "type is 0. A blank is left out: nothing is known of it.",
        sentence="{value} of {force} victim-based crimes were not yet assigned an outcome",
        base=Both((_VICTIM_BASED, known("recorded_crime", "outcome_type"))),
        of=In("outcome_type", ("0",)),
    ),
    _crime_share(
        id="crime_outcomes",
        title="Outcomes of crimes",
        about="Of the crimes recorded in the period, not cancelled and assigned an outcome, the share by "
        "outcome type.",
        sentence="the outcome was '{group}' in {value} of {force} crimes with an outcome",
        base=Both((_STANDS, _HAS_OUTCOME)),
        groups=_OUTCOME_GROUPS[1:-2],
    ),
)

_INVESTIGATION_MEASURES: tuple[Measure, ...] = (
    AmountShare(
        id="supervision_reviews_done",
        title="Supervision reviews done of those due",
        standard="investigation",
        noun="investigations",
        about="All reviews done, of all that were due, over the investigations for which both are recorded.",
        sentence="{force} supervisors did {value} of the reviews of investigations that were due",
        better="higher",
        quantity=Quantity("reviews_done", Filled("reviews_due")),
        base=Quantity("reviews_due", Filled("reviews_done")),
        sources=_INVESTIGATIONS,
    ),
    AmountShare(
        id="victim_updates_done",
        title="Victim updates done of those due",
        standard="investigation",
        noun="investigations",
        about="All updates that victims had, of all that were due, over the investigations for which both "
        "are recorded.",
        sentence="{force} gave victims {value} of the updates that were due",
        better="higher",
        quantity=Quantity("updates_done", Filled("updates_due")),
        base=Quantity("updates_due", Filled("updates_done")),
        sources=_INVESTIGATIONS,
    ),
    *(
        _investigation_share(
            id=measure_id,
            title=title,
            about=about,
            sentence=sentence,
            base=Filled(column),
            of=_yes(column),
            outside="other",
        )
        for measure_id, column, title, about, sentence in _SERVED
    ),
    _investigation_share(
        id="personal_statement_offered",
        title="Victim personal statements offered",
        about="Of the investigations with a victim who could make a personal statement, those in which it "
        "was offered, made or declined.",
        sentence="{force} offered a personal statement in {value} of investigations with a victim who could "
        "make one",
        base=known("investigation", "personal_statement", besides=("not_due",)),
        of=In("personal_statement", ("made", "declined")),
        outside="other",
    ),
    _investigation_share(
        id="victim_withdrew",
        title="Victims who withdrew support",
        about="Of the investigations for which it is recorded, those in which the victim withdrew support.",
        sentence="the victim withdrew support in {value} of {force} investigations",
        better="lower",
        base=Filled("victim_withdrew"),
        of=_yes("victim_withdrew"),
    ),
    _investigation_share(
        id="evidence_led_considered",
        title="Progression without victim support considered or tried",
        about="Of the investigations in which the victim withdrew and for which it is recorded, those in "
        "which a prosecution led by evidence was considered or tried. Where no withdrawal is recorded "
        "nothing is counted.",
        sentence="{force} considered an evidence-led prosecution in {value} of investigations in which the "
        "victim withdrew",
        base=Both((_yes("victim_withdrew"), Filled("evidence_led_considered"))),
        of=_yes("evidence_led_considered"),
        outside="other",
    ),
)

#: In the order of a report.
MEASURES: tuple[Measure, ...] = (*_CRIME_MEASURES, *_INVESTIGATION_MEASURES)
