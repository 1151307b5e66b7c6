"""Every word of the shop exists in every language, with the same placeholders."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import shop.storefront
from shop.accounts import adapter, consent
from shop.accounts.privacy import receipts
from shop.accounts.privacy.models import DataExport
from shop.alerts import account_letters, letters
from shop.catalogue.goods import GoodsFlag
from shop.catalogue.models import Category
from shop.checkout import basket_words, landed_words
from shop.crossborder.delivery import wording as delivery_wording
from shop.orders import mails
from shop.orders.models import OrderState
from shop.returns import slip
from shop.returns.models import ReturnReason

ROOM = Path(shop.storefront.__file__).parent
TRANSLATE = re.compile(r"""{%\s*trans(?:late)?\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
LANGUAGES = ["fr", "zh_Hans", "ja"]


def _template_words() -> set[str]:
    found = set()
    mail = (ROOM.parent / "templates" / "mail").glob("letter.*")
    for path in [*(ROOM / "templates").rglob("*.html"), *mail]:
        text = path.read_text()
        found |= {one or other for one, other in TRANSLATE.findall(text)}
        for options, body in BLOCK.findall(text):
            assert "trimmed" in options or "\n" not in body, f"{path.name}: {body}"
            singular = PLURAL.split(body)[0]
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", " ".join(singular.split())))
    return found


def _code_words() -> set[str]:
    found = set()
    rooms = (
        delivery_wording,
        landed_words,
        basket_words,
        slip,
        letters,
        account_letters,
        mails,
        adapter,
        consent,
        receipts,
    )
    for path in [*ROOM.rglob("*.py"), *(Path(str(one.__file__)) for one in rooms)]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: only literals can be found"
                found.add(node.args[0].value)
    return found


def _labels() -> set[str]:
    from django.utils import translation

    with translation.override("en"):
        return {
            str(label)
            for _value, label in [
                *Category.choices,
                *OrderState.choices,
                *GoodsFlag.choices,
                *ReturnReason.choices,
                *DataExport.State.choices,
            ]
        }


def words() -> set[str]:
    return _template_words() | _code_words() | _labels()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language):
    with (ROOM / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = words()
    assert len(wanted) > 150
    for msgid in sorted(wanted):
        message = catalogue.get(msgid)
        assert message, f"{language}: {msgid!r} is not in the catalogue"
        assert not message.fuzzy, f"{language}: {msgid!r} is fuzzy"
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        placeholders = set(PLACEHOLDER.findall(ids[-1]))
        for string in strings:
            assert string, f"{language}: {msgid!r} is empty"
            assert set(PLACEHOLDER.findall(string)) == placeholders, f"{language}: placeholders of {msgid!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_outlives_its_words(language):
    with (ROOM / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    kept = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.id}
    assert kept <= words()


def test_languages_look_like_themselves():
    scripts = {"zh_Hans": r"[\u4e00-\u9fff]", "ja": r"[\u3040-\u30ff\u4e00-\u9fff]"}
    for language, script in scripts.items():
        with (ROOM / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            for message in read_po(file, locale=language):
                text = message.string[0] if isinstance(message.string, tuple) else message.string
                if message.id and re.search(r"[a-z]{4}", PLACEHOLDER.sub("", str(message.id))):
                    assert re.search(script, text), f"{language}: {message.id!r}"
