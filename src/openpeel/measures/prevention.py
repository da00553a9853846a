"""Preventing crime and antisocial behaviour: incidents, orders, plans, knives and volunteers."""

from __future__ import annotations

from functools import partial

from openpeel.measures.amounts import Amount, AmountShare, Mean
from openpeel.measures.breakdown import code_groups, ethnic_groups, known, returned
from openpeel.measures.conditions import EVERY, AtLeast, Both, Condition, Filled, In, Quantity, SumOf
from openpeel.measures.measure import GBP, PER_100000, Count, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_ASB = (returned("asb_incident"),)
_ORDERS = (returned("civil_order"),)
_PLANS = (returned("problem_solving_plan"),)
_KNIVES = (returned("knife_event"),)
_DIVERSIONS = (returned("diversion"),)
_MEMBERS = (returned("community_member"),)
_VOLUNTEERS = (returned("volunteer"),)

_asb_share = partial(Share, standard="asb_incident", noun="incidents", sources=_ASB, outside="other")
_order_share = partial(Share, standard="civil_order", noun="orders", sources=_ORDERS, outside="other")
_plan_share = partial(
    Share, standard="problem_solving_plan", noun="plans", sources=_PLANS, outside="other", better="higher"
)
_plan_money = partial(Amount, standard="problem_solving_plan", noun="plans", sources=_PLANS, unit=GBP)
_diversion_share = partial(
    Share, standard="diversion", noun="diversions", sources=_DIVERSIONS, outside="other", better="higher"
)
_member_count = partial(
    Count, standard="community_member", noun="members", unit="members", sources=_MEMBERS, stock=True
)
_member_share = partial(Share, standard="community_member", noun="members", sources=_MEMBERS, stock=True)
_volunteer_share = partial(Share, standard="volunteer", noun="volunteers", sources=_VOLUNTEERS, stock=True)


def _yes(column: str) -> Condition:
    return In(column, (True,))


def _five_years(what: str, of: Condition = EVERY) -> SumOf:
    return SumOf(f"{what}_year_1", of, tuple(f"{what}_year_{year}" for year in range(2, 6)))


_AT_END = "counted at the end of the last month of the period"
_GRANTED = In("decision", ("granted",))
_CLOSED = Filled("closed_on")
_ASSESSED = known("problem_solving_plan", "result", besides=("not_assessed",))
_KNIFE_CARRIERS = In("programme", ("knife_carriers",))
_OFFERED = _yes("offered")
_TOOK = In("answer", ("accepted",))
_SPECIALS = In("scheme", ("special_constable",))

_ASB_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="asb_incidents_per_1000",
        title="Antisocial behaviour incidents per 1,000 population",
        standard="asb_incident",
        noun="incidents",
        about="Incidents of antisocial behaviour as the force counts them for the Home Office, for every "
        "1,000 people who live in its area. Behaviour recorded as a crime alone is not counted.",
        sentence="{force} recorded {value} antisocial behaviour incidents per 1,000 population",
        sources=(*_ASB, MID_YEAR_ESTIMATES),
    ),
    _asb_share(
        id="asb_categories",
        title="Antisocial behaviour incidents by category",
        about="The share of all antisocial behaviour incidents by category.",
        sentence="the category was '{group}' in {value} of {force} antisocial behaviour incidents",
        base=EVERY,
        groups=code_groups("asb_incident", "category"),
    ),
    _asb_share(
        id="asb_risk_assessed",
        title="Antisocial behaviour incidents with the risk to the victim assessed",
        about="Of the incidents with a victim for which it is recorded, those in which the risk was "
        "assessed.",
        sentence="{force} assessed the risk to the victim in {value} of antisocial behaviour incidents",
        better="higher",
        base=Filled("risk_assessed"),
        of=_yes("risk_assessed"),
    ),
    _asb_share(
        id="asb_repeat_victims",
        title="Antisocial behaviour incidents with a repeat victim",
        about="Of the incidents for which it is recorded, those whose victim had suffered antisocial "
        "behaviour before.",
        sentence="the victim was a repeat victim in {value} of {force} antisocial behaviour incidents",
        better="lower",
        base=Filled("repeat_victim"),
        of=_yes("repeat_victim"),
    ),
    _asb_share(
        id="asb_personal_crime_recorded",
        title="Personal antisocial behaviour for which a crime was recorded as well",
        about="Of the incidents of the category personal for which it is recorded, those for which a crime "
        "was recorded as well. How many should have been is for an audit to say.",
        sentence="{force} recorded a crime as well in {value} of incidents of personal antisocial behaviour",
        base=Both((In("category", ("personal",)), Filled("crime_recorded"))),
        of=_yes("crime_recorded"),
    ),
    Count(
        id="asb_case_reviews_asked",
        title="Antisocial behaviour case reviews asked for",
        standard="asb_incident",
        noun="incidents",
        unit="incidents",
        about="Incidents in which somebody asked for the antisocial behaviour case review.",
        sentence="a case review was asked for in {value} {force} antisocial behaviour incidents",
        of=_yes("case_review_asked"),
        sources=_ASB,
    ),
)

