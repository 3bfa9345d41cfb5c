"""How pressing a mail sounds, and the words that deny the next one."""

NEGATIONS = frozenset({"kein", "keine", "keinen", "keiner", "nicht", "no", "not", "never", "ohne"})

URGENT = """dringend*, eilt, eilt sehr, eilig, sehr eilig, eilauftrag, eilbestellung, asap, urgent,
    urgently, notfall, emergency, produktionsstillstand, produktionsstopp, bandstillstand,
    maschinenstillstand, stillstand der produktion, produktion steht, linie steht, line down,
    line is down, production stop*, production is down, production standstill, express, expedite,
    höchste priorität, top priority, unverzüglich, sofortige*"""
PRESSING = """schnellstmöglich*, so schnell wie möglich, umgehend*, as soon as possible,
    immediately, at your earliest convenience, letzte mahnung, final reminder, fristsetzung,
    anwalt, lawyer"""
CALM = """eilt nicht, nicht eilig, not urgent, nicht dringend, kein notfall, no rush,
    american express, expressversand möglich"""
NEWSLETTER = """newsletter, unsubscribe, abmelden, abbestellen, austragen, webinar, view in browser,
    im browser ansehen, im browser anzeigen, mailing list, opt out"""
