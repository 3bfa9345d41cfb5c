"""What mail systems say of mail that did not arrive: in small letters, blanks single."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for line in text.strip().split("\n") for one in line.split("|"))


SUBJECTS = _listed("""
undelivered mail|undeliverable|undelivered|delivery status notification|delivery notification|delivery status
mail delivery fail|mail delivery system|mail delivery subsystem|mail delivery error|mail delivery status|mail delivery problem
mail system error|returned mail|returned to sender|return to sender|failure notice|failure delivery|failed delivery|delivery failure
delivery failed|delivery has failed|delivery report|delivery error|delivery problem|delivery delayed|delayed mail|delay notification
warning: could not send|warning: message|warning: delayed|warning: your message|message delayed|notice: mail delivery status
mail failure|nondeliverable|non-deliverable|non-delivery|nondelivery|ndn:|ndr:|successful mail delivery report|mail not delivered
message not delivered|message could not|message delivery|message undeliverable|message undelivered|message not sent|message blocked
message rejected|message frozen|your message could not|your message was not|your message to|your mail could not|your email could not
your e-mail could not|sorry, your message could not|mail could not be|email could not be|e-mail could not be|could not send
could not deliver|cannot deliver|unable to deliver|couldn't deliver|there was an error sending your mail|error sending|error delivering
postmaster notify|user unknown|unknown user|address not found|mail rejected|mail refused|email rejected|e-mail rejected|rejected mail
rejected:|blocked:|mailbox unavailable|mailbox full|mailbox is full|over quota|permanent delivery failure|temporary delivery failure
problem delivering|problems with your mail|postfix smtp server: errors|bounced mail|bounced message|mail bounced|bounce:|[bounce]
recipient unknown|recipient not found|invalid recipient|ignored not ml article|fml command status report|loop alert|loop back warning
aws notification message|error(s) in forwarding|the message could not be delivered|failed mail|failed to deliver|error: mail
unzustellbar|nicht zustellbar|nicht zugestellt|nicht ausgeliefert|zustellung fehlgeschlagen|zustellfehler|zustellungsfehler
benachrichtigung über|benachrichtigung zum|nachricht konnte nicht|nachricht nicht zugestellt|nachricht unzustellbar
mail konnte nicht|e-mail konnte nicht|email konnte nicht|ihre nachricht konnte nicht|ihre e-mail konnte nicht|ihre mail konnte nicht
ihre nachricht wurde nicht|ihre e-mail wurde nicht|mailzustellung|mail-zustellung|e-mail-zustellung|fehler bei der zustellung
rückläufer|warnung: nachricht|zustellung verzögert|verzögerte zustellung|fehlgeschlagene zustellung|e-mail unzustellbar
non remis|non distribuable|non délivré|échec de la remise|échec de remise|échec de la distribution|échec de l'envoi|notification d'échec
notification d'état|avis de non|message non distribué|message non remis|message non délivré|courrier non remis|remise impossible
non recapitabile|non recapitato|mancato recapito|notifica di mancato|messaggio non|impossibile recapitare|mancata consegna|notifica di stato
no se puede entregar|no entregado|no se ha podido entregar|no se pudo entregar|mensaje no entregado|correo devuelto|correo no entregado
devolución de correo|error de entrega|fallo en la entrega|notificación de estado|entrega fallida|imposible entregar
não entregue|não é possível entregar|não foi possível entregar|falha na entrega|e-mail não entregue|mensagem não entregue|notificação de status
niet bezorgd|onbestelbaar|niet te bezorgen|niet afgeleverd|kan niet worden|bezorging mislukt|melding van de bezorgingsstatus
nie dostarczono|niedostarczon|nie można dostarczyć|niedoręczon|zwrot wiadomości|powiadomienie o stanie|wiadomość niedostarcz
olevererbart|kan inte leverera|kunde inte leverera|ej levererat|leveransstatus|kan ikke leveres|uleverlig|kunne ikke leveres|ikke leveret
ikke levert|kan ikke levere|leveringsstatus|ei voitu toimittaa|toimittamaton|ei toimitettu|nedoručiteln|nedoručen|nelze doručit
nedoručené|kézbesíthetetlen|nem kézbesíthető|sikertelen kézbesítés|nelivrat|imposibil de livrat|teslim edilemedi|teslim edilemeyen|iletilemedi
недоставлен|недоставк|не удается доставить|не удаётся доставить|не удалось доставить|сообщение не доставлено|не доставлено|ваше письмо не
ошибка доставки|неможливо доставити|не доставлено|недоставлене|αδυναμία παράδοσης|μη παραδοτέο|δεν παραδόθηκε
无法送达|未送达|未能送达|退信|系统退信|无法投递|未传递|未傳遞|無法傳遞|傳遞失敗|投递失败|配信不能|配信できません|メッセージを配信できません|メール配信に失敗
送信できませんでした|配達不能|不達|エラーメール|배달되지|배달할 수 없|배달 실패|전송 실패|반송|발송 실패
""")
"""How subjects begin, in any program's language."""

