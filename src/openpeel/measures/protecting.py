"""Protecting vulnerable people: protection orders, MARACs, and what victims said of the service."""

from __future__ import annotations

from openpeel.measures.amounts import Amount, AmountShare
from openpeel.measures.breakdown import code_groups, known, returned
from openpeel.measures.conditions import EVERY, Both, Filled, In, Quantity
from openpeel.measures.measure import Count, CountRatio, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_ORDER = "protection_order"
_MARAC = "marac_referral"
_FEEDBACK = "victim_feedback"

_DVPO_GRANTED = Both((In("type", ("dvpo",)), In("step", ("granted",))))
_DVPO_BREACHED = Both((In("type", ("dvpo",)), In("step", ("breach",))))
_CHANGED = known(_FEEDBACK, "change", besides=("none",))

#: Who sits at a MARAC: what the column of each begins with, and its name in words.
_AGENCIES = (
    ("police", "the police"),
    ("idva", "an independent domestic violence adviser"),
    ("childrens_social_care", "children's social care"),
    ("adult_social_care", "adult social care"),
    ("housing", "housing"),
    ("health", "the health service"),
    ("mental_health", "the mental health service"),
    ("substance_misuse", "the drug and alcohol service"),
    ("probation", "probation"),
    ("education", "education"),
)
#: What victims are asked: the column of each, and what they may be satisfied with.
_ASPECTS = (
    ("overall", "the whole experience"),
    ("contact", "how easy contact was"),
    ("action", "the actions taken"),
    ("informed", "being kept informed"),
    ("treatment", "how they were treated"),
)