_ORDER_MEASURES: tuple[Measure, ...] = (
    Count(
        id="civil_orders",
        title="Civil orders and notices obtained",
        standard="civil_order",
        noun="orders",
        unit="orders",
        about="Orders granted and notices issued, whoever sought them. An interim order is not counted: the "
        "final one would count again.",
        sentence="{value} orders or notices of the type '{group}' were obtained in the area of {force}",
        of=_GRANTED,
        groups=code_groups("civil_order", "order_type")[:-1],
        sources=_ORDERS,
    ),
    _order_share(
        id="civil_orders_granted",
        title="Civil orders granted of those decided",
        about="Of the orders that were applied for and then granted or refused, those granted. An "
        "application withdrawn, an interim order and a notice that police issue themselves are left out.",
        sentence="{value} of the civil orders applied for and decided in the area of {force} were granted",
        base=Both((Filled("applied_on"), In("decision", ("granted", "refused")))),
        of=_GRANTED,
    ),
    _order_share(
        id="civil_orders_breached",
        title="Civil orders breached",
        about="Of the orders granted and notices issued in the period for which it is recorded, those with "
        "a breach so far.",
        sentence="{value} of the civil orders obtained in the area of {force} were breached",
        better="lower",
        base=Both((_GRANTED, Filled("breaches"))),
        of=AtLeast("breaches", 1),
    ),
    AmountShare(
        id="civil_order_breaches_dealt_with",
        title="Breaches of civil orders dealt with",
        standard="civil_order",
        noun="orders",
        about="Breaches dealt with by arrest, charge or penalty, of all breaches, over the orders for which "
        "both are recorded.",
        sentence="{force} dealt with {value} of the breaches of civil orders by arrest, charge or penalty",
        better="higher",
        quantity=Quantity("breaches_dealt_with", Filled("breaches")),
        base=Quantity("breaches", Filled("breaches_dealt_with")),
        sources=_ORDERS,
    ),
)

