"""Scrutiny of police powers: what supervisors and external panels look at, and how force is used."""

from __future__ import annotations

from functools import partial

from openpeel.measures.amounts import Mean
from openpeel.measures.breakdown import code_groups, known, returned
from openpeel.measures.conditions import EVERY, Blank, Both, Condition, Filled, In, Quantity
from openpeel.measures.measure import Count, Group, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_REVIEWS = (returned("supervision_review"),)
_CASES = (returned("panel_case"),)
_REPORTS = (returned("use_of_force"),)

_review_share = partial(
    Share, standard="supervision_review", noun="reviews", sources=_REVIEWS, outside="other", better="higher"
)
_case_share = partial(Share, standard="panel_case", noun="cases", sources=_CASES, outside="other")
_force_share = partial(Share, standard="use_of_force", noun="reports", sources=_REPORTS)


def _yes(column: str) -> Condition:
    return In(column, (True,))


def _used(column: str) -> Condition:
    return In(column, ("used",))


_DONE = _yes("done")
_TOLD = ("good_practice", "improvement", "both")
_KINDS = (
    ("stop_search", "searches", "stop-and-search records"),
    ("body_worn_video", "video", "body-worn video clips"),
    ("use_of_force", "force", "use-of-force reports"),
)
_TACTICS: tuple[tuple[str, str, Condition], ...] = (
    ("tactical_communication", "Tactical communication", _yes("tactical_communication")),
    ("handcuffing", "Handcuffing", In("handcuffing", ("compliant", "non_compliant"))),
    ("limb_or_body_restraints", "Limb or body restraints", _yes("limb_or_body_restraints")),
    ("ground_restraint", "Ground restraint", _yes("ground_restraint")),
    ("unarmed_skills", "Unarmed skills", _yes("unarmed_skills")),
    ("baton", "Baton used", _used("baton")),
    ("irritant_spray", "Irritant spray used", _used("irritant_spray")),
    ("spit_guard", "Spit and bite guard", _yes("spit_guard")),
    ("shield", "Shield", _yes("shield")),
    (
        "ced",
        "Conducted energy device discharged",
        In("ced", ("drive_stun", "angle_drive_stun", "fired")),
    ),
    ("aep", "Attenuating energy projectile fired", _used("aep")),
    ("firearm", "Firearm fired", _used("firearm")),
    ("dog", "Bitten by a dog", _used("dog")),
    ("other_tactic", "Other or improvised tactic", _yes("other_tactic")),
)

_REVIEW_MEASURES: tuple[Measure, ...] = (
    *(
        _review_share(
            id=f"{key}_reviews_done",
            title=f"Supervision reviews done: {name}",
            about=f"Of the reviews of {name} due in the period for which it is recorded, those that a "
            "supervisor did, in time or late.",
            sentence=f"{{force}} supervisors did {{value}} of the reviews of {name} that were due",
            base=Both((In("kind", (code,)), Filled("done"))),
            of=_DONE,
        )
        for code, key, name in _KINDS
    ),
    *(
        _review_share(
            id=f"{key}_reviews_in_time",
            title=f"Supervision reviews done in time: {name}",
            about=f"Of the reviews of {name} due in the period for which it is recorded, those that a "
            "supervisor did by the day they were due. One not done is not in time.",
            sentence=f"{{force}} supervisors did {{value}} of the reviews of {name} in time",
            base=Both((In("kind", (code,)), Filled("in_time"))),
            of=_yes("in_time"),
        )
        for code, key, name in _KINDS
    ),
    Count(
        id="video_clips_reviewed",
        title="Body-worn video clips reviewed by supervisors",
        standard="supervision_review",
        noun="reviews",
        unit="clips",
        about="Clips of body-worn video that supervisors reviewed. What an inspector or a panel watched is "
        "not in it.",
        sentence="{force} supervisors reviewed {value} clips of body-worn video",
        better="higher",
        of=Both((In("kind", ("body_worn_video",)), _DONE)),
        sources=_REVIEWS,
    ),
    _review_share(
        id="review_grounds_sufficient",
        title="Grounds found sufficient by supervisors",
        about="Of the stop-and-search records that supervisors reviewed for it, those whose grounds were "
        "found sufficient.",
        sentence="{force} supervisors found the grounds sufficient in {value} of the stop-and-search "
        "records reviewed",
        base=Both((In("kind", ("stop_search",)), Filled("grounds_sufficient"))),
        of=_yes("grounds_sufficient"),
    ),
    _review_share(
        id="review_conduct_professional",
        title="Conduct found professional by supervisors",
        about="Of the reviews in which supervisors looked at how the officer spoke and acted, those in "
        "which it was found professional.",
        sentence="{force} supervisors found the officer's conduct professional in {value} of reviews",
        base=Filled("conduct_professional"),
        of=_yes("conduct_professional"),
    ),
    _review_share(
        id="review_feedback_given",
        title="Supervision reviews followed by feedback to the officer",
        about="Of the reviews that were done and for which it is recorded, those after which the officer "
        "was told of good practice or of something to improve.",
        sentence="{force} supervisors gave the officer feedback after {value} of the reviews they did",
        base=Both((_DONE, known("supervision_review", "feedback"))),
        of=In("feedback", _TOLD),
    ),
)

