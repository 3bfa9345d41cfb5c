"""One word for what catalogues and customers call by many: colours, materials, kinds of button.

Each row begins with the word that stands for all of it. Adjectives stand without their endings.
"""

SAME = """
white weiß weiss blanc
offwhite naturweiß naturweiss offwhite ecru creme cream ivory elfenbein perlmuttweiß perlmuttweiss
black schwarz
grey grau gray anthrazit anthracite charcoal rauchgrau
brown braun
darkbrown dunkelbraun espresso mokka mocha
lightbrown hellbraun cognac camel tabak tan beige
natural natur naturbraun naturell
blue blau kobaltblau cobalt
navy marine marineblau dunkelblau
red rot bordeaux burgundy
green grün gruen grünlich gruenlich petrol
yellow gelb
gold golden gülden vergoldet gilt goldfarben
silver silber silbern versilbert silberfarben
copper kupfer
clear klar transparent durchsichtig
matte matt
glossy glänzend glaenzend poliert polished
pearl perlmutt perlmutter muschel shell mop nacre
horn büffelhorn bueffelhorn hirschhorn buffalo stag
corozo steinnuss tagua
metal metall zinkdruckguss zinc
brass messing altmessing
steel stahl
crystal kristall kristallglas glas glass
porcelain porzellan china keramik ceramic
leather leder rindsleder kunstleder
wood holz wooden hölzern buche beech
walnut walnuss walnussholz nussbaum
polyester kunststoff plastic plastik resin
recycled recycling rezyklat
shirt hemd hemden
blouse bluse blusen
jacket sakko sakkos anzug suit
blazer
coat mantel mäntel maentel
jeans denim
snap druck drücker druecker press fastener
linen bettwäsche bettwaesche bedding bed
toggle knebel duffle dufflecoat
upholstery polster
children kinder kids child
luminous leucht nachleuchtend glow
magnetic magnet
cover bezieh beziehbar rohling blank
workwear arbeitsschutz berufsbekleidung
fireproof feuerfest flammhemmend
small klein
large groß gross big
"""

NO_MEANING = """
mother knopf knoepfe button buttons mit with aus of und and der die das den dem the a in von fuer for zu
stueck stk pcs art artikel article item mm cm loch hole holes farbe colour color size groesse
durchmesser diameter neu new
"""