_PLAN_MEASURES: tuple[Measure, ...] = (
    Count(
        id="problem_solving_plans",
        title="Problem-solving plans opened",
        standard="problem_solving_plan",
        noun="plans",
        unit="plans",
        about="Plans opened in the period, by kind of problem, whether or not they were finished.",
        sentence="{force} opened {value} problem-solving plans about '{group}'",
        groups=code_groups("problem_solving_plan", "problem"),
        sources=_PLANS,
    ),
    _plan_share(
        id="plans_with_partners",
        title="Problem-solving plans in which partners took part",
        about="Of the plans for which it is recorded, those in which other organisations took part.",
        sentence="partners took part in {value} of {force} problem-solving plans",
        base=Filled("partners"),
        of=_yes("partners"),
    ),
    _plan_share(
        id="plans_reviewed",
        title="Problem-solving plans reviewed by the hub",
        about="Of the plans with a day on which the hub's review is due, those reviewed. A review not yet "
        "due counts as not done.",
        sentence="the hub reviewed {value} of {force} problem-solving plans",
        base=Filled("review_due_on"),
        of=Filled("reviewed_on"),
    ),
    _plan_share(
        id="plan_analysis_sufficient",
        title="Problem-solving plans with a sufficient analysis",
        about="Of the plans whose analysis the hub reviewed, those in which it was found sufficient.",
        sentence="the analysis was sufficient in {value} of the {force} problem-solving plans reviewed",
        base=Filled("analysis_sufficient"),
        of=_yes("analysis_sufficient"),
    ),
    _plan_share(
        id="plan_assessment_sufficient",
        title="Problem-solving plans with a sufficient assessment",
        about="Of the plans whose assessment the hub reviewed, those in which it was found sufficient.",
        sentence="the assessment was sufficient in {value} of the {force} problem-solving plans reviewed",
        base=Filled("assessment_sufficient"),
        of=_yes("assessment_sufficient"),
    ),
    _plan_share(
        id="plans_closed_assessed",
        title="Closed problem-solving plans that were assessed",
        about="Of the closed plans, those that went through the last step of SARA, assessment.",
        sentence="{force} assessed {value} of its closed problem-solving plans",
        base=_CLOSED,
        of=Filled("assessed_on"),
    ),
    _plan_share(
        id="plans_evaluated",
        title="Closed problem-solving plans before the evaluation panel",
        about="Of the closed plans, those that the evaluation panel looked at.",
        sentence="the evaluation panel of {force} looked at {value} of closed problem-solving plans",
        base=_CLOSED,
        of=Filled("panel_on"),
    ),
    _plan_share(
        id="plan_panel_findings",
        title="Findings of the evaluation panel",
        better="neither",
        about="Of the plans with a finding of the evaluation panel, the share by finding.",
        sentence="the finding was '{group}' in {value} of {force} problem-solving plans before the "
        "evaluation panel",
        base=known("problem_solving_plan", "panel_result"),
        groups=code_groups("problem_solving_plan", "panel_result")[:-2],
    ),
    _plan_share(
        id="plans_problem_reduced",
        title="Problem-solving plans after which the problem was gone or reduced",
        about="Of the plans with an assessed result, those after which the problem was gone or reduced. A "
        "problem that moved elsewhere was not.",
        sentence="the problem was gone or reduced after {value} of {force} problem-solving plans",
        base=_ASSESSED,
        of=In("result", ("solved", "reduced")),
    ),
    _plan_share(
        id="plans_worked_in_library",
        title="Problem-solving plans that worked and are in the library",
        about="Of the plans that the evaluation panel found to have worked, those put in the library of "
        "what worked.",
        sentence="{force} put {value} of the problem-solving plans that worked in its library",
        base=Both((In("panel_result", ("worked",)), Filled("in_library"))),
        of=_yes("in_library"),
    ),
    AmountShare(
        id="plan_incidents_after",
        title="Incidents after problem-solving plans, of those before",
        standard="problem_solving_plan",
        noun="plans",
        about="Incidents after the response as a percentage of those in as many months before it, over the "
        "plans for which both are recorded; 100 is no change. It does not say that the plan was the cause.",
        sentence="after {force} problem-solving plans there were {value} of the incidents before",
        better="lower",
        quantity=Quantity("incidents_after", Filled("incidents_before")),
        base=Quantity("incidents_before", Filled("incidents_after")),
        sources=_PLANS,
    ),
    _plan_money(
        id="plan_costs",
        title="Cost of problem-solving plans over five years",
        about="The cost of the plans opened in the period, over the five years from the response on.",
        sentence="the problem-solving plans that {force} opened cost {value} over five years",
        quantity=_five_years("cost"),
    ),
    _plan_money(
        id="plan_savings",
        title="Saving over five years from problem-solving plans",
        about="What the plans opened in the period save over the five years from the response on, before "
        "cost, whether it was estimated or measured.",
        sentence="the problem-solving plans that {force} opened save {value} over five years",
        better="higher",
        quantity=_five_years("saving"),
    ),
    _plan_money(
        id="plan_savings_measured",
        title="Measured saving over five years from problem-solving plans",
        about="As for all savings, of the plans whose savings were measured afterwards.",
        sentence="the problem-solving plans of {force} with measured savings save {value} over five years",
        better="higher",
        quantity=_five_years("saving", In("saving_basis", ("measured",))),
    ),
)

_KNIFE_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="knife_incidents_per_100000",
        title="People's parts in knife-related incidents per 100,000 population",
        standard="knife_event",
        noun="events",
        unit=PER_100000,
        about="Each person's part in each knife-related incident, other than as its victim, for every "
        "100,000 people who live in the force area. Two people in one incident count twice; part not "
        "recorded is left out.",
        sentence="{force} recorded {value} people's parts in knife-related incidents per 100,000 population",
        better="lower",
        per=100000,
        of=Both((In("kind", ("knife_incident",)), known("knife_event", "part", besides=("victim",)))),
        sources=(*_KNIVES, MID_YEAR_ESTIMATES),
    ),
    Share(
        id="knife_event_parts",
        title="Parts in knife events",
        standard="knife_event",
        noun="events",
        about="The share of all records of a person's part in a knife-related incident or related crime, by "
        "part.",
        sentence="the part was '{group}' in {value} of {force} knife events",
        base=EVERY,
        groups=code_groups("knife_event", "part"),
        sources=_KNIVES,
    ),
)