MEASURES: tuple[Measure, ...] = (
    Count(
        id="dvpo_granted",
        title="Domestic Violence Protection Orders granted",
        standard=_ORDER,
        noun="orders",
        unit="orders",
        about="Domestic Violence Protection Orders that a court granted in the period. Notices, Domestic Abuse "
        "Protection Orders, and steps whose type is blank are not counted.",
        sentence="{force} had {value} Domestic Violence Protection Orders granted at court",
        of=_DVPO_GRANTED,
        sources=(returned(_ORDER),),
    ),
    Rate(
        id="dvpo_granted_per_100000",
        title="Domestic Violence Protection Orders granted per 100,000 population",
        standard=_ORDER,
        noun="orders",
        about="Domestic Violence Protection Orders that a court granted, for every 100,000 people who live in the "
        "force area.",
        sentence="{force} had {value} Domestic Violence Protection Orders granted per 100,000 population",
        of=_DVPO_GRANTED,
        per=100000,
        sources=(returned(_ORDER), MID_YEAR_ESTIMATES),
    ),
    Count(
        id="dvpo_breaches",
        title="Breaches of Domestic Violence Protection Orders recorded",
        standard=_ORDER,
        noun="breaches",
        unit="breaches",
        about="Breaches of Domestic Violence Protection Orders that the force recorded, of orders granted in the "
        "period or before it. Few breaches may mean that few are looked for.",
        sentence="{force} recorded {value} breaches of Domestic Violence Protection Orders",
        of=_DVPO_BREACHED,
        sources=(returned(_ORDER),),
    ),
    Rate(
        id="dvpo_breaches_per_100000",
        title="Breaches of Domestic Violence Protection Orders recorded per 100,000 population",
        standard=_ORDER,
        noun="breaches",
        about="Breaches of Domestic Violence Protection Orders that the force recorded, for every 100,000 people who "
        "live in the force area.",
        sentence="{force} recorded {value} breaches of Domestic Violence Protection Orders per 100,000 population",
        of=_DVPO_BREACHED,
        per=100000,
        sources=(returned(_ORDER), MID_YEAR_ESTIMATES),
    ),
    CountRatio(
        id="dvpo_breaches_of_granted",
        title="Breaches of Domestic Violence Protection Orders for every 100 granted",
        standard=_ORDER,
        noun="orders",
        about="Breaches of Domestic Violence Protection Orders that the force recorded in the period, of the orders "
        "granted in it. A breach may be of an order granted before, and an order may be breached twice.",
        sentence="the breaches of Domestic Violence Protection Orders that {force} recorded were {value} of the "
        "orders granted",
        of=_DVPO_BREACHED,
        over=_DVPO_GRANTED,
        sources=(returned(_ORDER),),
    ),
    Count(
        id="protection_orders_granted",
        title="Domestic abuse protection orders of either kind granted",
        standard=_ORDER,
        noun="orders",
        unit="orders",
        about="Domestic Violence and Domestic Abuse Protection Orders that a court granted. The second replace the "
        "first, so only together can they be followed over time.",
        sentence="{force} had {value} domestic abuse protection orders of either kind granted at court",
        of=Both((In("type", ("dvpo", "dapo")), In("step", ("granted",)))),
        sources=(returned(_ORDER),),
    ),
    Share(
        id="protection_order_sought",
        title="Suitable cases in which a protection order was sought",
        standard=_ORDER,
        noun="cases",
        about="Of the cases considered and found suitable for a notice or order, the share in which it was decided to "
        "seek one. Cases that were not suitable, or had other protection, are left out. The definition is ours.",
        sentence="{force} decided to seek a protection order in {value} of the cases that it found suitable",
        better="higher",
        base=Both((In("step", ("considered",)), In("decision", ("to_seek", "suitable_not_sought")))),
        of=In("decision", ("to_seek",)),
        outside="other",
        sources=(returned(_ORDER),),
    ),
    Share(
        id="protection_order_heard_in_time",
        title="Applications for a protection order made in time",
        standard=_ORDER,
        noun="applications",
        about="Of the applications at court for which it is known, the share made in time to be heard within 48 hours "
        "of the service of the notice.",
        sentence="{value} of {force} applications for a protection order were made in time",
        better="higher",
        base=Both((In("step", ("applied",)), Filled("in_time"))),
        of=In("in_time", (True,)),
        outside="other",
        sources=(returned(_ORDER),),
    ),
    Share(
        id="protection_order_checks_made",
        title="Checks on the subjects of protection orders made",
        standard=_ORDER,
        noun="checks",
        about="Of the checks with a result, those not done included, the share in which the subject was checked. A "
        "check at which the subject was not seen is not made. The definition is ours.",
        sentence="{force} made {value} of the checks due on the subjects of protection orders",
        better="higher",
        base=Both((In("step", ("check",)), known(_ORDER, "check_result"))),
        of=In("check_result", ("complied", "breach_found")),
        outside="other",
        sources=(returned(_ORDER),),
    ),
    Share(
        id="protection_order_breach_outcome",
        title="What became of breaches of protection orders",
        standard=_ORDER,
        noun="breaches",
        about="The share of all breaches recorded, of notices and orders of every type, by what became of them.",
        sentence="what became of the breach was '{group}' in {value} of the breaches that {force} recorded",
        base=In("step", ("breach",)),
        outside="other",
        groups=code_groups(_ORDER, "breach_outcome"),
        sources=(returned(_ORDER),),
    ),
    Count(
        id="marac_referrals",
        title="Referrals to a MARAC",
        standard=_MARAC,
        noun="referrals",
        unit="referrals",
        about="Referrals of victims of domestic abuse to a multi-agency risk assessment conference. A victim who was "
        "referred twice is counted twice.",
        sentence="{value} referrals were made to the multi-agency risk assessment conferences of {force}",
        sources=(returned(_MARAC),),
    ),
    Share(
        id="marac_agency",
        title="Who referred to the MARAC",
        standard=_MARAC,
        noun="referrals",
        about="The share of all referrals to a MARAC by the agency that made them.",
        sentence="the agency was '{group}' in {value} of {force} referrals to a MARAC",
        base=EVERY,
        groups=code_groups(_MARAC, "agency"),
        sources=(returned(_MARAC),),
    ),
    Share(
        id="marac_heard_in_time",
        title="MARAC referrals heard in time",
        standard=_MARAC,
        noun="referrals",
        about="Of the referrals for which it is known, the share heard by the day by which they should have been.",
        sentence="{value} of {force} referrals to a MARAC were heard in time",
        better="higher",
        base=Filled("heard_in_time"),
        of=In("heard_in_time", (True,)),
        sources=(returned(_MARAC),),
    ),
    Share(
        id="marac_repeat",
        title="MARAC referrals that are repeat cases",
        standard=_MARAC,
        noun="referrals",
        about="Of the referrals for which it is known, the share that are repeat cases by the force's own rule. Rules "
        "differ, so forces compare badly.",
        sentence="{value} of {force} referrals to a MARAC were repeat cases",
        base=Filled("repeat"),
        of=In("repeat", (True,)),
        sources=(returned(_MARAC),),
    ),
    Amount(
        id="marac_crimes_disclosed",
        title="Crimes disclosed to a MARAC",
        standard=_MARAC,
        noun="crimes",
        unit="crimes",
        about="Crimes that referrals to a MARAC, or its meetings, brought to light.",
        sentence="{value} crimes were disclosed to the MARACs of {force}",
        quantity=Quantity("crimes_disclosed"),
        sources=(returned(_MARAC),),
    ),
    AmountShare(
        id="marac_crimes_recorded_in_time",
        title="Crimes disclosed to a MARAC and recorded before its meeting",
        standard=_MARAC,
        noun="crimes",
        about="Of the crimes disclosed to a MARAC, the share recorded before the meeting. Crimes recorded at the "
        "meeting or after it are late.",
        sentence="{force} had recorded {value} of the crimes disclosed to a MARAC before it met",
        better="higher",
        quantity=Quantity("crimes_recorded"),
        base=Quantity("crimes_disclosed"),
        sources=(returned(_MARAC),),
    ),
    AmountShare(
        id="marac_crimes_not_recorded",
        title="Crimes disclosed to a MARAC and not recorded",
        standard=_MARAC,
        noun="crimes",
        about="Of the crimes disclosed to a MARAC, the share that the force did not record at all.",
        sentence="{force} did not record {value} of the crimes disclosed to a MARAC",
        better="lower",
        quantity=Quantity("crimes_not_recorded"),
        base=Quantity("crimes_disclosed"),
        sources=(returned(_MARAC),),
    ),
    Share(
        id="marac_police_chaired",
        title="MARAC referrals heard under a police chair",
        standard=_MARAC,
        noun="referrals",
        about="Of the referrals whose chair is recorded, the share heard under a chair from the police. A meeting "
        "counts as often as the referrals it heard.",
        sentence="the police chaired the MARAC that heard {value} of {force} referrals",
        base=known(_MARAC, "chair"),
        of=In("chair", ("police",)),
        sources=(returned(_MARAC),),
    ),
    *(
        Share(
            id=f"marac_attended_by_{agency}",
            title=f"MARAC referrals heard with {who} present",
            standard=_MARAC,
            noun="referrals",
            about=f"Of the referrals for which it is recorded, the share at whose hearing {who} attended.",
            sentence=f"{who} attended the MARAC that heard {{value}} of {{force}} referrals",
            better="higher",
            base=Filled(f"{agency}_attended"),
            of=In(f"{agency}_attended", (True,)),
            sources=(returned(_MARAC),),
        )
        for agency, who in _AGENCIES
    ),
    Count(
        id="victim_feedback_answers",
        title="Answers of victims to surveys and feedback forms",
        standard=_FEEDBACK,
        noun="answers",
        unit="answers",
        about="Answers that victims gave. Victims who were asked and did not answer are not counted, nor complaints.",
        sentence="{force} had {value} answers from victims to its surveys and feedback forms",
        sources=(returned(_FEEDBACK),),
    ),
    Share(
        id="victim_feedback_group",
        title="Which victims gave feedback",
        standard=_FEEDBACK,
        noun="answers",
        about="The share of all answers by the group of victims they came from.",
        sentence="'{group}' was the group of victims in {value} of the answers that {force} had",
        base=EVERY,
        groups=code_groups(_FEEDBACK, "victim_group"),
        sources=(returned(_FEEDBACK),),
    ),
    *(
        Share(
            id=f"victims_satisfied_{aspect}",
            title=f"Victims satisfied with {what}",
            standard=_FEEDBACK,
            noun="answers",
            about=f"Of the victims who gave an answer, the share completely, very or fairly satisfied with {what}. "
            "Where it did not apply, the answer is left out. Those who chose to answer are no sample of all victims.",
            sentence=f"{{value}} of the victims who answered {{force}} were satisfied with {what}",
            better="higher",
            volunteered=True,
            base=known(_FEEDBACK, aspect, besides=("not_applicable",)),
            of=In(aspect, ("completely", "very", "fairly")),
            sources=(returned(_FEEDBACK),),
        )
        for aspect, what in _ASPECTS
    ),
    Share(
        id="victim_feedback_put_right",
        title="Answers of victims after which their own case was put right",
        standard=_FEEDBACK,
        noun="answers",
        about="Of the answers for which it is known, the share after which something was done in the victim's own "
        "case because of it.",
        sentence="something was put right in the victim's own case after {value} of the answers that {force} had",
        base=Filled("put_right"),
        of=In("put_right", (True,)),
        sources=(returned(_FEEDBACK),),
    ),
    Share(
        id="victim_feedback_changed_something",
        title="Answers of victims that led to a change",
        standard=_FEEDBACK,
        noun="answers",
        about="Of the answers for which it is recorded whether anything changed because of them, the share that led to "
        "a change of training, process, policy or the like.",
        sentence="{value} of the answers that {force} had from victims led to a change",
        better="higher",
        base=known(_FEEDBACK, "change"),
        of=_CHANGED,
        sources=(returned(_FEEDBACK),),
    ),
    Share(
        id="victim_feedback_told",
        title="Victims told of the change that their feedback led to",
        standard=_FEEDBACK,
        noun="answers",
        about="Of the answers that led to a change, and for which it is known, the share whose victim was told of it.",
        sentence="{force} told {value} of the victims whose feedback led to a change",
        better="higher",
        base=Both((_CHANGED, Filled("victim_told"))),
        of=In("victim_told", (True,)),
        outside="other",
        sources=(returned(_FEEDBACK),),
    ),
)
