"""Domains where anybody has an address: two of them are not of one company."""

_DOMAINS = """
aim.com alice-dsl.net alice.de alice.it aol.com aol.de arcor.de bigpond.com bluewin.ch bt.com
btinternet.com centrum.cz chello.at comcast.net cox.net duck.com earthlink.net email.cz email.de
eclipso.de fastmail.com fastmail.fm free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com
gmx.de gmx.info gmx.net googlegroups.com googlemail.com hey.com hispeed.ch hotmail.co.uk hotmail.com
hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com interia.pl kabelmail.de kpnmail.nl
laposte.net libero.it live.at live.co.uk live.com live.de live.fr live.nl luxsci.net mac.com
magenta.de mail.com mail.de mail.ru mailbox.org me.com msn.com neuf.fr o2.pl o2mail.de o2online.de
onet.pl online.de orange.fr outlook.at outlook.com outlook.de outlook.fr planet.nl pm.me posteo.de
posteo.net proton.me protonmail.ch protonmail.com qq.com rocketmail.com seznam.cz sfr.fr sky.com
skynet.be sunrise.ch t-online.de talktalk.net telenet.be tiscali.it tuta.com tuta.io tutanota.com
tutanota.de unitybox.de verizon.net virgilio.it virginmedia.com vodafone.de vodafonemail.de wanadoo.fr
web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yahoogroups.com yandex.com
yandex.ru ymail.com zoho.com ziggo.nl 126.com 163.com
"""
FREEMAIL = frozenset(_DOMAINS.split())
