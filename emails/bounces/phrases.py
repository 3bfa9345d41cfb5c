"""What mail systems say of mail that did not arrive: in small letters, blanks single."""

from emails.vocabulary import listed

SUBJECTS = listed("""
undelivered mail|undeliverable|undelivered|delivery status notification|delivery notification|delivery status
mail delivery fail|mail delivery system|mail delivery subsystem|mail delivery error|mail delivery status|mail delivery problem
mail system error|returned mail|returned to sender|return to sender|failure notice|failure delivery|failed delivery|delivery failure
delivery failed|delivery has failed|delivery report|delivery error|delivery problem|delivery delayed|delayed mail|delay notification
warning: could not send|warning: message|warning: delayed|warning: your message|message delayed|notice: mail delivery status
mail failure|nondeliverable|non-deliverable|non-delivery|nondelivery|ndn:|ndr:|mail not delivered
message not delivered|message could not|message delivery|message undeliverable|message undelivered|message not sent|message blocked
message rejected|message frozen|your message could not|your message was not|your mail could not|your email could not
your e-mail could not|sorry, your message could not|mail could not be|email could not be|e-mail could not be|could not send
could not deliver|cannot deliver|unable to deliver|couldn't deliver|there was an error sending your mail|error sending|error delivering
postmaster notify|user unknown|unknown user|address not found|mail rejected|mail refused|email rejected|e-mail rejected|rejected mail
rejected:|blocked:|mailbox unavailable|mailbox full|mailbox is full|over quota|permanent delivery failure|temporary delivery failure
problem delivering|problems with your mail|postfix smtp server: errors|bounced mail|bounced message|mail bounced|bounce:|[bounce]
recipient unknown|recipient not found|invalid recipient|ignored not ml article|fml command status report|loop alert|loop back warning
virus in your|virus found in|banned contents from|banned file|bad header from|considered unsolicited bulk
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

OPENINGS = listed("""
this is the mail system|this is the postfix|qmail-send program|machine generated message|this is the mail delivery|this is the mailer-daemon
this message was created automatically by|this message has been created automatically|automatically generated delivery
delivery status notification|mail delivery agent|this report relates to a message|a message that you sent|a message that you have sent
a message you sent|the original message was received|transcript of session|did not reach the following|delivery to the following
delivery has failed|could not be delivered to|cannot be delivered to|was not delivered to|remote server returned|reporting-mta:
final-recipient:|unable to deliver|error has occurred while attempting to deliver|error occurred while trying to deliver|error delivering
"notificationtype":"bounce"|"notificationtype": "bounce"|"eventtype":"bounce"|message was undeliverable|undeliverable to
user(s) account is|has stopped the following|diese nachricht wurde automatisch|hat einige oder alle empfänger nicht|次のあて先|次の宛先
""")
"""How programs that deliver mail introduce themselves."""

STILL_TRYING = listed("""
we will keep trying|delivery warning|warning message only|warning: message|warning: delayed|warning only|you do not need to resend|you don't need to resend|still being retried|will keep trying|will continue to try|will be retried
will try again|will retry|delivery attempts will continue|has not yet been delivered|not been delivered yet|not yet delivered|temporary failure
delivery will be re|will be reattempted|has been delayed|is delayed|was delayed|delivery delayed|could not send message for past|will be deleted from queue
no action is required|is still trying|keep trying|retry timeout has not|transient non-fatal|the server will|attempts to deliver the message will
noch nicht zugestellt|wird weiterhin versucht|zustellversuche werden|verzögert|es wird weiter versucht|keine aktion erforderlich|n'a pas encore|sera réessay
todavía no|se seguirá intentando|non è stato ancora|a été retardé|retardado|ritardat
""")
