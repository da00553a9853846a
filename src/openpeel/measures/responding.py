"""Responding to the public: calls and callbacks, triage and attendance, and section 136 detentions."""

from __future__ import annotations

from functools import partial

from openpeel.measures.amounts import Amount, Mean
from openpeel.measures.breakdown import code_groups, known, returned
from openpeel.measures.conditions import EVERY, Blank, Both, Condition, Filled, In, NotTrue, Quantity
from openpeel.measures.measure import PER_100000, Count, Limit, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_CALLS = (returned("call"),)
_CALLBACKS = (returned("callback"),)
_INCIDENTS = (returned("incident"),)
_DETENTIONS = (returned("detention_136"),)

_call_share = partial(Share, standard="call", noun="calls", sources=_CALLS, outside="other")
_call_mean = partial(Mean, standard="call", noun="calls", sources=_CALLS, unit="seconds", better="lower")
_callback_share = partial(
    Share, standard="callback", noun="callbacks", sources=_CALLBACKS, outside="other", better="higher"
)
_incident_share = partial(Share, standard="incident", noun="incidents", sources=_INCIDENTS, outside="other")
_detention_share = partial(Share, standard="detention_136", noun="detentions", sources=_DETENTIONS)


def _yes(column: str) -> Condition:
    return In(column, (True,))


_999 = In("line", ("999",))
_999_TIMED = Both((_999, Filled("answered_within_10_seconds")))
_101 = In("line", ("101",))
_END_KNOWN = known("call", "ended")
_101_ENDED = Both((_101, _END_KNOWN))
#: A hang-up of which the force cannot say that it followed a message is taken as giving up.
_GAVE_UP = In("ended", ("abandoned", "hung_up"))
_ACCEPTED = _yes("accepted")
_TIMED = Filled("arrived_in_target")
_RIGHT_CARE = _yes("right_care")
_SHIFTS = (("early", "early"), ("late", "late"), ("night", "night"))
_GRADES = (("immediate", "immediate"), ("priority", "priority"), ("scheduled", "scheduled"))

_ABANDONED = (
    "A caller who hung up after a recorded message on another contact route, took a callback or was put "
    "through did not abandon the call, but is among the calls; one who hung up and of whom neither is known "
    "is taken as having given up. Calls with no recorded end are left out. The definition is ours."
)
_REVIEWED = "A triage that nobody reviewed is left out: it is not known, and is not taken as poor."

