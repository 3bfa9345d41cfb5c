"""Wrappings around a mail's content that are no MIME: TNEF, CMS, RTF, iCalendar, OpenPGP.

Each module reads the one format as far as mail needs it, on hostile bytes, in time linear to them,
and raises nothing.
"""
