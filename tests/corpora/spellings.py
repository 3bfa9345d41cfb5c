"""The same XML as other programs write it: alphabets, prefixes, blanks, dates."""

import codecs
import re


def encoded(xml, encoding="UTF-8"):
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{xml}'.encode(encoding.lower())


def _renamed(xml):
    """Other prefixes, as programs that bind namespaces by number."""
    for prefix, other in (("rsm", "ns0"), ("ram", "a"), ("udt", "ns17")):
        xml = re.sub(rf"(</?|xmlns:){prefix}(?=[:=])", rf"\g<1>{other}", xml)
    return xml


def _without_prefix(xml):
    """ram as the default namespace."""
    return re.sub(r"(</?)ram:", r"\1", xml).replace("xmlns:ram=", "xmlns=")


def _spread(xml):
    """One element a line, with comments between, and Windows line ends."""
    return re.sub(r"><(?!/)", "><!-- - -->\r\n\t<", xml)


def _padded(xml):
    """Texts with line breaks around them, as pretty printers leave them."""
    return re.sub(
        r">([^<>]{1,200})</ram:(ID|TypeCode|Name|LineTotalAmount|CityName)>",
        r">\n   \1\n  </ram:\2>",
        xml,
    )


def _as_data(xml):
    return re.sub(r"<(\w+):Name>([^<>&]{1,300})</", r"<\1:Name><![CDATA[\2]]></", xml)


WAYS = {
    "UTF-16": lambda xml: encoded(xml, "UTF-16"),
    "UTF-16 big-endian without mark": lambda xml: f'<?xml version="1.0" encoding="UTF-16"?>{xml}'.encode("utf-16-be"),
    "ISO-8859-1": lambda xml: encoded(xml.replace("„", "").replace("“", "").replace("–", "-"), "ISO-8859-1"),
    "windows-1252": lambda xml: encoded(xml, "windows-1252"),
    "BOM": lambda xml: codecs.BOM_UTF8 + encoded(xml),
    "no declaration": lambda xml: xml.encode(),
    "single quotes": lambda xml: b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>" + xml.encode(),
    "latin letters declared UTF-8": lambda xml: encoded(xml).decode().encode("cp1252", "replace"),
    "blanks before": lambda xml: b"\r\n  " + encoded(xml),
    "NULs behind": lambda xml: encoded(xml) + b"\0\0\0\n",
    "instructions and comments": lambda xml: b'<?xml version="1.0"?><!-- <Invoice> --><?xml-stylesheet type="text/xsl" href="http://x.example/x.xsl"?>' + xml.encode() + b"<!-- end -->",
    "other prefixes": lambda xml: encoded(_renamed(xml)),
    "default namespace": lambda xml: encoded(_without_prefix(xml)),
    "comments between": lambda xml: encoded(_spread(xml)),
    "blanks in texts": lambda xml: encoded(_padded(xml)),
    "CDATA": lambda xml: encoded(_as_data(xml)),
    "ISO dates": lambda xml: encoded(re.sub(r">(\d{4})(\d\d)(\d\d)</udt:DateTimeString>", r">\1-\2-\3</udt:DateTimeString>", xml)),
    "dates with time": lambda xml: encoded(re.sub(r'format="102">(\d{8})</', r'format="204">\g<1>093000</', xml)),
    "decimals": lambda xml: encoded(re.sub(r"Amount>(\d+)\.(\d)0</", r"Amount>+0\1.\2</", xml)),
    "xs:date with zone": lambda xml: encoded(re.sub(r"(IssueDate|DueDate)>([\d-]{10})</", r"\1>\2+01:00</", xml)),
    "currency on amounts": lambda xml: encoded(re.sub(r"<ram:(\w+Amount)>", r'<ram:\1 currencyID="EUR">', xml)),
}  # fmt: skip