_PANEL_MEASURES: tuple[Measure, ...] = (
    Count(
        id="panel_cases",
        title="Cases reviewed by each scrutiny panel",
        standard="panel_case",
        noun="cases",
        unit="cases",
        about="Cases that each external scrutiny panel looked at. A case that two panels looked at counts "
        "for each.",
        sentence="the {force} scrutiny panel on '{group}' reviewed {value} cases",
        better="higher",
        groups=code_groups("panel_case", "panel")[:-1],
        sources=_CASES,
    ),
    _case_share(
        id="panel_case_choice",
        title="How the cases of scrutiny panels were chosen",
        about="The share of all cases of scrutiny panels by how they were chosen.",
        sentence="the case was chosen '{group}' in {value} of {force} scrutiny panel cases",
        base=EVERY,
        groups=code_groups("panel_case", "chosen"),
    ),
    _case_share(
        id="panel_verdicts",
        title="Verdicts of scrutiny panels",
        about="Of the cases with a verdict, the share by verdict. Cases were not all chosen at random, so "
        "this does not say how many of all searches or uses of force are appropriate.",
        sentence="the verdict was '{group}' in {value} of {force} scrutiny panel cases",
        base=known("panel_case", "verdict"),
        groups=code_groups("panel_case", "verdict")[:-2],
    ),
    _case_share(
        id="panel_random_appropriate",
        title="Randomly chosen panel cases found appropriate",
        about="Of the cases chosen at random about which the panel could tell, those found appropriate, "
        "with or without something to improve.",
        sentence="scrutiny panels found {value} of {force} cases chosen at random appropriate",
        better="higher",
        base=Both((In("chosen", ("random",)), known("panel_case", "verdict", besides=("cannot_tell",)))),
        of=In("verdict", ("appropriate", "minor_concern")),
    ),
    _case_share(
        id="panel_video_seen",
        title="Panel cases in which body-worn video was seen",
        about="Of the cases for which it is recorded, those in which the panel saw body-worn video.",
        sentence="scrutiny panels saw body-worn video in {value} of {force} cases",
        better="higher",
        base=Filled("video_seen"),
        of=_yes("video_seen"),
    ),
    _case_share(
        id="panel_learning_fed_back",
        title="Panel cases with learning after which the officer had feedback",
        about="Of the cases in which a panel found learning and for which feedback is recorded, those after "
        "which the officer was told.",
        sentence="the officer had feedback after {value} of {force} panel cases in which learning was found",
        better="higher",
        base=Both((_yes("learning"), known("panel_case", "feedback"))),
        of=In("feedback", _TOLD),
    ),
    Mean(
        id="panel_members_present",
        title="Panel members present",
        standard="panel_case",
        noun="cases",
        unit="members",
        about="The mean over cases of the members who were present: a meeting with many cases weighs more.",
        sentence="{value} members were present on average when a {force} scrutiny panel looked at a case",
        better="higher",
        quantity=Quantity("members_present"),
        over=Filled("members_present"),
        sources=_CASES,
    ),
)