_CALL_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="calls_999_per_1000",
        title="999 calls per 1,000 population",
        standard="call",
        noun="calls",
        about="Calls offered to the force on 999, however they ended, for every 1,000 people who live in "
        "its area.",
        sentence="{force} received {value} calls to 999 per 1,000 population",
        of=_999,
        sources=(*_CALLS, MID_YEAR_ESTIMATES),
    ),
    _call_share(
        id="calls_999_answered_in_10_seconds",
        title="999 calls answered within 10 seconds",
        about="Of the 999 calls for which it is recorded, those answered within 10 seconds of BT offering "
        "them: the time from BT to the force and the time waiting together. Whether it is recorded for a "
        "call that nobody answered is for the force to say; where it is, the call is not answered in time.",
        sentence="{force} answered {value} of its 999 calls within 10 seconds",
        better="higher",
        base=_999_TIMED,
        of=_yes("answered_within_10_seconds"),
        limit=Limit(90, "at least", "national call handling standards"),
    ),
    _call_share(
        id="calls_999_answer_time_unknown",
        title="999 calls for which it is not known whether they were answered within 10 seconds",
        about="The share of all 999 calls for which the force did not say whether they were answered within "
        "10 seconds.",
        sentence="it is not known for {value} of {force} 999 calls whether they were answered within 10 "
        "seconds",
        people=False,
        better="lower",
        base=_999,
        of=Blank("answered_within_10_seconds"),
    ),
    *(
        _call_share(
            id=f"calls_999_answered_in_10_seconds_{code}",
            title=f"999 calls answered within 10 seconds: {name} shift",
            about=f"As for all 999 calls, of those offered while the {name} shift was on duty.",
            sentence=f"{{force}} answered {{value}} of its 999 calls of the {name} shift within 10 seconds",
            better="higher",
            base=Both((_999_TIMED, In("shift", (code,)))),
            of=_yes("answered_within_10_seconds"),
        )
        for code, name in _SHIFTS
    ),
    _call_mean(
        id="calls_999_waiting_seconds",
        title="Seconds that 999 calls waited",
        about="The mean over answered 999 calls of the time from the offer to the answer, without the time "
        "from BT.",
        sentence="999 calls to {force} waited {value} seconds on average",
        quantity=Quantity("waiting_seconds", Both((_999, In("ended", ("answered",))))),
        over=Both((_999, In("ended", ("answered",)), Filled("waiting_seconds"))),
    ),
    _call_mean(
        id="calls_999_transfer_seconds",
        title="Seconds that 999 calls took from BT to the force",
        about="The mean over the 999 calls for which it is recorded. Published answer times have it in them.",
        sentence="999 calls took {value} seconds on average from BT to {force}",
        quantity=Quantity("transfer_seconds", _999),
        over=Both((_999, Filled("transfer_seconds"))),
    ),
    Rate(
        id="calls_101_per_1000",
        title="101 calls per 1,000 population",
        standard="call",
        noun="calls",
        about="Calls offered to the force on 101, however they ended, for every 1,000 people who live in "
        "its area.",
        sentence="{force} received {value} calls to 101 per 1,000 population",
        of=_101,
        sources=(*_CALLS, MID_YEAR_ESTIMATES),
    ),
    _call_share(
        id="calls_101_abandoned",
        title="101 calls abandoned",
        about="Of the 101 calls that no switchboard answers first, those in which the caller gave up "
        f"waiting. {_ABANDONED} A call for which nothing is said of a switchboard is taken to have gone "
        "through none.",
        sentence="{value} of 101 calls to {force} were abandoned",
        better="lower",
        base=Both((_101_ENDED, NotTrue("through_switchboard"))),
        of=_GAVE_UP,
        limit=Limit(
            10, "below", "2020 national contact management strategy guidance for forces without a switchboard"
        ),
    ),
    _call_share(
        id="calls_101_abandoned_after_switchboard",
        title="101 calls abandoned after a switchboard",
        about="Of the 101 calls that a switchboard answered first, those in which the caller then gave up "
        f"waiting. {_ABANDONED} Other guidance holds for these calls than for those without a switchboard.",
        sentence="{value} of 101 calls that a switchboard of {force} put through were abandoned",
        better="lower",
        base=Both((_101_ENDED, _yes("through_switchboard"))),
        of=_GAVE_UP,
    ),
    _call_share(
        id="calls_101_diverted",
        title="101 calls ended after a message on another contact route",
        about="Of the 101 calls whose end is recorded, those in which the caller hung up in response to a "
        "recorded message on another way to make contact.",
        sentence="in {value} of 101 calls to {force} the caller hung up after a message on another contact "
        "route",
        base=_101_ENDED,
        of=In("ended", ("diverted",)),
    ),
    _call_share(
        id="calls_101_hung_up_unknown",
        title="101 calls hung up, not known whether after a message",
        about="Of the 101 calls whose end is recorded, those in which the caller hung up and the force "
        "cannot tell whether it was after a recorded message. They are counted as abandoned.",
        sentence="for {value} of its 101 calls {force} cannot tell why the caller hung up",
        better="lower",
        base=_101_ENDED,
        of=In("ended", ("hung_up",)),
    ),
    _call_share(
        id="calls_101_callback",
        title="101 calls that left the queue for a callback",
        about="Of the 101 calls whose end is recorded, those in which the caller took a callback instead of "
        "waiting.",
        sentence="in {value} of 101 calls to {force} the caller took a callback",
        base=_101_ENDED,
        of=In("ended", ("callback",)),
    ),
    _call_mean(
        id="calls_101_waiting_seconds",
        title="Seconds that 101 calls waited",
        about="The mean over answered 101 calls of the time from the offer to the answer.",
        sentence="101 calls to {force} waited {value} seconds on average",
        quantity=Quantity("waiting_seconds", Both((_101, In("ended", ("answered",))))),
        over=Both((_101, In("ended", ("answered",)), Filled("waiting_seconds"))),
    ),
    Mean(
        id="call_handling_seconds",
        title="Seconds that calls were handled",
        standard="call",
        noun="calls",
        unit="seconds",
        about="The mean, line by line, of the time from the answer to the end of the work on the call. "
        "Shorter is not better where the caller has much to say.",
        sentence="calls to {force} on the line '{group}' were handled for {value} seconds on average",
        quantity=Quantity("handling_seconds"),
        over=Filled("handling_seconds"),
        groups=code_groups("call", "line")[:4],
        sources=_CALLS,
    ),
)

