"""How English and Spanish name days and delays: (kind, pattern), the more special first.

The patterns read text that `numbers.spell_out` and `clocks.mark_clocks` went over; `days` says what a kind means.
"""

from __future__ import annotations

import re

from voiceagents.understanding.calendar_words import MONTHS, WEEKDAYS, one_of
from voiceagents.understanding.clocks import NOT_A_COUNT

_D = f"(?P<d>{one_of(WEEKDAYS)})"
_M = f"(?P<m>{one_of(MONTHS)})"
_TH = r"(?:st|nd|rd|th)"
_MANY = (
    r"(?P<n>\d{1,3}|an?|una?|one|the|couple of|a couple of|a couple|a few|few|several|half an?|media|"
    r"unos|unas|un par de|par de|algunos|another|otra|otro)"
)
_UNIT = (
    r"(?P<u>minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|fortnight|business days?|working days?|"
    r"dias (?:habiles|laborables)|minutos?|"
    r"minutitos?|"
    r"horas?|horita|ratito|dias?|semanas?|meses|mes|quincena|anos?)"
)
# Holidays that callers reckon by; `days.holiday` knows their dates.
HOLIDAYS = (
    r"(?P<thanksgiving>thanksgiving|accion de gracias)|(?P<christmas>christmas|xmas|navidad(?:es)?)|"
    r"(?P<new_year>new year'?s?(?: day)?|the new year|ano nuevo|fin de ano)|"
    r"(?P<epiphany>(?:dia de )?reyes)|(?P<easter>easter|semana santa|pascua)|"
    r"(?P<july_4th>(?:the )?4th of july|july 4th|independence day)|(?P<labor_day>labou?r day)|"
    r"(?P<memorial_day>memorial day)|(?P<holidays>the holidays|(?:las )?fiestas)"
)
EVES = (
    r"(?P<boxing_day>boxing day)|(?P<christmas_eve>christmas eve|nochebuena)|"
    r"(?P<new_years_eve>(?:(?:the )?last day of the year|new year'?s? eve|nochevieja))"
)

