from django import template

from hbu.lib.telling import named, told

register = template.Library()
register.filter("told", told)
register.filter("named", named)
