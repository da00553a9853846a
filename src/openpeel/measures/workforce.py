"""The workforce: who is in post and trained, how people are supported, why they leave, and what they say."""

from __future__ import annotations

from openpeel.measures.amounts import Amount, AmountRate, Mean
from openpeel.measures.breakdown import code_groups, ethnic_groups, known, returned
from openpeel.measures.conditions import EVERY, Blank, Both, Condition, Filled, In, Quantity
from openpeel.measures.measure import PER_1000, Count, Group, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_POST = "workforce"
_FTE = "workforce_fte"
_SCREENING = "wellbeing_screening"
_TRAUMA = "trauma_referral"
_RETENTION = "retention_referral"
_LEAVER = "exit_interview"
_PROGRESSION = "progression"
_TRAINING = "training"
_SURVEY = "survey_response"

_TRAINED = In("trained", (True,))
_LEADERS: Condition = Both((In("course", ("first_line_leader",)), In("rank", ("sergeant",))))
_DECIDED = In("outcome", ("successful", "unsuccessful"))
_YES = In("answer", ("Yes", "yes"))
_NO = In("answer", ("No", "no"))
_CAUTION = (
    "Whoever wished answered, so it speaks of those who did and not of the workforce; it has no interval, and no grade "
    "stands on it."
)
#: The ids of the survey's questions, which are ours: of each reason or way, one question answered yes or no.
_REPORTED = (
    ("not", "Not reported", "reported: not"),
    ("formally", "Reported formally", "reported: formally"),
    ("informally", "Reported informally", "reported: informally"),
)
_WHY_NOT = (
    ("troublemaker", "Concern about being labelled as a troublemaker", "not reported: troublemaker"),
    ("nothing", "Thought that nothing would happen", "not reported: nothing would happen"),
)


def _question(question: str) -> Condition:
    return In("question", (question,))


def _said_yes(*questions: tuple[str, str, str]) -> tuple[Group, ...]:
    return tuple(Group(key, title, Both((_question(question), _YES))) for key, title, question in questions)


_YES_OR_NO = (Group("yes", "Yes", _YES), Group("no", "No", _NO))