_CALLBACK_MEASURES: tuple[Measure, ...] = (
    Share(
        id="callbacks_accepted",
        title="Callbacks accepted",
        standard="callback",
        noun="callbacks",
        about="Of the callbacks offered for which the answer is recorded, those that the caller accepted.",
        sentence="callers accepted {value} of the callbacks that {force} offered",
        base=Filled("accepted"),
        of=_ACCEPTED,
        sources=_CALLBACKS,
    ),
    _callback_share(
        id="callbacks_in_service_level",
        title="Callers rung back within the service level",
        about="Of the accepted callbacks for which it is recorded, those rung within the force's own "
        "service level.",
        sentence="{force} rang back within its service level in {value} of accepted callbacks",
        base=Both((_ACCEPTED, Filled("within_service_level"))),
        of=_yes("within_service_level"),
    ),
    _callback_share(
        id="callbacks_place_kept",
        title="Callbacks in which the place in the queue was kept",
        about="Of the accepted callbacks for which it is recorded, those in which the caller was rung when "
        "the turn in the queue came.",
        sentence="the caller's place in the queue of {force} was kept in {value} of accepted callbacks",
        base=Both((_ACCEPTED, Filled("place_kept"))),
        of=_yes("place_kept"),
    ),
    _callback_share(
        id="callbacks_spoken_to",
        title="Callbacks in which the caller was spoken to",
        about="Of the accepted callbacks with a result, those in which the force rang and spoke to the "
        "caller. One that the caller cancelled, or rang again before, was not dealt with by a callback.",
        sentence="{force} rang and spoke to the caller in {value} of accepted callbacks",
        base=Both((_ACCEPTED, known("callback", "result"))),
        of=In("result", ("spoken_to",)),
    ),
)