_DIVERSION_MEASURES: tuple[Measure, ...] = (
    Count(
        id="diversions_discussed",
        title="People discussed for diversion",
        standard="diversion",
        noun="diversions",
        unit="diversions",
        about="Each person discussed at each meeting, by programme, whether or not diversion was offered.",
        sentence="{force} discussed diversion {value} times for the programme '{group}'",
        groups=code_groups("diversion", "programme"),
        sources=_DIVERSIONS,
    ),
    _diversion_share(
        id="diversions_offered",
        title="Diversion offered to those found suitable",
        about="Of the people found suitable for whom it is recorded, those to whom diversion was offered.",
        sentence="{force} offered diversion to {value} of those found suitable",
        base=Both((_yes("suitable"), Filled("offered"))),
        of=_OFFERED,
    ),
    _diversion_share(
        id="diversions_accepted",
        title="Diversion accepted",
        about="Of the offers with an answer recorded, those accepted. Somebody who never answered has not "
        "accepted.",
        sentence="{value} of those to whom {force} offered diversion accepted",
        base=Both((_OFFERED, known("diversion", "answer"))),
        of=_TOOK,
    ),
    _diversion_share(
        id="diversions_completed",
        title="Diversion completed",
        about="Of the accepted diversions that ended, those completed.",
        sentence="{value} of the accepted diversions of {force} that ended were completed",
        base=Both((_TOOK, known("diversion", "ending"))),
        of=In("ending", ("completed",)),
    ),
    _diversion_share(
        id="knife_diversions_accepted",
        title="Diversion accepted by habitual knife carriers",
        about="As for all diversion, of the programme for habitual knife carriers.",
        sentence="{value} of the habitual knife carriers to whom {force} offered diversion accepted",
        base=Both((_KNIFE_CARRIERS, _OFFERED, known("diversion", "answer"))),
        of=_TOOK,
    ),
    *(
        _diversion_share(
            id=f"knife_diversions_{key}",
            title=f"Habitual knife carriers in diversion {given}",
            about="Of the habitual knife carriers who accepted diversion and for whom it is recorded, those "
            f"{given}.",
            sentence=f"{{value}} of the habitual knife carriers who accepted diversion by {{force}} were "
            f"{given}",
            better="neither",
            base=Both((_KNIFE_CARRIERS, _TOOK, Filled(column))),
            of=_yes(column),
        )
        for key, column, given in (
            ("mentored", "mentor", "given a mentor"),
            ("tagged", "tag", "fitted with a GPS tag"),
            ("safeguarded", "safeguarding", "given safeguarding"),
        )
    ),
    _diversion_share(
        id="knife_carriers_declined_with_plan",
        title="Habitual knife carriers who declined and have a problem-solving plan",
        about="Of the habitual knife carriers who declined diversion and for whom it is recorded, those for "
        "whom a problem-solving plan was opened.",
        sentence="{force} opened a problem-solving plan for {value} of the habitual knife carriers who "
        "declined diversion",
        base=Both((_KNIFE_CARRIERS, In("answer", ("declined",)), Filled("plan_opened"))),
        of=_yes("plan_opened"),
    ),
)

_MEMBER_MEASURES: tuple[Measure, ...] = (
    Rate(
        id="messaging_members_per_1000",
        title="Members of community messaging per 1,000 population",
        standard="community_member",
        noun="members",
        about=f"People and households signed up to receive messages, {_AT_END}, for every 1,000 people who "
        "live in the force area. Somebody on two platforms under two references counts twice.",
        sentence="{force} had {value} members of its community messaging per 1,000 population at the end",
        better="higher",
        stock=True,
        sources=(*_MEMBERS, MID_YEAR_ESTIMATES),
    ),
    _member_count(
        id="messaging_members",
        title="Members of community messaging by platform",
        about=f"People and households signed up to receive messages, {_AT_END}.",
        sentence="{force} had {value} members on the platform '{group}' at the end",
        groups=code_groups("community_member", "platform"),
    ),
    _member_count(
        id="messaging_members_moved",
        title="Members of community messaging who moved from another platform",
        about=f"Members who came from another platform and did not join anew, {_AT_END}.",
        sentence="{force} had {value} members who had moved from another platform at the end",
        of=Filled("source_platform"),
    ),
    _member_share(
        id="messaging_members_agreed",
        title="Members of community messaging who agreed to move",
        about="Of the members who were asked about moving to another platform and answered, those who "
        f"agreed, {_AT_END}.",
        sentence="{value} of the {force} members who were asked about moving agreed",
        better="higher",
        base=Both((_yes("asked"), Filled("agreed"))),
        outside="other",
        of=_yes("agreed"),
    ),
    _member_share(
        id="messaging_members_ethnicity",
        title="Members of community messaging by ethnicity",
        about=f"The share of all members by self-defined ethnicity, {_AT_END}.",
        sentence="{value} of {force} members of community messaging were of the group '{group}' at the end",
        base=EVERY,
        groups=ethnic_groups("ethnicity"),
    ),
)

