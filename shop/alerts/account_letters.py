"""What letters about accounts and personal data say. ``shop.apps`` adds them to ``shop.alerts.letters.KINDS``."""

from django.utils.translation import gettext as _

from shop.alerts.letters import Facts, Kind, Letter


def _code(facts: Facts) -> Letter:
    reset = facts["purpose"] == "reset"
    heading = {
        "confirm": _("Confirm your e-mail address"),
        "login": _("Your code for signing in"),
    }.get(facts["purpose"], _("Your code for a new password"))
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=[_("Type this code on the page that asked for it. It holds for a few minutes.")],
        details=[(_("Code"), facts["code"])],
        closing=[_("If it was not you, do nothing: nobody gets in without this code.")]
        + ([_("Your password stays as it is.")] if reset else []),
    )


def _link(facts: Facts) -> Letter:
    return Letter(
        subject=_("A new password for your account"),
        heading=_("A new password for your account"),
        paragraphs=[_("Somebody, probably you, asked for a new password. You can choose it on this page.")],
        button=(_("Choose a new password"), facts["page"]),
        closing=[_("If it was not you, do nothing: your password stays as it is.")],
    )


def _exists(facts: Facts) -> Letter:
    return Letter(
        subject=_("You already have an account"),
        heading=_("You already have an account"),
        paragraphs=[
            _("Somebody, probably you, tried to open an account with this address. There is one already."),
            _("If you have forgotten the password, you can choose a new one."),
        ],
        button=(_("Choose a new password"), facts["page"]),
        closing=[_("If it was not you, do nothing.")],
    )


def _unknown(facts: Facts) -> Letter:
    return Letter(
        subject=_("There is no account with this address"),
        heading=_("There is no account with this address"),
        paragraphs=[_("Somebody, probably you, tried to sign in with this address, but no account has it.")],
        button=(_("Open an account"), facts["page"]),
        closing=[_("If it was not you, do nothing.")],
    )


def _notice(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your account was changed"),
        heading=_("Your account was changed"),
        paragraphs=[facts["what"]],
        details=[(_("Time"), facts["when"])],
        closing=[_("If it was not you, please choose a new password at once and answer this letter.")],
    )


def _data_link(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your data with us"),
        heading=_("Your data with us"),
        paragraphs=[
            _("On this page you can ask for a copy of everything that we keep about you, or for its erasure."),
            _("The link holds for one day. It proves that this address is yours, so please do not pass it on."),
        ],
        button=(_("Open the page"), facts["page"]),
        closing=[_("If you did not ask for it, do nothing.")],
    )


def _erasure_asked(facts: Facts) -> Letter:
    return Letter(
        subject=_("You asked us to erase your data"),
        heading=_("Your data will be erased"),
        paragraphs=[
            _("We will erase your data after %(until)s. Until then you can call it off.") % facts,
            _("If it was not you, please call it off on this page and choose a new password."),
        ],
        button=(_("Call it off"), facts["page"]),
    )


ACCOUNT_KINDS: dict[str, Kind] = {
    "account_code": Kind(frozenset({"code", "purpose"}), _code, secret=True),
    "account_link": Kind(frozenset({"page"}), _link, secret=True),
    "account_exists": Kind(frozenset({"page"}), _exists, secret=True),
    "account_unknown": Kind(frozenset({"page"}), _unknown, secret=True),
    "account_notice": Kind(frozenset({"what", "when"}), _notice, secret=True),
    "data_link": Kind(frozenset({"page"}), _data_link, secret=True),
    "erasure_asked": Kind(frozenset({"until", "page"}), _erasure_asked),
}