_INCIDENT_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="incidents_per_1000",
        title="Incidents per 1,000 population",
        standard="incident",
        noun="incidents",
        about="Incident logs, however they came in, for every 1,000 people who live in the force area.",
        sentence="{force} opened {value} incidents per 1,000 population",
        sources=(*_INCIDENTS, MID_YEAR_ESTIMATES),
    ),
    _incident_share(
        id="incident_grades",
        title="Incidents by final grade",
        about="The share of all incidents by the grade they had at the end.",
        sentence="the grade was '{group}' in {value} of {force} incidents",
        base=EVERY,
        groups=code_groups("incident", "grade"),
    ),
    _incident_share(
        id="triage_recorded",
        title="Structured triage and risk assessment recorded",
        about="Of the incidents for which it is recorded, those with a structured assessment of threat, "
        "harm and risk on the log.",
        sentence="{force} recorded a structured triage in {value} of its incidents",
        better="higher",
        base=Filled("triage_recorded"),
        outside="not known",
        of=_yes("triage_recorded"),
    ),
    _incident_share(
        id="triage_meaningful",
        title="Triage accurate and meaningful",
        about="Of the incidents with a triage that was reviewed, those in which it was found accurate and "
        f"meaningful. {_REVIEWED}",
        sentence="{force} triage was found accurate and meaningful in {value} of incidents in which it was "
        "reviewed",
        better="higher",
        base=Both((_yes("triage_recorded"), Filled("triage_meaningful"))),
        of=_yes("triage_meaningful"),
    ),
    _incident_share(
        id="grade_appropriate",
        title="Initial prioritisation grade appropriate",
        about="Of the incidents whose first grade was reviewed, those in which it was found appropriate.",
        sentence="the first grade was found appropriate in {value} of {force} incidents in which it was "
        "reviewed",
        better="higher",
        base=Filled("grade_appropriate"),
        of=_yes("grade_appropriate"),
    ),
    _incident_share(
        id="regrading_justified",
        title="Regraded incidents with a reason recorded",
        about="Of the incidents whose grade was changed, those in which the reason is recorded.",
        sentence="{force} recorded the reason in {value} of the incidents that it regraded",
        better="higher",
        base=Filled("regrading_justified"),
        of=_yes("regrading_justified"),
    ),
    _incident_share(
        id="repeat_checked",
        title="Check for repeat victim",
        about="Of the incidents with a victim for which it is recorded, those in which the force checked "
        "for a repeat victim, whether or not one was found.",
        sentence="{force} checked for a repeat victim in {value} of relevant incidents",
        better="higher",
        base=Filled("repeat_checked"),
        of=_yes("repeat_checked"),
    ),
    _incident_share(
        id="repeat_used",
        title="Repeat victim information used",
        about="Of the incidents in which a repeat victim was found, those in which the victim's history was "
        "used. An incident for which this is not recorded is left out.",
        sentence="{force} used the history in {value} of incidents in which it found a repeat victim",
        better="higher",
        base=Both((_yes("repeat_found"), Filled("repeat_used"))),
        of=_yes("repeat_used"),
    ),
    _incident_share(
        id="vulnerability_checked",
        title="Check for vulnerable victim or other person",
        about="Of the incidents for which it is recorded, those in which the force checked for a vulnerable "
        "victim or other person, whether or not one was found.",
        sentence="{force} checked for a vulnerable person in {value} of relevant incidents",
        better="higher",
        base=Filled("vulnerability_checked"),
        of=_yes("vulnerability_checked"),
    ),
    _incident_share(
        id="vulnerability_recorded",
        title="Vulnerability recorded",
        about="Of the incidents in which a vulnerable person was found, those in which the vulnerability "
        "was recorded. An incident for which this is not said is left out.",
        sentence="{force} recorded the vulnerability in {value} of incidents in which it found a vulnerable "
        "person",
        better="higher",
        base=Both((_yes("vulnerable_found"), Filled("vulnerability_recorded"))),
        of=_yes("vulnerability_recorded"),
    ),
    *(
        _incident_share(
            id=f"arrived_in_target_{code}",
            title=f"Arrived within target: {name} grade",
            about=f"Of the incidents with a final grade of {name} for which it is recorded, those at which "
            "police arrived within the force's own published target. Targets differ between forces.",
            sentence=f"{{force}} arrived within its target at {{value}} of incidents graded {name}",
            better="higher",
            base=Both((In("grade", (code,)), _TIMED)),
            of=_yes("arrived_in_target"),
        )
        for code, name in _GRADES
    ),
    _incident_share(
        id="arrived_in_target_at_handover",
        title="Arrived within target: calls at a shift handover",
        about="Of the incidents that came in at a shift handover and for which it is recorded, those at "
        "which police arrived within the force's own published target.",
        sentence="{force} arrived within its target at {value} of incidents that came in at a shift handover",
        better="higher",
        base=Both((_yes("at_handover"), _TIMED)),
        of=_yes("arrived_in_target"),
    ),
    _incident_share(
        id="arrived_in_target_besides_handover",
        title="Arrived within target: calls at other times",
        about="Of the incidents that did not come in at a shift handover and for which it is recorded, "
        "those at which police arrived within the force's own published target.",
        sentence="{force} arrived within its target at {value} of incidents that came in at no shift "
        "handover",
        better="higher",
        base=Both((In("at_handover", (False,)), _TIMED)),
        of=_yes("arrived_in_target"),
    ),
    _incident_share(
        id="arrived_in_target_continuity_car",
        title="Arrived within target: continuity cars at a shift handover",
        about="Of the incidents that came in at a shift handover, that a continuity car dealt with and for "
        "which it is recorded, those at which it arrived within the force's own published target.",
        sentence="continuity cars of {force} arrived within target at {value} of incidents at a shift "
        "handover",
        better="higher",
        base=Both((_yes("at_handover"), _yes("continuity_car"), _TIMED)),
        of=_yes("arrived_in_target"),
    ),
    _incident_share(
        id="victim_told_of_delay",
        title="Victims told of a delay",
        about="Of the incidents with a victim and a delay, those in which the victim was told of it.",
        sentence="{force} told the victim in {value} of incidents in which there was a delay",
        better="higher",
        base=Filled("victim_told_of_delay"),
        of=_yes("victim_told_of_delay"),
    ),
    _incident_share(
        id="right_care_incidents",
        title="Incidents under right care, right person",
        about="Of the incidents for which it is recorded, those to which the force's policy on health and "
        "welfare calls applied.",
        sentence="the policy of right care, right person applied to {value} of {force} incidents",
        base=Filled("right_care"),
        outside="not known",
        of=_RIGHT_CARE,
    ),
    _incident_share(
        id="right_care_attended",
        title="Right care, right person: incidents attended",
        about="Of the incidents to which the policy applied and for which it is recorded how they were "
        "dealt with, those that police attended, by appointment or at once.",
        sentence="{force} attended {value} of its incidents under right care, right person",
        base=Both((_RIGHT_CARE, known("incident", "response"))),
        of=In("response", ("attended", "appointment")),
    ),
    Amount(
        id="right_care_officer_minutes",
        title="Right care, right person: officer minutes",
        standard="incident",
        noun="incidents",
        unit="minutes",
        about="The time of all officers who attended incidents to which the policy applied.",
        sentence="incidents under right care, right person took {value} minutes of {force} officers' time",
        better="lower",
        quantity=Quantity("officer_minutes", _RIGHT_CARE),
        sources=_INCIDENTS,
    ),
)