_VOLUNTEER_MEASURES: tuple[Measure, ...] = (
    Count(
        id="volunteers",
        title="Volunteers by scheme",
        standard="volunteer",
        noun="volunteers",
        unit="volunteers",
        about=f"People in each volunteering scheme, {_AT_END}. Somebody in two schemes counts in each.",
        sentence="{force} had {value} volunteers in the scheme '{group}' at the end",
        better="higher",
        stock=True,
        groups=code_groups("volunteer", "scheme")[:-1],
        sources=_VOLUNTEERS,
    ),
    Amount(
        id="volunteer_hours",
        title="Hours of volunteers",
        standard="volunteer",
        noun="volunteers",
        unit="hours",
        about="The hours of all volunteers of all schemes in all months of the period.",
        sentence="volunteers gave {force} {value} hours",
        better="higher",
        quantity=Quantity("hours"),
        sources=_VOLUNTEERS,
    ),
    Mean(
        id="volunteer_hours_a_month",
        title="Hours of a volunteer in a month",
        standard="volunteer",
        noun="volunteers",
        unit="hours",
        about="The mean hours of one volunteer in one month, by scheme, over those whose hours are "
        "recorded, none included.",
        sentence="a {force} volunteer in the scheme '{group}' gave {value} hours a month on average",
        better="higher",
        quantity=Quantity("hours"),
        over=Filled("hours"),
        groups=code_groups("volunteer", "scheme")[:-1],
        sources=_VOLUNTEERS,
    ),
    _volunteer_share(
        id="volunteers_trained",
        title="Volunteers trained for their duty",
        about=f"Of the volunteers for whom it is recorded, those trained for their main duty, {_AT_END}.",
        sentence="{value} of {force} volunteers were trained for their duty at the end",
        better="higher",
        base=Filled("trained"),
        of=_yes("trained"),
    ),
    _volunteer_share(
        id="special_constable_stages",
        title="Special constables by stage of the career pathway",
        about=f"The share of special constables by the stage they had reached, {_AT_END}.",
        sentence="{value} of {force} special constables were at the stage '{group}' at the end",
        base=_SPECIALS,
        outside="other",
        groups=code_groups("volunteer", "stage"),
    ),
    _volunteer_share(
        id="special_constable_duties",
        title="Special constables by main duty",
        about=f"The share of special constables by main duty, {_AT_END}.",
        sentence="the main duty of {value} of {force} special constables was '{group}' at the end",
        base=_SPECIALS,
        outside="other",
        groups=code_groups("volunteer", "duty"),
    ),
    Count(
        id="volunteer_awards",
        title="Awards to volunteers",
        standard="volunteer",
        noun="awards",
        unit="awards",
        about="Awards in all months of the period, to volunteers of all schemes.",
        sentence="{force} made {value} awards to volunteers",
        of=known("volunteer", "award", besides=("none",)),
        sources=_VOLUNTEERS,
    ),
    _volunteer_share(
        id="volunteers_ethnicity",
        title="Volunteers by ethnicity",
        about=f"The share of all volunteers by self-defined ethnicity, {_AT_END}.",
        sentence="{value} of {force} volunteers were of the group '{group}' at the end",
        base=EVERY,
        groups=ethnic_groups("ethnicity"),
    ),
)

#: In the order of a report.
MEASURES: tuple[Measure, ...] = (
    *_PLAN_MEASURES,
    *_ASB_MEASURES,
    *_ORDER_MEASURES,
    *_MEMBER_MEASURES,
    *_KNIFE_MEASURES,
    *_DIVERSION_MEASURES,
    *_VOLUNTEER_MEASURES,
)