_FORCE_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="force_reports_per_1000",
        title="Use-of-force reports per 1,000 population",
        standard="use_of_force",
        noun="reports",
        about="Officers' reports of force, for every 1,000 people who live in the force area. Three "
        "officers who restrain one person make three.",
        sentence="{force} officers made {value} reports of force per 1,000 population",
        sources=(*_REPORTS, MID_YEAR_ESTIMATES),
    ),
    _force_share(
        id="force_tactics",
        title="Tactics in use-of-force reports",
        about="The share of all reports in which each tactic was used. Several are used at once, so that "
        "the shares add up to more than 100 percent. Equipment or a dog that was only shown is not counted, "
        "nor is a conducted energy device that was drawn, aimed, red-dotted or arced.",
        sentence="the tactic '{group}' was in {value} of {force} use-of-force reports",
        base=EVERY,
        groups=tuple(Group(key, title, condition) for key, title, condition in _TACTICS),
    ),
    _force_share(
        id="force_without_arrest",
        title="Force used without arrest",
        about="Of the reports for which it is recorded, those about a person who was not arrested.",
        sentence="the person was not arrested in {value} of {force} use-of-force reports",
        base=Filled("arrested"),
        of=In("arrested", (False,)),
    ),
    _force_share(
        id="force_on_compliant",
        title="Force used on a compliant person",
        about="Of the reports with the person's conduct recorded, those in which the most serious conduct "
        "was compliant.",
        sentence="the person was compliant in {value} of {force} use-of-force reports",
        outside="other",
        base=known("use_of_force", "conduct"),
        of=In("conduct", ("compliant",)),
    ),
    _force_share(
        id="force_in_stop_search",
        title="Force used during a stop and search",
        about="Of the reports for which it is recorded, those of force used during a stop and search.",
        sentence="{value} of {force} use-of-force reports were of force during a stop and search",
        base=Filled("stop_search"),
        of=_yes("stop_search"),
    ),
    _force_share(
        id="force_grounds_recorded",
        title="Grounds for force recorded",
        about="Of the reports for which it is known, those in which the officer recorded the grounds.",
        sentence="officers recorded the grounds in {value} of {force} use-of-force reports",
        better="higher",
        base=Filled("grounds_recorded"),
        of=_yes("grounds_recorded"),
    ),
    _force_share(
        id="force_on_video",
        title="Force recorded on body-worn video",
        about="Of the reports for which it is known, those of force that body-worn video recorded.",
        sentence="body-worn video recorded {value} of {force} uses of force",
        better="higher",
        base=Filled("body_worn_video"),
        of=_yes("body_worn_video"),
    ),
    _force_share(
        id="force_person_injured",
        title="People injured when force was used",
        about="Of the reports for which it is known, those in which the person was injured, died included.",
        sentence="the person was injured in {value} of {force} use-of-force reports",
        better="lower",
        outside="other",
        base=known("use_of_force", "person_injury", besides=("not_known",)),
        of=In("person_injury", ("minor", "severe", "death")),
    ),
    _force_share(
        id="force_officer_injured",
        title="Officers injured when force was used",
        about="Of the reports for which it is known, those in which the officer was injured, died included.",
        sentence="the officer was injured in {value} of {force} use-of-force reports",
        better="lower",
        outside="other",
        base=known("use_of_force", "officer_injury", besides=("not_known",)),
        of=In("officer_injury", ("minor", "severe", "death")),
    ),
    _force_share(
        id="force_ethnicity",
        title="Use-of-force reports by perceived ethnicity",
        about="The share of all reports by the person's ethnicity as the officer perceived it. It is not "
        "compared with who lives in the area.",
        sentence="the person was perceived as '{group}' in {value} of {force} use-of-force reports",
        base=EVERY,
        groups=code_groups("use_of_force", "perceived_ethnicity"),
    ),
    _force_share(
        id="force_self_defined_ethnicity_missing",
        title="Use-of-force reports with no self-defined ethnicity",
        about="The share of all reports in which self-defined ethnicity is blank. 'Not stated' is not blank.",
        sentence="{force} recorded no self-defined ethnicity in {value} of use-of-force reports",
        people=False,
        better="lower",
        base=EVERY,
        of=Blank("self_defined_ethnicity"),
    ),
)

#: In the order of a report.
MEASURES: tuple[Measure, ...] = (*_REVIEW_MEASURES, *_PANEL_MEASURES, *_FORCE_MEASURES)
