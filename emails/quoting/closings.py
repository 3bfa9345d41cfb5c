"""How letters open and close, in the languages of our customers."""

import re

_LENGTH = 60
_ENDS = " \t\xa0,.;!:-–—*_•\u3000，。"
_CLOSINGS = tuple(
    line.strip()
    for line in """
    mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichen gruessen|mit freundlichem gruß|mit freundlichem gruss
    mit besten grüßen|mit besten grüssen|mit besten gruessen|mit herzlichen grüßen|mit bestem gruß|mit lieben grüßen
    mit vielen grüßen|mit sonnigen grüßen|mit kollegialen grüßen|freundliche grüße|freundliche grüsse|freundlicher gruß
    freundliche gruesse|beste grüße|beste grüsse|besten gruß|bester gruß|beste gruesse|viele grüße|viele grüsse|viele gruesse
    vielen dank und freundliche grüße|vielen dank und viele grüße|vielen dank und beste grüße|danke und grüße|danke und gruß
    liebe grüße|liebe grüsse|liebe gruesse|lieben gruß|schöne grüße|schöne grüsse|herzliche grüße|herzliche grüsse|herzlichst
    herzlichen gruß|sonnige grüße|gruß|grüße|grüsse|gruesse|gruss|mfg|m.f.g|vg|lg|bg|hochachtungsvoll|schönen gruß
    einen schönen tag noch|grüezi|schönes wochenende|in freudiger erwartung|ihr |ihre
    best regards|kind regards|warm regards|warmest regards|regards|with kind regards|with best regards|many thanks and best regards
    best wishes|kindest regards|yours sincerely|sincerely yours|sincerely|yours faithfully|yours truly|cheers|thanks and regards
    thanks & regards|thank you and best regards|thank you and kind regards|all the best|best|respectfully|cordially|br|rgds|cheerio
    many thanks|with thanks|thanks in advance
    cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations distinguées|meilleures salutations
    avec mes salutations|veuillez agréer|salutations|cdlt|amicalement|bonne journée|bonne réception|bien amicalement
    saludos|un saludo|atentamente|saludos cordiales|un cordial saludo|cordialmente|reciba un cordial saludo|muchas gracias y saludos
    cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|cordialità|buona giornata|grazie e saluti
    met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groeten|groet|mvg|hartelijke groet
    atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|abraço|abraços|saudações|att
    z poważaniem|pozdrawiam|pozdrawiam serdecznie|z wyrazami szacunku|serdecznie pozdrawiam|pozdrowienia|łączę pozdrowienia
    med vänliga hälsningar|med vänlig hälsning|vänliga hälsningar|vänligen|hälsningar|mvh|bästa hälsningar
    med venlig hilsen|venlig hilsen|med venlige hilsner|hilsen|de bedste hilsner|med vennlig hilsen|vennlig hilsen|beste hilsen
    ystävällisin terveisin|terveisin|parhain terveisin|yst. terv|terv|s pozdravem|s přátelským pozdravem|hezký den|zdravím
    s pozdravom|üdvözlettel|tisztelettel|szívélyes üdvözlettel|cu stimă|cu respect|toate cele bune|o zi bună
    saygılarımla|saygılarımızla|iyi çalışmalar|selamlar|с уважением|с наилучшими пожеланиями|всего доброго|з повагою|з найкращими
    με εκτίμηση|φιλικά|ευχαριστώ|s poštovanjem|lep pozdrav|lijep pozdrav|lugupidamisega|ar cieņu|pagarbiai
    此致|祝好|顺祝商祺|谢谢|よろしくお願いいたします|宜しくお願い致します|敬具|감사합니다|드림
    """.strip().replace("|", "\n").split("\n")
)  # fmt: skip
_NEEDS_ITSELF = {
    "best", "gruß", "gruss", "grüße", "vg", "lg", "bg", "br", "att", "ihr", "ihre", "regards", "cheers",
    "many thanks", "thanks in advance", "saludos", "saluti", "groet", "hilsen", "谢谢", "ευχαριστώ",
    "감사합니다", "mfg", "mvg", "mvh", "terv", "sincerely", "all the best", "schönes wochenende",
}  # fmt: skip
"""Short words that begin sentences too: alone on their line, or with one name."""
_GREETING = re.compile(
    r"(?:hallo|hi|hey|hello|dear|guten (?:tag|morgen|abend)|moin|servus|grüezi|grüß gott|liebe[rs]?|sehr geehrte[rs]?|good (?:morning|afternoon|evening|day)"
    r"|bonjour|bonsoir|cher|chère|madame|monsieur|hola|buenos días|buenas tardes|estimad[oa]s?|buongiorno|gentile|salve|ciao|egregio|spett"
    r"|beste|geachte|goede(?:morgen|middag|ndag)?|hoi|olá|ola|bom dia|boa tarde|prezad[oa]s?|dzień dobry|szanown[ayi]\w*|witam|cześć|hej|hei|god (?:dag|morgen|morgon)"
    r"|kära|kære|kjære|hyvä|dobrý den|vážen\w+|ahoj|jó napot|tisztelt|kedves|bună|stimat\w*|merhaba|sayın|здравствуйте|добрый день|уважаем\w+"
    r"|доброго дня|шановн\w+|καλημέρα|αγαπητ\w+|您好|你好|尊敬的|お世話になっております|안녕하세요)\b[^.?!]{0,50}[.,!:，、。]{0,2}",
    re.IGNORECASE,
)
_PASSING_ON = {
    "fyi", "zur info", "zur information", "zur kenntnis", "z.k", "zk", "wg", "fw", "fwd", "see below",
    "siehe unten", "s.u", "pour info", "ter info", "per conoscenza", "para su información",
}  # fmt: skip


def is_closing(line: str) -> bool:
    """Return whether a line closes a letter: "Kind regards", perhaps with a name behind."""
    words = line[: 2 * _LENGTH].strip(_ENDS).lower()
    if not words or len(line.strip()) > _LENGTH or not words.startswith(_CLOSINGS):
        return False
    matching = max((one for one in _CLOSINGS if words.startswith(one)), key=len)
    rest = words[len(matching) :]
    if rest[:1].isalpha():
        return False
    return len(rest.split()) <= (1 if matching.strip() in _NEEDS_ITSELF else 5)


def is_greeting(line: str) -> bool:
    """Return whether a line opens a letter or only says that something is passed on."""
    words = line[: 2 * _LENGTH].strip()
    return bool(_GREETING.fullmatch(words)) or words.strip(_ENDS).lower() in _PASSING_ON
