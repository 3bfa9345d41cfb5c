"""What a courteous letter says and what it never does, German and English."""

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


SALUTATION = {
    "de": _any_of(
        "sehr geehrte[rs]?", "sehr verehrte[r]?", "guten (?:tag|morgen|abend)", "liebe[r]?"
    ),
    "en": _any_of("dear", "good (?:morning|afternoon|evening|day)"),
}
THANKS = {
    "de": _any_of(r"danke\w*", r"dank", "dankbar", "wir freuen uns", "freut uns"),
    "en": _any_of("thank you", "thanks", "grateful", "we appreciate", "much appreciated"),
}
INFORMAL = {
    "de": _any_of(
        "du",
        "dich",
        "dir",
        r"dein\w*",
        "euch",
        r"euer\w*",
        r"eure\w*",
        "hi",
        "hey",
        "okay",
        "sorry",
        "lg",
    ),
    "en": _any_of(
        "hey", "hi", "guys", "gonna", "wanna", "gotta", "yeah", "btw", "lol", "nope", "cheers"
    ),
}
BLAME = {
    "de": _any_of(
        "(?:ihr|ihre) (?:eigener? )?(?:fehler|schuld|versäumnis|versehen)",
        "sie (?:haben|hätten) (?:es )?(?:vergessen|versäumt|übersehen|falsch|nicht richtig)",
        "wie (?:bereits|schon) (?:mehrfach )?(?:gesagt|erwähnt|mitgeteilt)",
        "selbst (?:schuld|verschuldet)",
        "offensichtlich haben sie",
        "sie (?:müssen|hätten) (?:schon|doch|eben)",
        "das ist nicht unser problem",
        "unverschämt\\w*",
    ),
    "en": _any_of(
        "your (?:own )?(?:fault|mistake|error|failure)",
        "you (?:failed|forgot|neglected|should have|should know)",
        "as (?:i|we) (?:already|previously) (?:said|told you|mentioned|explained)",
        "obviously,? you",
        "you must understand",
        "(?:that is|that's) not our problem",
    ),
}
NEXT_STEP = {
    "de": _any_of(
        "wir (?:prüfen|melden|bestätigen|senden|liefern|antworten|kümmern|informieren|bearbeiten)",
        "(?:werden|wird|haben) (?:wir|unser\\w*|ihre?\\w*|sich)",
        "(?:erhalten|hören|bekommen) sie",
        "meldet sich",
        "antwortet ihnen",
        "steh(?:en|t) (?:wir )?ihnen",
        "bitte (?:senden|teilen|antworten|nennen|bestätigen|geben) sie",
    ),
    "en": _any_of(
        "we (?:will|shall|are|have)",
        "we'll",
        "you will (?:receive|hear|have|find)",
        "will (?:reply|answer|contact|write|confirm|be in touch|get back)",
        "please (?:send|let|reply|tell|confirm)",
        "at your (?:service|disposal)",
    ),
}
WHEN = {
    "de": _any_of(
        r"\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?",
        r"\d{4}-\d{2}-\d{2}",
        r"\d{1,2}\.\s?(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*",
        r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch",
        "heute",
        "morgen",
        r"innerhalb\s+(?:von\s+)?\w+",
        r"werktage?n?",
        r"\d{1,2}(?::\d{2})? uhr",
    ),
    "en": _any_of(
        r"\d{1,2}/\d{1,2}/\d{2,4}",
        r"\d{4}-\d{2}-\d{2}",
        r"(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december)\b(?: \d{1,4})?",
        "(?:mon|tues|wednes|thurs|fri|satur|sun)day",
        "today",
        "tomorrow",
        r"within\s+\w+",
        "business days?",
        "working days?",
    ),
}
CLOSING = {
    "de": re.compile(
        r"^[ \t]{0,8}(?:mit (?:freundlich\w+|herzlich\w+|best\w+|königlich\w+) gr(?:ü|ue)(?:ß|ss)en"
        r"|(?:freundliche|herzliche|beste|viele) gr(?:ü|ue)(?:ß|ss)e|hochachtungsvoll)\b.{0,40}$",
        re.IGNORECASE | re.MULTILINE,
    ),
    "en": re.compile(
        r"^[ \t]{0,8}(?:(?:kind|best|warm|with kind|with warm|with best) regards"
        r"|yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?)\b.{0,40}$",
        re.IGNORECASE | re.MULTILINE,
    ),
}
PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{[a-z_]{2,40}\}|%\([a-z_]{2,40}\)s|\[[A-ZÄÖÜ][A-ZÄÖÜ_ ]{2,40}\]"
    r"|<[A-Z_]{3,40}>|\bX{3,}\b|\bNone\b(?! of\b)|\bTODO\b|\bTBD\b|\bundefined\b|\bNaN\b|lorem ipsum",
)
CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
MARKS = re.compile(r"!{2,}|\?{2,}|!\?")
