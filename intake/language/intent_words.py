"""Words and findings that the choice of an intent looks at."""

from __future__ import annotations

# Treatments and devices: a question about them tells no symptom.
TREATED = frozenset(
    """recent_spine_procedure spine_surgery_history spinal_stimulator pain_pump implanted_device implanted_device_problem
    clot_risk steroid_use indwelling_line_history opioid_use anticoagulant pain_pump_device""".split()
)
DENIALS = frozenset(
    """no not none never without dont doesnt didnt isnt arent wasnt havent hasnt cant wont nothing neither nor deny denies
    fine normal ok okay good gone great negative free sin ni nunca well stronger better stopped clear""".split()
)
NOT = frozenset({"dont", "not", "no", "longer", "didnt", "wont", "never"})
SPANISH = frozenset(
    "me de la el en que no mi tengo duele dolor espalda con y desde los se una por para las del al".split()
)


HEALTH = frozenset(
    """pain pains hurt hurts hurting ache aches aching achy sore stiff numb tingle tingling weak weakness pee peeing poop bowel
    bladder fever cancer swollen rash dizzy faint fell pregnant period bleeding bled clean suicidal osteoporosis bones
    blood incontinent erection erections balance weight infection diabetes thinner thinners steroid steroids prednisone dolor
    duele sangre burning cramp cramps spasm walk walking sleep feel feels feeling symptoms worse better off opioid pills dose
    morphine withdrawal needle needles used user using trying sex breath chest heart leg arm foot""".split()
)
MEASURED = frozenset({"inform_pain_duration", "inform_pain_severity", "inform_pain_onset"})
SELF = frozenset({"i", "im", "ive", "my", "me", "mine", "thats", "guys"})
ELLIPSIS = 6  # words of a question that names no more than its topic
SURE = 6.0  # weight of a clear request


SYMPTOM_SITES = frozenset({"leg", "arm", "chest", "abdomen", "flank"})  # pain there is a finding of its own
NO_SYMPTOMS = frozenset({"lift_twist", "overuse", "opioid_use", "smoker_history", "spine_surgery_history"})
# Requests and small talk that have words of their own.
NAMED = frozenset(
    """cancel_appointment reschedule_appointment request_appointment request_second_opinion goodbye greet thank
    decline_to_answer unsure bot_challenge""".split()
)
