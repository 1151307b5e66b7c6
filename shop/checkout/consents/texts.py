"""What a shopper agrees to at checkout. A text is never edited: a new wording is a new version.

Terms: what both sides agreed to must be provable (Directive 2011/83/EU, article 8(7); Civil Code of France, article
1127-2; China's E-Commerce Law, articles 49 and 50). Withdrawal: the information must be given before the shopper is
bound, and the trader proves it (Directive 2011/83/EU, article 6(1)(h), 6(5) and 6(9); United Kingdom: SI 2013/3134,
regulations 13 and 17). China: separate consent to hand personal information to others and to send it abroad, naming
who, why, how, what and the person's rights (Personal Information Protection Law, articles 23 and 39).
"""

from dataclasses import dataclass
from enum import StrEnum

from shop.crossborder.models import LegalKind


class ConsentKind(StrEnum):
    """What is asked, each in a box of its own."""

    TERMS = "terms"
    WITHDRAWAL = "withdrawal_information"
    PIPL_TRANSFER = "pipl_cross_border_transfer"


@dataclass(frozen=True)
class ConsentText:
    """A version's wording in the languages of the shop; ``page`` is the kind of legal page that it speaks of."""

    version: str
    kind: ConsentKind
    texts: dict[str, str]
    page: str = ""

    def in_language(self, language: str) -> str:
        """Return the wording in the language, else in English."""
        return self.texts.get(language) or self.texts["en"]


TEXTS = (
    ConsentText(
        version="terms-2026-11",
        kind=ConsentKind.TERMS,
        page=LegalKind.TERMS,
        texts={
            "en": "I have read the terms of sale and agree to them.",
            "fr": "J’ai lu les conditions générales de vente et je les accepte.",
            "zh-hans": "我已阅读并同意销售条款。",
            "ja": "販売条件を読み、これに同意します。",
        },
    ),
    ConsentText(
        version="withdrawal-2026-11",
        kind=ConsentKind.WITHDRAWAL,
        page=LegalKind.WITHDRAWAL,
        texts={
            "en": "I have seen the information on my right of withdrawal: how, by when, and who pays for the return.",
            "fr": (
                "J’ai pris connaissance des informations sur mon droit de rétractation : comment l’exercer, dans quel "
                "délai, et qui paie le renvoi."
            ),
            "zh-hans": "我已阅知有关退货（撤回）权利的说明：如何行使、期限，以及退货运费由谁承担。",
            "ja": "撤回権に関する情報（行使の方法、期限、返送費用の負担者）を確認しました。",
        },
    ),
    ConsentText(
        version="pipl-transfer-2026-11",
        kind=ConsentKind.PIPL_TRANSFER,
        page=LegalKind.PRIVACY,
        texts={
            "en": (
                "I give my separate consent that the museum shop sends my name, address, telephone number, e-mail "
                "address and order abroad to the seller named in its seller information, and hands them to the payment "
                "provider and the carrier, only to take my payment and deliver this order. I can ask the seller to "
                "see, correct or erase them, and withdraw this consent; what was sent before stays lawful."
            ),
            "fr": (
                "Je donne mon consentement distinct à ce que la boutique du musée transmette à l’étranger mon nom, mon "
                "adresse, mon numéro de téléphone, mon adresse électronique et ma commande au vendeur nommé dans les "
                "informations sur le vendeur, et les communique au prestataire de paiement et au transporteur, "
                "uniquement pour encaisser mon paiement et livrer cette commande. Je peux demander au vendeur de les "
                "consulter, de les corriger ou de les effacer, et retirer ce consentement ; ce qui a été transmis "
                "auparavant reste licite."
            ),
            "zh-hans": (
                "本人单独同意：博物馆商店仅为收取货款和配送本订单，将本人的姓名、地址、电话号码、电子邮箱和订单信息传输至"
                "境外，提供给销售方信息中载明的销售方，并提供给支付机构和承运人。本人可以要求该销售方查阅、更正或者删除"
                "上述信息，也可以撤回同意；撤回不影响此前已进行的处理活动的效力。"
            ),
            "ja": (
                "私は、本注文の代金の受領と配送のためだけに、ミュージアムショップが私の氏名、住所、電話番号、メールアドレス"
                "および注文内容を、販売者情報に記載された国外の販売者へ移転し、決済事業者および配送会社に提供することに、"
                "個別に同意します。私は販売者に対し、閲覧、訂正または削除を求め、この同意を撤回できます。"
                "撤回前に行われた移転は適法のままです。"
            ),
        },
    ),
)


def current(kind: ConsentKind) -> ConsentText:
    """Return the wording in force: the last of its versions."""
    return [one for one in TEXTS if one.kind == kind][-1]


def known(version: str, kind: ConsentKind) -> ConsentText | None:
    """Return this version of the kind if it was ever shown, or None."""
    return next((one for one in TEXTS if one.version == version and one.kind == kind), None)