MEASURES: tuple[Measure, ...] = (
    Count(
        id="people_in_post",
        title="People in post",
        standard=_POST,
        noun="people",
        unit="people",
        about="Officers, staff and community support officers in post at the end of the period, each as one however "
        "many hours they work. Special constables and other volunteers are not counted.",
        sentence="{force} had {value} people in post at the end of the period",
        stock=True,
        sources=(returned(_POST),),
    ),
    Amount(
        id="full_time_equivalent",
        title="Full-time equivalent in post",
        standard=_POST,
        noun="people",
        unit="full-time equivalent",
        about="People in post at the end of the period, each counted as the part of full time that they work.",
        sentence="{force} had a full-time equivalent of {value} people in post at the end of the period",
        quantity=Quantity("fte", Filled("fte")),  # of people counted without it there is no sum, not one of 0
        stock=True,
        sources=(returned(_POST),),
    ),
    Rate(
        id="officers_per_1000",
        title="Police officers per 1,000 population",
        standard=_POST,
        noun="officers",
        about="Police officers in post at the end of the period, for every 1,000 people who live in the force area.",
        sentence="{force} had {value} police officers per 1,000 population at the end of the period",
        of=In("worker_type", ("officer",)),
        stock=True,
        sources=(returned(_POST), MID_YEAR_ESTIMATES),
    ),
    Amount(
        id="workforce_fte",
        title="Full-time equivalents by type of worker",
        standard=_FTE,
        noun="full-time equivalents",
        unit="full-time equivalent",
        about="The full-time equivalent of the people in post at the end of the period, by type of worker, as it was "
        "published or returned without a number of people.",
        sentence="{force} had a full-time equivalent of {value} of the type '{group}' at the end of the period",
        quantity=Quantity("fte"),
        groups=code_groups(_FTE, "worker_type")[:4],
        stock=True,
        sources=(returned(_FTE),),
    ),
    AmountRate(
        id="officers_fte_per_1000",
        title="Police officers, full-time equivalent, per 1,000 population",
        standard=_FTE,
        noun="full-time equivalents",
        unit=PER_1000,
        about="The full-time equivalent of the police officers in post at the end of the period, for every 1,000 "
        "people who live in the force area.",
        sentence="{force} had a full-time equivalent of {value} police officers per 1,000 population at the end of the "
        "period",
        quantity=Quantity("fte", In("worker_type", ("officer",))),
        stock=True,
        sources=(returned(_FTE), MID_YEAR_ESTIMATES),
    ),
    Share(
        id="workforce_gender",
        title="People in post by gender",
        standard=_POST,
        noun="people",
        about="The share of people in post at the end of the period by gender as recorded.",
        sentence="gender was '{group}' for {value} of the people in post at {force} at the end of the period",
        base=EVERY,
        groups=code_groups(_POST, "gender"),
        stock=True,
        sources=(returned(_POST),),
    ),
    Share(
        id="workforce_ethnicity",
        title="People in post by ethnicity",
        standard=_POST,
        noun="people",
        about="The share of people in post at the end of the period by self-defined ethnic group.",
        sentence="self-defined ethnicity was '{group}' for {value} of the people in post at {force} at the end of the "
        "period",
        base=EVERY,
        groups=ethnic_groups("ethnicity"),
        stock=True,
        sources=(returned(_POST),),
    ),
    Count(
        id="people_by_unit",
        title="People in post by unit",
        standard=_POST,
        noun="people",
        unit="people",
        about="People in post at the end of the period by the unit in which they work, each as one however many hours "
        "they work. Forces divide themselves differently, so a small unit may be part of a large one elsewhere.",
        sentence="unit was '{group}' for {value} of the people in post at {force} at the end of the period",
        groups=code_groups(_POST, "unit"),
        stock=True,
        sources=(returned(_POST),),
    ),
    Count(
        id="wellbeing_champions",
        title="Well-being champions",
        standard=_POST,
        noun="champions",
        unit="champions",
        about="People in post at the end of the period who are well-being champions.",
        sentence="{force} had {value} well-being champions at the end of the period",
        of=In("champion", (True,)),
        stock=True,
        sources=(returned(_POST),),
    ),
    Share(
        id="screening_done",
        title="Psychological screenings due that were done",
        standard=_SCREENING,
        noun="screenings",
        about="Of all screenings that fell due for people in roles of high risk, the share done, late or not. One that "
        "was declined has no month in which it was done, and is not.",
        sentence="{force} had done {value} of the psychological screenings that fell due",
        better="higher",
        base=EVERY,
        of=Filled("done_in"),
        sources=(returned(_SCREENING),),
    ),
    Count(
        id="screening_not_done_role",
        title="Psychological screenings not done, by role",
        standard=_SCREENING,
        noun="screenings",
        unit="screenings",
        about="Screenings that fell due in the period and were not done, by the role they are for.",
        sentence="{force} had not done {value} of the psychological screenings due for the role '{group}'",
        better="lower",
        of=Blank("done_in"),
        groups=code_groups(_SCREENING, "role"),
        sources=(returned(_SCREENING),),
    ),
    Share(
        id="screening_signs_of_trauma",
        title="Psychological screenings that found signs of trauma",
        standard=_SCREENING,
        noun="screenings",
        about="Of the screenings with a result, the share that found signs of trauma. Those declined have none.",
        sentence="{value} of {force} psychological screenings found signs of trauma",
        base=known(_SCREENING, "result", besides=("declined",)),
        of=In("result", ("signs_of_trauma",)),
        sources=(returned(_SCREENING),),
    ),
    Share(
        id="screening_contacted",
        title="Signs of trauma after which occupational health made contact",
        standard=_SCREENING,
        noun="screenings",
        about="Of the screenings that found signs of trauma, and for which it is known, the share after which "
        "occupational health contacted the person.",
        sentence="occupational health made contact after {value} of the {force} screenings that found signs of trauma",
        better="higher",
        base=Both((In("result", ("signs_of_trauma",)), Filled("contacted"))),
        of=In("contacted", (True,)),
        outside="other",
        sources=(returned(_SCREENING),),
    ),
    Share(
        id="trim_offered",
        title="People in traumatic incidents who were offered TRiM",
        standard=_TRAUMA,
        noun="people",
        about="Of the people in a potentially traumatic incident for whom it is known, the share offered trauma risk "
        "management.",
        sentence="{force} offered trauma risk management to {value} of the people in a potentially traumatic incident",
        better="higher",
        base=Filled("offered"),
        of=In("offered", (True,)),
        sources=(returned(_TRAUMA),),
    ),
    Count(
        id="trim_not_offered_role",
        title="People in traumatic incidents not offered TRiM, by role",
        standard=_TRAUMA,
        noun="people",
        unit="people",
        about="People in a potentially traumatic incident who were not offered trauma risk management, by their role.",
        sentence="{force} did not offer trauma risk management to {value} people in the role '{group}'",
        better="lower",
        of=In("offered", (False,)),
        groups=code_groups(_TRAUMA, "role"),
        sources=(returned(_TRAUMA),),
    ),
    Share(
        id="trim_accepted",
        title="Offers of TRiM that were taken up",
        standard=_TRAUMA,
        noun="people",
        about="Of the people offered trauma risk management, and for whom it is known, the share who took it up. It is "
        "voluntary.",
        sentence="{value} of the people to whom {force} offered trauma risk management took it up",
        base=Both((In("offered", (True,)), Filled("accepted"))),
        of=In("accepted", (True,)),
        outside="other",
        sources=(returned(_TRAUMA),),
    ),
    Mean(
        id="trim_days_to_offer",
        title="Days from a traumatic incident to the offer of TRiM",
        standard=_TRAUMA,
        noun="people",
        unit="days",
        about="The mean number of days from the incident to the offer, over the offers for which it is known.",
        sentence="{force} offered trauma risk management {value} days after the incident on average",
        better="lower",
        quantity=Quantity("days_to_offer", In("offered", (True,))),
        over=Both((In("offered", (True,)), Filled("days_to_offer"))),
        sources=(returned(_TRAUMA),),
    ),
    Count(
        id="retention_referrals",
        title="Referrals to the retention team",
        standard=_RETENTION,
        noun="referrals",
        unit="referrals",
        about="People thinking of leaving who were referred, or came, to the retention team. It is not everybody who "
        "thinks of leaving.",
        sentence="the retention team of {force} received {value} referrals",
        sources=(returned(_RETENTION),),
    ),
    Share(
        id="retention_stayed",
        title="People referred to the retention team who stayed",
        standard=_RETENTION,
        noun="referrals",
        about="Of the people referred to the retention team who have stayed or left, the share who stayed. Those not "
        "yet decided are left out, which is ours. They might have stayed without the team.",
        sentence="{value} of the people referred to the retention team of {force}, and since decided, stayed",
        better="higher",
        base=In("outcome", ("stayed", "left")),
        of=In("outcome", ("stayed",)),
        sources=(returned(_RETENTION),),
    ),
    Share(
        id="retention_source",
        title="Where referrals to the retention team came from",
        standard=_RETENTION,
        noun="referrals",
        about="The share of all referrals to the retention team by where they came from.",
        sentence="'{group}' was where {value} of the referrals to the retention team of {force} came from",
        base=EVERY,
        groups=code_groups(_RETENTION, "came_from"),
        sources=(returned(_RETENTION),),
    ),
    Count(
        id="leavers",
        title="People who left",
        standard=_LEAVER,
        noun="leavers",
        unit="people",
        about="People who left the force in the period, in whatever way.",
        sentence="{value} people left {force}",
        sources=(returned(_LEAVER),),
    ),
    Share(
        id="leavers_resigned",
        title="Leavers who resigned",
        standard=_LEAVER,
        noun="leavers",
        about="Of the people who left in a known way, the share who resigned of their own will. Transfers to other "
        "forces are not resignations.",
        sentence="{value} of the people who left {force} resigned",
        better="lower",
        base=known(_LEAVER, "kind"),
        of=In("kind", ("resignation",)),
        sources=(returned(_LEAVER),),
    ),
    Share(
        id="exit_interviews_held",
        title="Leavers with whom an exit interview was held",
        standard=_LEAVER,
        noun="leavers",
        about="Of the people who left, and for whom it is recorded, the share with whom an exit interview was held. A "
        "questionnaire is none.",
        sentence="{force} held an exit interview with {value} of the people who left",
        better="higher",
        base=known(_LEAVER, "interview"),
        of=In("interview", ("held",)),
        sources=(returned(_LEAVER),),
    ),
    Share(
        id="leaving_reason",
        title="Why people left",
        standard=_LEAVER,
        noun="leavers",
        about="The share of all who left by the main reason they gave. Those who gave none are a group of their own.",
        sentence="'{group}' was the main reason of {value} of the people who left {force}",
        base=EVERY,
        groups=code_groups(_LEAVER, "reason"),
        sources=(returned(_LEAVER),),
    ),
    Share(
        id="leaving_service",
        title="Length of service at which people left",
        standard=_LEAVER,
        noun="leavers",
        about="The share of all who left by length of service. It says when people leave, not how likely they are to.",
        sentence="length of service was '{group}' for {value} of the people who left {force}",
        base=EVERY,
        groups=code_groups(_LEAVER, "service_band"),
        sources=(returned(_LEAVER),),
    ),
    Share(
        id="progression_supported_successful",
        title="Applications with positive action support that succeeded",
        standard=_PROGRESSION,
        noun="applications",
        about="Of the applications decided whose applicant the positive action team supported, the share successful.",
        sentence="{value} of the applications that the positive action team of {force} supported succeeded",
        better="higher",
        base=Both((In("supported", (True,)), _DECIDED)),
        of=In("outcome", ("successful",)),
        outside="other",
        sources=(returned(_PROGRESSION),),
    ),
    Share(
        id="progression_other_successful",
        title="Applications without positive action support that succeeded",
        standard=_PROGRESSION,
        noun="applications",
        about="Of the applications decided whose applicant the positive action team did not support, the share "
        "successful. Whoever seeks support differs from others, so the two shares do not measure what it did.",
        sentence="{value} of the applications that the positive action team of {force} did not support succeeded",
        base=Both((In("supported", (False,)), _DECIDED)),
        of=In("outcome", ("successful",)),
        outside="other",
        sources=(returned(_PROGRESSION),),
    ),
    Share(
        id="progression_source",
        title="Where referrals to the positive action team came from",
        standard=_PROGRESSION,
        noun="referrals",
        about="The share of all whom the positive action team supported by where the referral came from.",
        sentence="'{group}' was where {value} of the referrals to the positive action team of {force} came from",
        base=In("supported", (True,)),
        outside="other",
        groups=code_groups(_PROGRESSION, "came_from"),
        sources=(returned(_PROGRESSION),),
    ),
    Share(
        id="promotion_gender",
        title="Applicants for promotion by gender",
        standard=_PROGRESSION,
        noun="applications",
        about="The share of all applications for promotion by the gender of the applicant as recorded.",
        sentence="gender was '{group}' for {value} of the applicants for promotion at {force}",
        base=In("kind", ("promotion",)),
        outside="other",
        groups=code_groups(_PROGRESSION, "gender"),
        sources=(returned(_PROGRESSION),),
    ),
    Share(
        id="promotion_ethnicity",
        title="Applicants for promotion by ethnicity",
        standard=_PROGRESSION,
        noun="applications",
        about="The share of all applications for promotion by the self-defined ethnic group of the applicant.",
        sentence="self-defined ethnicity was '{group}' for {value} of the applicants for promotion at {force}",
        base=In("kind", ("promotion",)),
        outside="other",
        groups=ethnic_groups("ethnicity"),
        sources=(returned(_PROGRESSION),),
    ),
    Share(
        id="sergeants_trained",
        title="Sergeants trained as first-line leaders",
        standard=_TRAINING,
        noun="sergeants",
        about="Of the sergeants who need first-line leader training, and for whom it is known, the share who had had "
        "it as it stood at the end of the period. A list handed in twice in the last month counts twice.",
        sentence="{value} of {force} sergeants had received first-line leader training at the end of the period",
        better="higher",
        base=Both((_LEADERS, Filled("trained"))),
        of=_TRAINED,
        outside="other",
        stock=True,
        sources=(returned(_TRAINING),),
    ),
    Count(
        id="sergeants_trained_status",
        title="Sergeants trained as first-line leaders, by how they hold the rank",
        standard=_TRAINING,
        noun="sergeants",
        unit="sergeants",
        about="Sergeants who had received first-line leader training as it stood at the end of the period, by whether "
        "they were substantive, temporary or acting.",
        sentence="how the rank is held was '{group}' for {value} of the {force} sergeants who had been trained",
        better="higher",
        of=Both((_LEADERS, _TRAINED)),
        groups=code_groups(_TRAINING, "rank_status"),
        stock=True,
        sources=(returned(_TRAINING),),
    ),
    Count(
        id="sergeants_untrained_status",
        title="Sergeants in role untrained, by how they hold the rank",
        standard=_TRAINING,
        noun="sergeants",
        unit="sergeants",
        about="Sergeants who had not received first-line leader training as it stood at the end of the period, by "
        "whether they were substantive, temporary or acting.",
        sentence="how the rank is held was '{group}' for {value} of the {force} sergeants who had not been trained",
        better="lower",
        of=Both((_LEADERS, In("trained", (False,)))),
        groups=code_groups(_TRAINING, "rank_status"),
        stock=True,
        sources=(returned(_TRAINING),),
    ),
    Count(
        id="people_trained",
        title="People trained for their role, by course",
        standard=_TRAINING,
        noun="people",
        unit="people",
        about="People in a role who need a course and had had it as it stood at the end of the period, by course. "
        "Somebody with two courses is in both groups.",
        sentence="{force} had trained {value} people in the course '{group}'",
        better="higher",
        of=_TRAINED,
        groups=code_groups(_TRAINING, "course"),
        stock=True,
        sources=(returned(_TRAINING),),
    ),
    Count(
        id="survey_respondents",
        title="Respondents to the workforce survey",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about="People who answered whether they felt discriminated against at work, which everybody is asked. "
        f"{_CAUTION}",
        sentence="{value} people at {force} answered whether they had felt discriminated against",
        of=Both((_question("discriminated"), Filled("answer"))),
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_discriminated",
        title="Felt discriminated against at work in the last 12 months",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about=f"Respondents by whether they had felt discriminated against at work in the last 12 months. {_CAUTION}",
        sentence="{value} respondents at {force} answered '{group}' when asked whether they had felt discriminated "
        "against at work in the last 12 months",
        of=_question("discriminated"),
        groups=_YES_OR_NO,
        sources=(returned(_SURVEY),),
    ),
    Share(
        id="survey_discriminated_share",
        title="Share that felt discriminated against at work in the last 12 months",
        standard=_SURVEY,
        noun="respondents",
        about="Of the respondents who answered whether they had felt discriminated against at work in the last 12 "
        f"months, the share that had. {_CAUTION}",
        sentence="{value} of the respondents at {force} had felt discriminated against at work in the last 12 months",
        better="lower",
        base=Both((_question("discriminated"), Filled("answer"))),
        of=_YES,
        outside="other",
        volunteered=True,
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_reporting_answered",
        title="Said whether they had reported the discrimination",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about="Respondents who had felt discriminated against and answered whether they reported it; those who left "
        f"the question out are not counted. {_CAUTION}",
        sentence="{value} respondents at {force} who had felt discriminated against said whether they reported it",
        of=Both((_question("reported: not"), Filled("answer"))),
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_reported",
        title="How the discrimination was reported",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about="Respondents who had felt discriminated against by whether and how they reported it. Whoever did so "
        f"formally and informally is in both groups. {_CAUTION}",
        sentence="'{group}' was what {value} respondents at {force} who had felt discriminated against said",
        groups=_said_yes(*_REPORTED),
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_action_taken",
        title="Said whether action had been taken",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about=f"Respondents who had reported discrimination by whether they said action had been taken. {_CAUTION}",
        sentence="{value} respondents at {force} who had reported discrimination answered '{group}' when asked whether "
        "action had been taken",
        of=_question("action taken"),
        groups=_YES_OR_NO,
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_not_reported_why",
        title="Why the discrimination was not reported",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about="Respondents who had not reported the discrimination by reason; whoever had two is in both groups. "
        f"{_CAUTION}",
        sentence="'{group}' was a reason for {value} respondents at {force} who had not reported discrimination",
        groups=_said_yes(*_WHY_NOT),
        sources=(returned(_SURVEY),),
    ),
    Count(
        id="survey_manager_training",
        title="Line managers who received the training they need",
        standard=_SURVEY,
        noun="respondents",
        unit="respondents",
        about="Line managers who responded by whether they said they had received the training needed for their role. "
        f"{_CAUTION}",
        sentence="{value} line managers at {force} answered '{group}' when asked whether they had received the "
        "training needed for their role",
        of=Both((_question("manager training"), In("line_manager", (True,)))),
        groups=_YES_OR_NO,
        sources=(returned(_SURVEY),),
    ),
    Share(
        id="survey_manager_training_share",
        title="Share of line managers who received the training they need",
        standard=_SURVEY,
        noun="respondents",
        about="Of the line managers who answered whether they had received the training needed for their role, the "
        f"share that had. {_CAUTION}",
        sentence="{value} of the line managers at {force} who answered had received the training needed for their role",
        better="higher",
        base=Both((_question("manager training"), In("line_manager", (True,)), Filled("answer"))),
        of=_YES,
        outside="other",
        volunteered=True,
        sources=(returned(_SURVEY),),
    ),
)
