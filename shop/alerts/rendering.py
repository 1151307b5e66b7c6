"""From facts to a letter: words in the reader's language, laid out in MJML and as plain text."""

from dataclasses import dataclass

import mrml
from django.template.loader import render_to_string
from django.utils import translation

from shop.alerts.letters import KINDS
from shop.alerts.models import Mail

SERIF = {
    "zh-hans": "'Songti SC', 'Noto Serif CJK SC', 'Noto Serif SC', SimSun, serif",
    "ja": "'Hiragino Mincho ProN', 'Yu Mincho', 'Noto Serif CJK JP', 'Noto Serif JP', serif",
}
SANS = {
    "zh-hans": "'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif",
    "ja": "'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', 'Noto Sans JP', Meiryo, sans-serif",
}


@dataclass(frozen=True)
class Written:
    """A letter ready to be sent."""

    subject: str
    text: str
    html: str


def render(mail: Mail) -> Written:
    """Return the letter. What was sent before is not consulted: this is what would be sent now."""
    with translation.override(mail.language):
        letter = KINDS[mail.kind].words(mail.facts)
        context = {
            "letter": letter,
            "facts": mail.facts,
            "language": mail.language,
            "serif": SERIF.get(mail.language, "'Iowan Old Style', Palatino, 'Palatino Linotype', Georgia, serif"),
            "sans": SANS.get(mail.language, "Seravek, Candara, Calibri, 'Noto Sans', 'Segoe UI', sans-serif"),
        }
        text = render_to_string("mail/letter.txt", context)
        html = mrml.to_html(render_to_string("mail/letter.mjml", context)).content
    # A subject is one line, whatever a name brings along.
    return Written(subject=" ".join(letter.subject.split())[:250], text=text.strip() + "\n", html=html)