UNMISTAKABLE = _listed("""
this is the mail system at host|this is the postfix program at|this is the postfix|this is the qmail-send program|qmail-send program
this is the machine generated message|this is the mail delivery agent|this is the mail delivery system|this is the mail delivery subsystem
this message was created automatically by|this message has been created automatically|this message was generated automatically by
this is an automatically generated delivery|automatically generated delivery status notification|this is a delivery status notification
this is the mailer-daemon|this is the dragonfly mail agent|mail delivery agent at|this report relates to a message you sent
a message that you sent could not be|a message that you have sent could not|a message you sent could not be delivered
the following address(es) failed|the following addresses failed|the following addresses had|the following recipients failed
addresses had permanent fatal errors|addresses had transient|had delivery errors|had delivery problems|had permanent delivery errors
had undeliverable|transcript of session follows|unsent message follows|returned message follows|failed addresses follow
did not reach the following recipient|delivery to the following recipient|delivery has failed to these recipients|delivery failed for the following
could not be delivered to one or more|could not be delivered to the following|cannot be delivered to the following|was not delivered to the following
diagnostic information for administrators|generating server:|remote server returned|reporting-mta:|final-recipient:|diagnostic-code:
the response from the remote server|technical details of permanent failure|technical details of temporary failure
i'm afraid i wasn't able to deliver|i wasn't able to deliver your message|unable to deliver your message to the following|i've given up
unable to deliver message to|unable to deliver mail to|an error has occurred while attempting to deliver|an error occurred while trying to deliver
there was an error delivering your mail|your mail sent on:|could not be delivered to: <|no valid recipients for this mm
could not be delivered to mobile|we had trouble delivering your message|the following recipients were affected|remote host said:
below this line is a copy of the message|is a copy of the message, including all the headers|-------server message|user(s) account is
the group you tried to contact|failure reasons -|------- returned message|user not listed in domino|not listed in public name|sent <<< rcpt
"notificationtype":"bounce"|"notificationtype": "bounce"|"eventtype":"bounce"|error_code :5|smtp error from remote|smtp error: 5|(in reply to
hop count exceeded|message has not been delivered to|message was undeliverable|is undeliverable to the following|delivery attempts have failed
delivery failed 2 attempts|undeliverable to the following|message frozen|has been frozen|has been delayed for|not been delivered to one or more
this is a warning message only|warning: message|warning: delayed|warning only|your message has been enqueued and undeliverable|was automatically rejected|rejected for the following reason
your message wasn't delivered to|your message couldn't be delivered|message delivery status|the mail server was unable to|action: failed|x-failed-recipients
deferred: connection|this is an automated message from the mail|automatic message from the mail|message headers follow|original message follows|unknown user: |host unknown (name server
recipient address rejected|user unknown in|mailbox unavailable or not local|delivery agent returned|unrouteable address|all relevant mx records
invalid address, error_code|this message could not be delivered|has exceeded its disk quota|mts-id of the original message|dsn generated by
sorry, we were unable to deliver|the e-mail system was unable to deliver|delivery to these recipients|your email was rejected|mailbox full: delivery
diese nachricht wurde automatisch vom mail|diese nachricht wurde automatisch erstellt|automatisch von der mail-delivery|diagnoseinformationen für administratoren
fehler bei der nachrichtenzustellung|ihre nachricht hat einige oder alle empfänger nicht|die folgenden empfänger können nicht|folgenden empfänger nicht erreicht
konnte nicht an einen oder mehrere|konnte nicht an die folgenden|konnte nicht an folgende|an folgende empfänger|an die folgenden empfänger
die folgende adresse ist|folgende adressen|folgende empfängeradresse|remoteserver|generierender server|der folgende empfänger|nachricht an folgende
informations de diagnostic pour les administrateurs|n'a pas pu être remis à|échec de la remise pour|la remise à ces destinataires|serveur de génération
informazioni di diagnostica per gli amministratori|non è stato possibile recapitare il messaggio|impossibile recapitare il messaggio ai
información de diagnóstico para los administradores|error en la entrega a estos|no se pudo entregar el mensaje a|no se pudo entregar a estos
informações de diagnóstico|falha na entrega para estes|não pôde ser entregue|diagnostische gegevens voor beheerders|bezorging bij deze geadresseerden
informacje diagnostyczne dla administratorów|dostarczenie do następujących|diagnostikinformation för administratörer|diagnostiska uppgifter
diagnosticeringsoplysninger|diagnostikkinformasjon|järjestelmänvalvojien|diagnostické informace|diagnosztikai információk|диагностические сведения
это письмо создано автоматически|это сообщение было создано автоматически|не было доставлено следующим|не удалось доставить следующим
配信できませんでした|次のあて先|次の宛先|宛先が見つかりません|送信できませんでした|配達できません|退信原因|退信代码|无法投递|收件人邮箱|无法送达|다음 받는 사람|배달하지 못했습니다
""")
"""What a person does not write by hand."""