_DETENTION_MEASURES: tuple[Measure, ...] = (
    Count(
        id="detentions_136",
        title="Section 136 detentions",
        standard="detention_136",
        noun="detentions",
        unit="detentions",
        about="Detentions of people under section 136 of the Mental Health Act 1983. Somebody detained "
        "twice counts twice.",
        sentence="{force} detained people {value} times under section 136 of the Mental Health Act",
        sources=_DETENTIONS,
    ),
    Rate(
        id="detentions_136_per_100000",
        title="Section 136 detentions per 100,000 population",
        standard="detention_136",
        noun="detentions",
        unit=PER_100000,
        about="Detentions under section 136, for every 100,000 people who live in the force area.",
        sentence="{force} made {value} detentions under section 136 per 100,000 population",
        per=100000,
        sources=(*_DETENTIONS, MID_YEAR_ESTIMATES),
    ),
    _detention_share(
        id="detention_136_advice_sought",
        title="Section 136 detentions before which a health professional was consulted",
        about="Of the detentions for which it is recorded, those before which police consulted a health "
        "professional.",
        sentence="{force} consulted a health professional before {value} of section 136 detentions",
        better="higher",
        base=Filled("advice_sought"),
        of=_yes("advice_sought"),
    ),
    _detention_share(
        id="detention_136_ambulance",
        title="Section 136 detentions conveyed by ambulance",
        about="Of the detentions in which the person was conveyed and it is recorded how, those conveyed by "
        "ambulance.",
        sentence="an ambulance conveyed the person in {value} of {force} section 136 detentions",
        better="higher",
        outside="other",
        base=known("detention_136", "conveyed_by", besides=("not_conveyed",)),
        of=In("conveyed_by", ("ambulance",)),
    ),
    _detention_share(
        id="detention_136_places",
        title="First places of safety of section 136 detentions",
        about="The share of all section 136 detentions by the first place of safety.",
        sentence="the first place of safety was '{group}' in {value} of {force} section 136 detentions",
        base=EVERY,
        groups=code_groups("detention_136", "place"),
    ),
    _detention_share(
        id="detention_136_handed_over_in_target",
        title="Section 136 detentions handed over within the agreed time",
        about="Of the detentions for which it is recorded, those handed over to health staff within the "
        "time that force and health trust agreed.",
        sentence="{value} of {force} section 136 detentions were handed over within the agreed time",
        better="higher",
        base=Filled("handed_over_in_target"),
        of=_yes("handed_over_in_target"),
    ),
    Mean(
        id="detention_136_waiting_minutes",
        title="Minutes until section 136 detentions were handed over",
        standard="detention_136",
        noun="detentions",
        unit="minutes",
        about="The mean, over the detentions for which it is recorded, of the time from arrival at the "
        "place of safety to handover to health staff.",
        sentence="{force} officers waited {value} minutes on average to hand over a section 136 detention",
        better="lower",
        quantity=Quantity("waiting_minutes"),
        over=Filled("waiting_minutes"),
        sources=_DETENTIONS,
    ),
    Mean(
        id="detention_136_waiting_minutes_by_place",
        title="Minutes until section 136 detentions were handed over, by place",
        standard="detention_136",
        noun="detentions",
        unit="minutes",
        about="As for all section 136 detentions, by the first place of safety.",
        sentence="at the place of safety '{group}' {force} officers waited {value} minutes on average",
        better="lower",
        quantity=Quantity("waiting_minutes"),
        over=Filled("waiting_minutes"),
        groups=code_groups("detention_136", "place"),
        sources=_DETENTIONS,
    ),
    Amount(
        id="detention_136_officer_minutes",
        title="Officer minutes on section 136 detentions",
        standard="detention_136",
        noun="detentions",
        unit="minutes",
        about="The time of all officers, from each detention until the last of them was free.",
        sentence="section 136 detentions took {value} minutes of {force} officers' time",
        better="lower",
        quantity=Quantity("officer_minutes"),
        sources=_DETENTIONS,
    ),
)

#: In the order of a report.
MEASURES: tuple[Measure, ...] = (
    *_CALL_MEASURES,
    *_CALLBACK_MEASURES,
    *_INCIDENT_MEASURES,
    *_DETENTION_MEASURES,
)
