"""Collect the interface's messages, keep the Chinese catalogue in step, and compile it.

Run by `script/messages`. It needs no GNU gettext: Python's own parser finds the messages of the
code, Django's template reader those of the templates.
"""

import ast
import re
import sys
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "commitments" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Number of text arguments of each function: (context first?, has a plural?).
FUNCTIONS = {
    "_": (False, False),
    "gettext": (False, False),
    "gettext_lazy": (False, False),
    "gettext_noop": (False, False),
    "ngettext": (False, True),
    "ngettext_lazy": (False, True),
    "pgettext": (True, False),
    "pgettext_lazy": (True, False),
    "npgettext": (True, True),
    "npgettext_lazy": (True, True),
}
QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(
    rf"\b(n?p?gettext|_)\(\s*{QUOTED}(?:\s*,\s*{QUOTED})?(?:\s*,\s*{QUOTED})?", re.DOTALL
)


def messages():
    """Every message as (context or None, msgid, plural or None), with the files that have it."""
    found = {}
    for folder in ("commitments", "tracker"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                collect(found, path, in_code(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".xml"):
            collect(found, path, in_template(path.read_text(encoding="utf-8")))
    # One entry serves a message used both with and without its plural.
    for context, msgid, plural in list(found):
        if plural and (context, msgid, None) in found:
            found[context, msgid, plural] |= found.pop((context, msgid, None))
    return found


def collect(found, path, keys):
    for key in keys:
        found.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())


def in_code(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in FUNCTIONS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from key_of(name, [text for text in texts if isinstance(text, str)])


def in_template(source):
    for name, *texts in IN_TEMPLATE.findall(templatize(source)):
        yield from key_of(name, [ast.literal_eval(text) for text in texts if text])


def key_of(name, texts):
    has_context, has_plural = FUNCTIONS[name]
    if len(texts) < 1 + has_context + has_plural:
        return
    context = texts.pop(0) if has_context else None
    yield context, texts[0], texts[1] if has_plural else None


def update(catalogue):
    """Bring the catalogue in step with the code; what is translated stays."""
    found = messages()
    held = {(e.msgctxt, e.msgid): e for e in catalogue}
    for (context, msgid, plural), files in sorted(found.items(), key=lambda i: (i[0][1], str(i))):
        entry = held.pop((context, msgid), None)
        if entry is None:
            entry = polib.POEntry(msgctxt=context, msgid=msgid)
            catalogue.append(entry)
        if plural and entry.msgid_plural != plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0, "") or entry.msgstr}
            entry.msgstr = ""
        elif not plural and entry.msgid_plural:
            entry.msgid_plural, entry.msgstr = "", entry.msgstr_plural.get(0, "")
            entry.msgstr_plural = {}
        entry.occurrences = [(name, "") for name in sorted(files)]
        placeholders = "%(" in msgid or "%(" in (plural or "")
        entry.flags = ["python-format"] if placeholders else []
    for entry in held.values():
        catalogue.remove(entry)
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))


def open_catalogue():
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=98)
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def main():
    catalogue = open_catalogue()
    update(catalogue)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    empty = [entry.msgid for entry in catalogue if not entry.translated()]
    for msgid in empty:
        sys.stderr.write(f"untranslated: {msgid}\n")
    sys.stderr.write(f"{len(catalogue)} messages, {len(empty)} untranslated\n")


if __name__ == "__main__":
    main()