SAID_BY_PEOPLE_TOO = _listed("""
wasn't delivered|was not delivered|could not be delivered|couldn't be delivered|cannot be delivered|can't be delivered|not delivered to|undeliverable
user unknown|unknown user|no such user|does not exist|doesn't exist|mailbox is full|mailbox full|over quota|quota exceeded|rejected|permanent error
address not found|recipient not found|message blocked|has been blocked|host unknown|unable to deliver|unable to send|delivery failed|delivery failure
failed permanently|error message|returned to sender|couldn't be found|could not be found|not be reached|delayed|still trying|could not deliver
nicht zugestellt|unzustellbar|nicht zustellbar|nicht ausgeliefert|postfach ist voll|postfach voll|empfänger unbekannt|existiert nicht|abgelehnt|zustellung
non remis|n'a pas pu|destinataire|non recapitat|destinatario|no se pudo|no existe|não foi|niet bezorgd|bestaat niet|nie istnieje|nie można|existerar inte
findes ikke|finnes ikke|ei ole olemassa|neexistuje|nem létezik|не удалось|не существует|не найден|доставлен
""")

STILL_TRYING = _listed("""
we will keep trying|delivery warning|warning message only|warning: message|warning: delayed|warning only|you do not need to resend|you don't need to resend|still being retried|will keep trying|will continue to try|will be retried
will try again|will retry|delivery attempts will continue|has not yet been delivered|not been delivered yet|not yet delivered|temporary failure
delivery will be re|will be reattempted|has been delayed|is delayed|was delayed|delivery delayed|could not send message for past|will be deleted from queue
no action is required|is still trying|keep trying|retry timeout has not|transient non-fatal|the server will|attempts to deliver the message will
noch nicht zugestellt|wird weiterhin versucht|zustellversuche werden|verzögert|es wird weiter versucht|keine aktion erforderlich|n'a pas encore|sera réessay
todavía no|se seguirá intentando|non è stato ancora|a été retardé|retardado|ritardat
""")