DAY_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "holiday",
        re.compile(
            r"\b(?P<side>after|before|on|over|until after|once|despues del?|pasad[oa]s?|tras|antes del?|en) "
            rf"(?:el |la |las |los )?(?:{HOLIDAYS})\b(?! eve)(?: (?:weekend|break|day))?"
        ),
    ),
    ("holiday", re.compile(rf"\b(?:(?P<side>after|before|despues de|antes de) )?(?:{EVES})\b")),
    ("iso", re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")),
    (
        "weeks_from",
        re.compile(
            rf"\b(?:(?P<n>\d|a|one) weeks? (?:from|after)|(?P<week>week from)) (?P<base>today|tomorrow|now|"
            rf"this {_D}|{_D.replace('<d>', '<d2>')}|next {_D.replace('<d>', '<d3>')})\b"
        ),
    ),
    (
        "de_en_ocho",
        re.compile(
            rf"\bde(?:l)? (?:este |el )?(?P<base>hoy|manana|{_D}) en (?P<n>8|15|una semana)(?: dias)?\b"
        ),
    ),
    (
        "overmorrow",
        re.compile(
            r"\b(?:the )?day after tomorrow\b|\bpasado (?:el dia de )?manana\b|\bovermorrow\b|"
            r"(?<=no, )(?:mejor )?pasado\b(?! el| la)|"
            r"(?:^|(?<=mejor )|(?<=, )|(?<=llameme )|(?<=llamame )|(?<=marqueme ))pasado(?= (?:a )?«)"
        ),
    ),
    (
        "weekday_next_week",
        re.compile(
            rf"\b{_D}(?:,)? (?:of |in |de |en )?(?:next week|the following week|la semana que viene|"
            rf"la proxima semana|la semana proxima|la otra semana|la semana entrante|week)\b|"
            rf"\b(?:next week|la semana que viene|la proxima semana|la semana proxima|"
            rf"la semana entrante),? (?:on |el |el dia )?{_D.replace('<d>', '<d2>')}\b|"
            rf"\b{_D.replace('<d>', '<d3>')} after next\b"
        ),
    ),
    (
        "nth_weekday",
        re.compile(
            r"\b(?:the |el )?(?P<nth>1th|1st|first|primer|2th|2nd|second|segundo|3th|3rd|third|tercer|4th|"
            r"fourth|"
            rf"cuarto|last|ultimo) {_D} (?:of|in|de|del) (?:the month|this month|mes|(?P<next>next month|"
            rf"mes que viene|"
            rf"proximo mes)|{_M})\b"
        ),
    ),
    (
        "day_month",
        re.compile(
            rf"\b(?:the |el |el dia |on )?(?P<d>\d{{1,2}}){_TH}? (?:of |de )?{_M}\b(?:,? (?:de |"
            rf"del )?(?P<y>20\d\d))?"
        ),
    ),
    ("month_day", re.compile(rf"\b{_M}\.? (?:the )?(?P<d>\d{{1,2}}){_TH}?\b(?!:)(?:,? (?P<y>20\d\d))?")),
    ("numeric", re.compile(r"(?<![\d«/:])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?(?![\d/])")),
    (
        "in_month",
        re.compile(
            r"\b(?P<part>(?:the |la )?(?:2nd|2th|second|segunda|3rd|3th|third|tercera|last|"
            r"ultima) (?:week|half|semana|"
            r"quincena|mitad) (?:of|de) |(?:la )?(?:primera|1th) (?:semana|quincena|mitad|half) (?:of|"
            r"de) |early |beginning of |start of |the start of |first week of |1th week of |mid ?-?|"
            r"middle of |late |end of |the end of |a principios de |principios de |a mediados de |"
            r"mediados de |a finales de |finales de |a fines de )?(?:in |next |this coming |en |"
            r"sometime in )?(?<!may )(?P<m>january|february|march|april|june|july|august|september|"
            r"october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|"
            r"setiembre|octubre|noviembre|diciembre|(?<=in )may|(?<=of )may)\b(?! (?:i|you|we|be)\b)"
            r"(?P<next_year> (?:of )?next year| del (?:ano que viene|proximo ano))?"
        ),
    ),
    (
        "delay_half",
        re.compile(
            r"\b(?:in|en|dentro de) (?P<w>an? hour and a half|hora y media|una hora y media|"
            r"(?P<n>\d+) horas? y media|1 and a half hours|media hora|half an? hour|half hour|"
            r"3 quarters of an hour|a quarter of an hour|3 cuartos de hora|un cuarto de hora|"
            r"(?:una )?hora y cuarto|an hour and a quarter)\b"
        ),
    ),
    (
        "delay",
        re.compile(
            rf"(?<!with)\b(?:in|within|after|en|dentro de|de aqui a|en como|in about|in like|"
            rf"give me|deme|dame|dejeme|dejame) (?:about |around |like |maybe |another |at least |otros? |"
            rf"como |(?:unos|"
            rf"unas) (?=\d)|just |"
            rf"the next )?(?:{_MANY} (?:(?:or|o|to|a|u) \d{{1,2}} |(?:y|and) (?:a half|"
            rf"media) )?)?{_UNIT}(?P<half> y media|"
            rf" and a half)?\b(?! ago)"
        ),
    ),
    (
        "delay",
        re.compile(
            rf"\b(?:about |like )?{_MANY} {_UNIT}(?P<half> and a half)? (?:from now|from today|"
            rf"from this moment|later)\b"
        ),
    ),
    (
        "start_of_month",
        re.compile(
            r"\b(?:(?:at |by |around )?(?:the )?(?:beginning|start|1th week|first week) of the month|"
            r"(?:a )?(?:principios|primeros|comienzos) de mes)\b"
        ),
    ),
    (
        "mid_month",
        re.compile(r"\b(?:the )?middle of the month\b|\b(?:a )?mediados de mes\b|\bmid ?-?month\b"),
    ),
    (
        "end_of_month",
        re.compile(
            r"\b(?:at |by |towards? )?(?:the )?end of (?:the |this )?month\b|\b(?:a |para )?(?:fin|fines|"
            r"final|finales) de(?:l)? (?:este )?mes\b"
        ),
    ),
    (
        "dom_next_month",
        re.compile(
            rf"\b(?:the |el |dia |el dia )?(?P<d>\d{{1,2}}){_TH}? (?:of |del? )(?:next month|mes que viene|"
            rf"proximo mes)\b"
        ),
    ),
    (
        "next_month_part",
        re.compile(
            r"\b(?:(?:at |in |by )?(?:the )?(?P<s>beginning|start|first (?:week|part)|1th week|end|"
            r"middle) of next month|(?:early|1st thing) next month|a (?P<s2>principios|primeros|mediados|"
            r"finales) del? (?:mes que viene|proximo mes|mes proximo))\b"
        ),
    ),
    (
        "next_month",
        re.compile(
            r"\b(?:next|the following) month\b|\b(?:el )?(?:mes que viene|proximo mes|mes proximo|"
            r"mes entrante|mes siguiente|otro mes)\b|\bin a month or so\b"
        ),
    ),
    (
        "start_next_week",
        re.compile(
            r"\b(?:early next week|(?:beginning|start|first part|1th part) of (?:the )?(?:next week|week)|"
            r"a (?:principios|primeros) de (?:la )?(?:semana que viene|proxima semana|semana))\b"
        ),
    ),
    (
        "end_next_week",
        re.compile(
            r"\b(?:late next week|later next week|(?:the )?end of next week|(?:a )?(?:finales|fines|"
            r"final) de la (?:semana que viene|proxima semana))\b"
        ),
    ),
    (
        "mid_next_week",
        re.compile(
            r"\b(?:the )?middle of next week\b|\bmid(?:dle)? next week\b|"
            r"\ba mediados de (?:la )?(?:semana que viene|proxima semana)\b"
        ),
    ),
    (
        "end_of_week",
        re.compile(
            r"\b(?:the )?end of (?:the|this) week\b|\b(?:a )?(?:finales|fines|final) de (?:la |"
            r"esta )?semana\b"
        ),
    ),
    (
        "next_weekend",
        re.compile(r"\bnext weekend\b|\b(?:el )?(?:proximo fin de semana|fin de semana que viene)\b"),
    ),
    ("weekend", re.compile(r"\b(?:this |the |over the |el |este )?(?:weekend|fin de semana|finde)\b")),
    (
        "this_week",
        re.compile(
            r"\b(?:later|some ?time|any ?time|another day|any day) this week\b|\b(?:en |durante |"
            r"mas adelante )?esta (?:misma )?semana\b|\blater in the week\b"
        ),
    ),
    (
        "next_week",
        re.compile(
            r"\b(?:next|the following) week\b|(?<=this week), (?:but )?the week after\b(?! next)|"
            r"\b(?:la )?(?:semana que viene|proxima semana|semana proxima|"
            r"otra semana|semana entrante|siguiente semana|semana siguiente)\b"
        ),
    ),
    (
        "next_year",
        re.compile(r"\b(?:next year|(?:in )?the new year|el ano que viene|el proximo ano|el ano proximo)\b"),
    ),
    ("weekday_number", re.compile(rf"\b{_D},? (?:dia )?(?P<n>\d{{1,2}})\b{NOT_A_COUNT}(?![:.]\d)")),
    (
        "weekday",
        re.compile(
            rf"\b(?:(?P<mod>next|this|this coming|coming|on|este|proximo|el proximo|el|of|"
            rf"the following) )?{_D}\b(?P<post> (?:que viene|proximo|siguiente|next))?"
        ),
    ),
    ("weekday", re.compile(r"\b(?:on|this|next) (?P<short>sat|sun)\b(?!urday|day)")),
    ("weekday", re.compile(r"\b(?P<short>sat|sun)(?=,? (?:at )?«)")),
    (
        "dom",
        re.compile(
            rf"\b(?:the|on the|el dia|el|dia) (?P<d>\d{{1,2}})(?:{_TH}\b|\b(?!{_TH}))(?! (?:floor|time|"
            rf"person|call|one|option|of\b|week|half|number|vez|piso|percent|de la manana)|[:\d%])"
        ),
    ),
    (
        "dom",
        re.compile(
            rf"\b(?P<d>\d{{1,2}}){_TH}\b(?! (?:floor|time|street|avenue|st\b|ave|grade|person|week|of\b))"
        ),
    ),
    ("tomorrow", re.compile(r"\b(?:tomorrow|tommorow|tomorow|tmrw|tmr|manana)\b")),
    ("today", re.compile(r"\b(?:today|hoy)\b")),
)
