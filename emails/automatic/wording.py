"""The words of mail that machines write in people's names: in small letters."""

from emails.vocabulary import listed

CERTAIN_TITLES = listed("""
abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsmeldung|abwesenheitsassistent|abwesenheitsinfo|abwesenheitsbenachrichtigung
abwesenheitshinweis|abwesenheitsmitteilung|automatische antwort|automatische rückantwort|automatische rueckantwort|automatische abwesenheit
automatische e-mail-antwort|automatische eingangsbestätigung|automatische empfangsbestätigung|autoantwort|auto-antwort|urlaubsnotiz|urlaubsbenachrichtigung
automatic reply|automated reply|automated response|automatic response|autoreply|auto-reply|auto reply|autoresponse|auto-response|auto response
autoresponder|out of office autoreply|out of office reply|out of office message|out of office notification|out of office auto|out-of-office reply
out-of-office message|vacation reply|vacation message|vacation response|vacation autoreply|réponse automatique|message d'absence|reponse automatique
avis d'absence|notification d'absence|respuesta automática|respuesta automatica|aviso de ausencia|risposta automatica|messaggio di assenza|avviso di assenza
automatisch antwoord|automatische beantwoording|afwezigheidsbericht|afwezigheidsmelding|resposta automática|resposta automatica|aviso de ausência
odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|automatiskt svar|autosvar|frånvaromeddelande|automatisk svar|fraværsmelding|fraværsbesked
automaattinen vastaus|poissaoloviesti|automaattivastaus|automatická odpověď|automatická odpoveď|automatikus válasz|răspuns automat|otomatik yanıt
otomatik cevap|автоответ|автоматический ответ|автовідповідь|автоматична відповідь|αυτόματη απάντηση|automatski odgovor|samodejni odgovor|automatinis atsakymas
automaatvastus|automātiskā atbilde|自动回复|自動回覆|自動応答|自動返信|자동 회신|자동 응답
""")
TITLES = listed("""
betriebsferien|betriebsurlaub|werksferien|company holidays|annual closure|fermeture annuelle|cierre por vacaciones|chiusura estiva|chiusura per ferie|abwesend|abwesenheit|nicht im büro|nicht im buero|außer haus|ausser haus|urlaubsabwesenheit|out of office|out of the office|out-of-office
out-of-the-office|ooo|away from the office|away|on vacation|on holiday|on leave|on annual leave|vacation|absence du bureau|absent du bureau|absente du bureau
absence|fuera de la oficina|fuera de oficina|ausencia|ausente|fuori ufficio|fuori sede|assenza|afwezig|afwezigheid|niet aanwezig|fora do escritório|ausência
ausência temporária|poza biurem|nieobecność|nieobecny|frånvaro|frånvarande|fravær|fraværende|ikke på kontoret|poissa|poissaolo|nepřítomnost|mimo kancelář
házon kívül|în afara biroului|ofis dışında|нет на месте|вне офиса|отсутствую|不在|부재중
""")
ABSENT = listed("""
nicht im büro|nicht im buero|nicht im haus|nicht im dienst|nicht am platz|nicht am arbeitsplatz|außer haus|ausser haus|abwesend|im urlaub|in urlaub|in elternzeit
im mutterschutz|in mutterschutz|nicht erreichbar|nicht zu erreichen|auf dienstreise|auf geschäftsreise|auf reisen|betriebsferien|betriebsurlaub|krankheitsbedingt
büro ist geschlossen|büro geschlossen|büro ist vom|bleibt geschlossen|haben wir geschlossen|nicht mehr im unternehmen|nicht mehr bei|unternehmen verlassen|nicht mehr für
arbeite ich nicht|nicht anwesend|erst ab dem|wieder im büro|wieder erreichbar|derzeit nicht|zur zeit nicht|zurzeit nicht|freizeitausgleich
out of the office|out of office|out-of-office|i'm ooo|am ooo|on vacation|on holiday|on annual leave|on leave|parental leave|maternity leave|paternity leave|sick leave|away from
i am away|i'm away|i will be away|i'll be away|currently away|currently out|not in the office|be out until|away on business|on a business trip|travelling|traveling
office is closed|office will be closed|offices are closed|we are closed|no longer with|no longer work|left the company|limited access to|away until|be offline
absent|en congé|en conge|en vacances|en déplacement|hors du bureau|fermé|fuera de la oficina|fuera de oficina|de vacaciones|ausente|de baja|fuori ufficio|assente|in ferie|fuori sede
non sono in ufficio|afwezig|niet op kantoor|met vakantie|op vakantie|niet aanwezig|met verlof|niet bereikbaar|fora do escritório|de férias|nieobecn|na urlopie|poza biurem
inte på kontoret|semester|tjänstledig|frånvarande|föräldraledig|ikke på kontoret|ikke på kontor|på ferie|har ferie|holder ferie|fraværende|poissa|lomalla|en ole tavoitettavissa
mimo kancelář|na dovolené|na dovolenke|nepřítomn|neprítomn|nem vagyok az irodában|szabadság|házon kívül|nu sunt la birou|în concediu|nu voi fi la birou|ofis dışında|izinde|yıllık izin|нет в офисе
в отпуске|отсутств|у відпустці|відсутн|εκτός γραφείου|σε άδεια|na godišnjem|na dopustu|不在|休暇|休假|外出|부재중|휴가
""")
DEPUTIES = listed("""
dringenden|dringender|dringende|eiligen|eilige|wenden sie sich|wende dich|kontaktieren sie|meine vertretung|meiner vertretung|vertritt mich|vertreten|meine kollegin|meiner kollegin
meinen kollegen|meinem kollegen|mein kollege|meine kollegen|meine kolleg|unsere zentrale|hilft ihnen|helfen ihnen|urgent|please contact|please reach|please email|please call|contact my|in my absence
my colleague|for assistance|immediate assistance|en cas d'urgence|veuillez contacter|merci de contacter|vous pouvez contacter|vous adresser|en caso de|contactar|contacte|in caso di|contattare|rivolgersi|dringende gevallen
contact opnemen|neem contact|em caso de|contacte|pilnych|proszę o kontakt|brådskande|kontakta|haster|kontakt|kiireell|ota yhteyttä|naléhav|kontaktujte|sürgős|forduljon|urgențe|acil|срочн|обращайтесь|терміново|お急ぎ|紧急|急事
""")
UNREAD = listed("""
zurückkehre|wieder zurück|delay in my|delayed response|may be delayed|slow to respond|à notre retour|a nuestra vuelta|nostro ritorno|riapertura|dostęp do poczty|begränsad tillgång|begrænset adgang|返信が遅|回复可能|derzeit nicht bearbeiten
nicht weitergeleitet|nicht automatisch weitergeleitet|wird weitergeleitet|nicht gelesen|keinen zugriff|eingeschränkt|unregelmäßig|nach meiner rückkehr|nach meinem urlaub|bei meiner rückkehr
nach rückkehr|werde ich beantworten|werde ihre|beantworte ich|beantworten werde|bearbeite ich|werde mich|melde mich|umgehend melden|so bald wie möglich|schnellstmöglich|not be forwarded|no access|limited access|not be read
intermittent|sporadic|limited email|check email|checking email|checking my|upon my return|on my return|when i return|when i get back|when i am back|after i return|will respond|will reply|get back to you|respond to your|reply to your
à mon retour|dès mon retour|a mi regreso|a mi vuelta|al mio rientro|al mio ritorno|bij terugkomst|na mijn|no meu regresso|po powrocie|när jag är|når jeg er|palattuani|po návratu|visszatér|la întoarcere|dönüşüm|по возвращении|после возвращения
""")
BY_MACHINE = listed("""
automatische antwort|automatische nachricht|automatische e-mail|automatische mail|automatisch generiert|automatisch erstellt|automatisch erzeugt|automatisch versendet|automatisch verschickt|automatisierte
automatisch generierte|automatische bestätigung|automatische eingangs|automatische empfangs|nicht auf diese|bitte antworten sie nicht|automated response|automated reply|automated message|automated email|automated e-mail
automatic response|automatic reply|automatic message|automatically generated|auto-generated|auto-reply|autoreply|auto reply|auto-response|autoresponse|do not reply|do not respond|not monitored|unmonitored|awaits moderator approval
réponse automatique|message automatique|généré automatiquement|ne pas répondre|respuesta automática|mensaje automático|no responda|risposta automatica|messaggio automatico|non rispondere|automatisch antwoord|automatisch bericht|automatisch gegenereerd
resposta automática|mensagem automática|não responda|automatyczna|wygenerowan|automatiskt|automatisk|automaattinen|automatick|automatikus|răspuns automat|mesaj automat|otomatik|автоматическ|автоответ|автоматичн|自动回复|自動返信|自動応答|자동
""")
ACKNOWLEDGED = listed("""
ihre anfrage erhalten|ihre nachricht erhalten|ihre e-mail erhalten|ihre mail erhalten|ihre email erhalten|ihre meldung erhalten|ihr anliegen erhalten|ihr schreiben erhalten|anfrage ist bei uns eingegangen
nachricht ist bei uns eingegangen|e-mail ist bei uns eingegangen|mail ist bei uns eingegangen|anliegen ist bei uns eingegangen|ist bei uns eingegangen|bei uns eingegangen|eingang ihrer|ticket wurde|ticket erstellt|ticket angelegt
ticket eröffnet|neues ticket|eingangsbestätigung|vielen dank für ihre anfrage|vielen dank für ihre kontaktaufnahme|dank für ihre kontaktanfrage|dank für ihre bewerbung|dank für ihre registrierung|danke für ihre anfrage|vielen dank für ihre nachricht|received your request|received your message|received your email|received your e-mail
received your inquiry|received your enquiry|received your ticket|received your support|received your query|request has been received|message has been received|email has been received|inquiry has been received|has been received and
ticket has been|ticket was created|a new ticket|new support ticket|case has been created|case has been opened|request has been created|thank you for contacting|thanks for contacting|thank you for reaching|thanks for reaching|acknowledge receipt
bien reçu votre|votre demande a été|votre message a bien|hemos recibido su|su solicitud ha sido|abbiamo ricevuto la|la sua richiesta è stata|hebben uw|uw bericht is ontvangen|uw aanvraag is|recebemos a sua|recebemos seu|otrzymaliśmy
zgłoszenie zostało|vi har mottagit|vi har tagit emot|vi har modtaget|vi har mottatt|olemme vastaanottaneet|přijali jsme|obdrželi jsme|megkaptuk|am primit|talebiniz alındı|ваше обращение|мы получили ваш|ваш запит
""")
SOON = listed("""
will reply|one working day|working days|business day|vender tilbage|vi återkommer|otaamme yhteyttä|ozveme se|営業日|bei rückfragen
we're on it|we are on it|looking into it|will be reviewing|werktagen|dans les meilleurs délais|dans un délai|sous 24|sous 48|sera traitée|a la mayor brevedad|nos pondremos en contacto|quanto prima|nel più breve|binnen|werkdagen|najszybciej|niezwłocznie|wkrótce|snarast|hurtigst muligt|så raskt|snarest|mahdollisimman|co nejdříve|čo najskôr|rövidesen|hamarosan|cât mai curând|en kısa sürede|как можно скорее|в ближайшее|尽快|早急|빠른
so schnell wie möglich|so bald wie möglich|schnellstmöglich|baldmöglichst|in kürze|umgehend|innerhalb von|innerhalb der nächsten|melden uns|bei ihnen melden|wird bearbeitet|bearbeiten ihr|bearbeitung|unser team|as soon as possible|shortly|within
get back to you|will respond|will reply|be in touch|our team|dans les plus brefs|en breve|lo antes posible|al più presto|zo spoedig|zo snel|o mais breve|jak najszybciej|så snart|mahdollisimman|co nejdříve|hamarosan|în cel mai scurt|en kısa|в ближайшее|у найближчий
""")
PROOF = listed("""
requires verification|[boxbe]|boxbe.com|spamarrest|spam arrest|sender verification|verify that you are a human|verify you are human|prove you are human|prove that you are human|confirm that you are a real|confirm you are a real
confirm that you are human|confirm the delivery of your|to have your message delivered
added to my allowed|added to the guest list|bluebottle|uol antispam|antispam uol|challenge/response|challenge-response|tmda|click the link below to deliver|reply to this message to be added|click here to verify your
to release your message|vanquish|knowspam|mailblocks|will be delivered once you|bestätigen sie, dass sie ein mensch|absenderbestätigung|ihre nachricht wird zurückgehalten|damit ihre e-mail zugestellt|damit ihre nachricht zugestellt
""")
HELD_BACK = listed("""
has been quarantined|damit ihre nachricht|please confirm your message|please confirm your e-mail|please confirm your email|waiting for your confirmation|awaiting your confirmation|message is being held|message has been held|your message was held|your message is held
""")
RECEIPT_TITLES = listed("""
we've got your|we got your|got your message|ありがとうございます
request received|message received|ticket received|confirmation of receipt|we received your|we have received your|we've received your|thank you for contacting|thanks for contacting|eingangsbestätigung|empfangsbestätigung
bestätigung ihrer anfrage|ihre anfrage bei|ontvangstbevestiging|accusé de réception|acuse de recibo|hemos recibido|conferma di ricezione|richiesta ricevuta|potwierdzenie otrzymania|potwierdzenie przyjęcia|confirmação de recebimento
confirmação de receção|bekräftelse på|mottagningsbevis|kvittering for|bekræftelse på|vastaanottovahvistus|potvrzení o přijetí|is being held|visszaigazolás|confirmare de primire|получено ваше
""")
