"""Mail that nobody should answer: newsletters, absence notes, bounces, spam."""

from emails.data import Kind, Priority
from emails.simulation.cast import Scene, Writer
from emails.simulation.drafts import Draft, Scenario, compose, expect, signature
from emails.simulation.wording import day

NEWSLETTERS = (
    Writer("Textil & Trend", "newsletter@textil-trend.example"),
    Writer("Fashion Supply Weekly", "news@fashion-supply.example"),
    Writer("IHK Rundschau", "rundschau@kammer-news.example"),
)
SPAMMERS = (
    Writer("Prize Department", "winner@lucky-prize.example"),
    Writer("Dr. James Okoro", "transfer.office@fast-funds.example"),
    Writer("SEO Rank Experts", "offers@rank-one-now.example"),
)


def newsletter(scene: Scene) -> Draft:
    writer = scene.pick(NEWSLETTERS)
    subject = scene.say(
        ("Newsletter: Farben der Saison", "Branchennews der Woche", "Einladung zur Messe: jetzt Tickets sichern"),
        ("Newsletter: colours of the season", "Industry news of the week", "Trade fair invitation: get your tickets"),
    )  # fmt: skip
    text = scene.say(
        ("die Farben der kommenden Saison sind warm und erdig. Lesen Sie in unserem Newsletter, welche Trends die Branche bewegen.\n\nSie möchten diesen Newsletter nicht mehr erhalten? Hier abmelden: https://textil-trend.example/abmelden",),
        ("the colours of the coming season are warm and earthy. Read in our newsletter which trends move the industry.\n\nNo longer interested? Unsubscribe here: https://fashion-supply.example/unsubscribe",),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "sales"),
        subject=subject,
        text=f"{text[0].upper()}{text[1:]}",
        headers={
            "List-Unsubscribe": f"<https://{writer.domain}/unsubscribe>, <mailto:off@{writer.domain}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"{writer.name.replace('&', 'und')} <list.{writer.domain}>",
            "Precedence": "bulk",
        },
        expected=_unanswered(),
    )


def vacation(scene: Scene) -> Draft:
    writer = scene.writer(scene.customer())
    back = day(scene.workday(scene.dice.randint(3, 12)), scene.language)
    subject = scene.say(
        ("Automatische Antwort: Ihre Nachricht", "Abwesenheitsnotiz", "Abwesend bis zum " + back),
        ("Automatic reply: your message", "Out of office", f"Away until {back}"),
    )
    text = scene.say(
        (f"Vielen Dank für Ihre Nachricht. Ich bin bis zum {back} nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.",),
        (f"Thank you for your message. I am out of the office until {back}. Your mail will not be forwarded.",),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "orders", "sales"),
        subject=subject,
        text=f"{text}\n\n{signature(scene, writer)}",
        headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        null_sender=True,
        expected=_unanswered(),
    )


def spam(scene: Scene) -> Draft:
    writer = scene.pick(SPAMMERS)
    subject = scene.say(
        ("SIE HABEN GEWONNEN!!!", "Kredit ohne Schufa - sofort", "Platz 1 bei Google garantiert", "Geheimer Bitcoin-Trick"),
        ("YOU ARE A WINNER!!!", "Instant loan without credit check", "Guaranteed no. 1 on Google", "Secret bitcoin trick"),
    )  # fmt: skip
    text = scene.say(
        (
            "Herzlichen Glückwunsch! Sie haben in unserer Lotterie 850.000 Euro gewonnen. Klicken Sie jetzt und nennen Sie uns Ihre Bankdaten: http://lucky-prize.example/gewinn",
            "Verdienen Sie garantiert 5.000 Euro pro Woche mit Bitcoin von zu Hause aus. Kein Risiko! Jetzt klicken: http://fast-funds.example",
        ),
        (
            "Congratulations! You have won 850,000 dollars in our lottery. Click here now and send us your bank details: http://lucky-prize.example/claim",
            "Earn 5,000 dollars a week guaranteed with bitcoin from home. No risk! Act now, click here: http://fast-funds.example",
        ),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info"),
        subject=subject,
        text=compose(scene, writer, text),
        expected=_unanswered(Kind.SPAM),
    )


def bounce(scene: Scene) -> Draft:
    customer = scene.customer()
    lost = scene.writer(customer).address
    domain = lost.rpartition("@")[2]
    writer = Writer("Mail Delivery System", f"mailer-daemon@{domain}")
    subject = scene.say(
        ("Unzustellbar: Ihre Nachricht", "Undelivered Mail Returned to Sender"),
        ("Undelivered Mail Returned to Sender", "Delivery Status Notification (Failure)"),
    )
    text = scene.say(
        (f"Ihre Nachricht konnte nicht zugestellt werden.\n\n<{lost}>: 550 5.1.1 Empfänger unbekannt",),
        (f"Your message could not be delivered.\n\n<{lost}>: 550 5.1.1 user unknown",),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "orders"),
        subject=subject,
        text=text,
        headers={"Auto-Submitted": "auto-replied"},
        null_sender=True,
        status={
            "Final-Recipient": f"rfc822; {lost}",
            "Action": "failed",
            "Status": "5.1.1",
            "Diagnostic-Code": "smtp; 550 5.1.1 user unknown",
        },
        expected=_unanswered(),
    )


def _unanswered(kind: Kind | None = None) -> dict[str, object]:
    return expect(kind, "", priority=Priority.LOW, auto_reply=False)


SCENARIOS = {
    "newsletter": Scenario(newsletter, 3),
    "vacation": Scenario(vacation, 3),
    "spam": Scenario(spam, 4),
    "bounce": Scenario(bounce, 1),
}
