"""What a browser sends back of a form of the staff area that nobody has touched."""


def sent(answer):
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if field.field.disabled or value is None or value is False:
                continue
            data[field.html_name] = value
    for name, key in (("_seen", "seen"), ("_form", "form_token")):
        if answer.context.get(key):
            data[name] = answer.context[key]
    return data
