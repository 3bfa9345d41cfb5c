"""What customers write on any day, about orders, goods and prices."""

from emails.data import Kind, Priority
from emails.simulation.scenarios.plain import Plain, an_oem, scenario, somebody

ORDERS = ("orders", "info", "sales")
LETTERS = {
    "order_change_cancel": Plain(
        Kind.ORDER_CHANGE, "orders",
        ("Stornierung Bestellung {number}",
         "leider müssen wir unsere Bestellung {number} stornieren, weil unser Kunde abgesprungen ist. Bitte bestätigen Sie die Stornierung.",
         "bitte stornieren Sie die Position {sku} aus Bestellung {number}. Der Rest bleibt wie bestellt."),
        ("Cancellation of order {number}",
         "unfortunately we have to cancel our order {number} because our own customer withdrew. Please confirm the cancellation.",
         "please cancel the line {sku} of order {number}. Everything else stays as ordered."),
        to=ORDERS,
    ),
    "order_change_address": Plain(
        Kind.ORDER_CHANGE, "orders",
        ("Neue Lieferadresse für {number}",
         "wir ziehen um: Bitte ändern Sie die Lieferadresse der Bestellung {number} auf Halle 4, Tor 7. Die Rechnungsanschrift bleibt gleich."),
        ("New delivery address for {number}",
         "we are moving: please change the delivery address of order {number} to hall 4, gate 7. The invoice address stays the same."),
        to=ORDERS,
    ),
    "order_change_postpone": Plain(
        Kind.ORDER_CHANGE, "orders",
        ("Liefertermin {number} verschieben",
         "unser Lager ist wegen Inventur geschlossen. Bitte verschieben Sie die Lieferung zu Bestellung {number} auf den {later}."),
        ("Postpone delivery of {number}",
         "our warehouse is closed for stocktaking. Please postpone the delivery of order {number} to {later}."),
        to=ORDERS,
    ),
    "order_change_mistake": Plain(
        Kind.ORDER_CHANGE, "orders",
        ("Falsche Menge bestellt ({number})",
         "da habe ich mich vertippt: In der Bestellung {number} soll die Menge bei {sku} {count} Stück sein. Bitte ändern Sie das vor dem Versand."),
        ("Wrong quantity ordered ({number})",
         "I made a mistake: in order {number} the quantity of {sku} should be {count} pieces. Please change it before you ship."),
        to=ORDERS,
    ),
    "order_status_late": Plain(
        Kind.ORDER_STATUS, "orders",
        ("Lieferung {number} überfällig",
         "unsere Bestellung {number} sollte am {before} geliefert werden und ist noch nicht angekommen. Wo bleibt die Ware?"),
        ("Delivery of {number} is late",
         "our order {number} was due on {before} and has not arrived yet. Where are the goods?"),
        to=ORDERS,
    ),
    "order_status_phone": Plain(
        Kind.ORDER_STATUS, "orders",
        ("{number}", "wann kommt die Ware? Brauchen die Knöpfe für die Messe. Gruß, vom Handy gesendet"),
        ("{number}", "when will the goods arrive? Need the buttons for the fair. Sent from my phone"),
        to=ORDERS, terse=True,
    ),
    "order_status_tracking": Plain(
        Kind.ORDER_STATUS, "orders",
        ("Sendungsnummer zu {number}?", "können Sie uns bitte die Sendungsnummer zu unserer Bestellung {number} schicken? Unser Wareneingang möchte planen."),
        ("Tracking number for {number}?", "could you please send us the tracking number for our order {number}? Our goods-in department would like to plan."),
        to=ORDERS,
    ),
    "order_status_confirmation": Plain(
        Kind.ORDER_STATUS, "orders",
        ("Rückfrage zu Bestellung {number}", "wir haben am {before} bestellt und noch nichts gehört. Ist unsere Bestellung {number} bei Ihnen angekommen, und wann wird geliefert?"),
        ("Question about our order {number}", "we ordered on {before} and have heard nothing since. Has our order {number} reached you, and when will you deliver?"),
        to=ORDERS,
    ),
    "expedite_friday": Plain(
        Kind.ORDER_STATUS, "orders",
        ("Eilt: {number}", "wir brauchen die Lieferung zu {number} dringend bis {soon}, sonst steht unsere Näherei. Lässt sich der Liefertermin vorziehen?"),
        ("Urgent: {number}", "we urgently need the delivery of {number} by {soon}, otherwise our sewing room stands still. Can the delivery date be brought forward?"),
        to=ORDERS, priority=Priority.URGENT,
    ),
    "expedite_oem": Plain(
        Kind.ORDER_STATUS, "oem1",
        ("Bandstillstand droht - Bestellung {number}", "ohne die Knöpfe {sku} steht morgen unsere Linie. Bitte beschleunigen Sie die Lieferung der Bestellung {number}; Expressversand auf unsere Kosten."),
        ("Line down risk - order {number}", "without the buttons {sku} our line is down tomorrow. Please expedite the delivery of order {number}; express freight at our cost."),
        by=an_oem, to=("oem1", "orders"), priority=Priority.URGENT,
    ),
    "quotation_samples": Plain(
        Kind.QUOTATION_REQUEST, "sales",
        ("Muster und Preise", "wir planen eine Kollektion aus Leinen und bitten um Muster von {name} sowie Ihre Preise für {count} Stück."),
        ("Samples and prices", "we are planning a linen collection and would like samples of {name} as well as your prices for {count} pieces."),
        to=("sales", "info"),
    ),
    "quotation_private": Plain(
        Kind.QUOTATION_REQUEST, "sales",
        ("Was kosten 20 Perlmuttknöpfe?", "ich nähe selbst und suche Perlmuttknöpfe in 18 mm. Was kosten 20 Stück, und gibt es eine Mindestmenge?"),
        ("How much are 20 pearl buttons?", "I sew at home and am looking for mother-of-pearl buttons of 18 mm. How much would 20 cost, and is there a minimum order quantity?"),
        by=somebody, to=("sales", "info"),
    ),
    "quotation_pricelist": Plain(
        Kind.QUOTATION_REQUEST, "sales",
        ("Aktuelle Preisliste", "bitte senden Sie uns Ihre aktuelle Preisliste und den Katalog. Gewähren Sie Mengenrabatt?"),
        ("Current price list", "please send us your current price list and catalogue. Do you grant a volume discount?"),
        to=("sales", "info"),
    ),
    "quotation_reminder": Plain(
        Kind.QUOTATION_REQUEST, "sales",
        ("Unsere Preisanfrage vom {before}", "auf unsere Preisanfrage vom {before} haben wir noch kein Angebot erhalten. Bitte nennen Sie uns Ihren Preis für {count} Stück {sku}."),
        ("Our price enquiry of {before}", "we have not received a quotation for our price enquiry of {before} yet. Please quote for {count} pieces of {sku}."),
        to=("sales", "info"), reply=True,
    ),
    "quotation_oem": Plain(
        Kind.QUOTATION_REQUEST, "oem1",
        ("RFQ {sku} - Jahresbedarf", "für das kommende Modelljahr bitten wir um ein Angebot über {count} Stück {sku} mit Staffelpreisen und Werkzeugkosten."),
        ("RFQ {sku} - annual demand", "for the coming model year please send us a quotation for {count} pieces of {sku} including price breaks and tooling cost."),
        by=an_oem, to=("oem1", "sales"), priority=Priority.HIGH,
    ),
    "technical_washing": Plain(
        Kind.TECHNICAL, "support",
        ("Waschbar bei 60 Grad?", "sind die Knöpfe {name} bei 60 Grad waschbar, und halten sie den Trockner aus?"),
        ("Washable at 60 degrees?", "are the buttons {name} washable at 60 degrees, and can they go into the tumble dryer?"),
        by=somebody, to=("support", "info"),
    ),
    "technical_certificate": Plain(
        Kind.TECHNICAL, "support",
        ("Öko-Tex und REACH für {sku}", "für unsere Unterlagen benötigen wir das Öko-Tex-Zertifikat und die REACH-Konformitätserklärung zu {sku}. Ist der Artikel nickelfrei?"),
        ("Oeko-Tex and REACH for {sku}", "for our files we need the Oeko-Tex certificate and the declaration of conformity under REACH for {sku}. Is the item nickel free?"),
        to=("support", "info"),
    ),
    "technical_shop_login": Plain(
        Kind.TECHNICAL, "support",
        ("Anmeldung im Webshop", "seit heute kann ich mich nicht mehr im Webshop anmelden, obwohl das Passwort stimmt. Es kommt nur eine Fehlermeldung."),
        ("Login to the web shop", "since today I cannot log in to the web shop although the password is right. All I get is an error message."),
        to=("support", "info"),
    ),
    "technical_interface": Plain(
        Kind.TECHNICAL, "support",
        ("Schnittstelle zu unserem ERP", "unsere Anbindung an Ihre Schnittstelle bricht seit dem Update mit einem Timeout ab. Gibt es eine Dokumentation der API?"),
        ("Interface to our ERP", "our integration with your interface aborts with a timeout since the update. Is there a documentation of the API?"),
        to=("support", "info"),
    ),
}  # fmt: skip
SCENARIOS = {name: scenario(letter) for name, letter in LETTERS.items()}
