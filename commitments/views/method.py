"""The rule, rendered from the code that applies it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments import method as rule
from commitments.domain import water
from commitments.domain.result import RULE_VERSION


@require_safe
def method(request):
    editions, items = rule.air_standards()
    return render(
        request,
        "commitments/method.html",
        {
            "version": RULE_VERSION,
            "numbers": rule.NUMBERS,
            "vocabulary": rule.vocabulary(),
            "kinds": rule.kinds(),
            "decisions": [text % rule.NUMBERS for text in rule.DECISIONS],
            "flags": rule.flags(),
            "outlook_words": rule.outlook_words(),
            "editions": editions,
            "items": items,
            "water": rule.water_standard(),
            "classes": rule.CLASSES,
            "water_edition": water.EDITION,
            "water_from": water.IN_FORCE_FROM,
            "limits": [text % rule.NUMBERS for text in rule.LIMITS],
            "examples": rule.worked(),
        },
    )
