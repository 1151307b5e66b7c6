"""The payment page's words in English, French, Chinese and Japanese."""

from dataclasses import dataclass

from werkzeug.datastructures import LanguageAccept


@dataclass(frozen=True)
class Words:
    """One language: its HTML tag, the CLDR name that money is formatted by, and the sentences."""

    tag: str
    money_locale: str
    banner: str
    pay_to: str
    order: str
    total: str
    each: str
    email: str
    email_note: str
    card: str
    alipay: str
    wechat_pay: str
    link: str
    bacs_debit: str
    sepa_debit: str
    test: str
    decline: str
    leave: str
    declined: str
    complete: str
    complete_note: str
    processing: str
    processing_note: str
    expired: str
    expired_note: str
    back: str
    missing: str
    wrong_email: str
    foot: str


ENGLISH = Words(
    tag="en",
    money_locale="en_GB",
    banner="Simulated payment – no money moves",
    pay_to="Pay {shop}",
    order="Your order",
    total="Total to pay",
    each="{price} each",
    email="E-mail",
    email_note="Optional, for the receipt",
    card="Pay {amount} by card",
    alipay="Pay with Alipay",
    wechat_pay="Pay with WeChat Pay",
    link="Pay with Link",
    bacs_debit="Pay from a UK bank account (Bacs, takes days)",
    sepa_debit="Pay from a euro bank account (SEPA, takes days)",
    test="To see what happens when a bank says no:",
    decline="Decline",
    leave="Leave without paying",
    declined="Your card was declined. Nothing was charged. You can try again.",
    complete="This payment is complete",
    complete_note="You paid {amount}. There is nothing more to do here.",
    processing="This payment is on its way",
    processing_note="Your bank needs a few days. There is nothing more to do here.",
    expired="This payment page has expired",
    expired_note="Nothing was charged. Go back to the shop to start again.",
    back="Back to the shop",
    missing="There is no such payment page",
    wrong_email="This e-mail address does not look right.",
    foot="A simulator stands in for the payment service. No card number is asked and none is needed.",
)
FRENCH = Words(
    tag="fr",
    money_locale="fr_FR",
    banner="Paiement simulé – aucun argent n’est débité",
    pay_to="Paiement à {shop}",
    order="Votre commande",
    total="Total à payer",
    each="{price} l’unité",
    email="E-mail",
    email_note="Facultatif, pour le reçu",
    card="Payer {amount} par carte",
    alipay="Payer avec Alipay",
    wechat_pay="Payer avec WeChat Pay",
    link="Payer avec Link",
    bacs_debit="Payer par prélèvement au Royaume-Uni (Bacs, quelques jours)",
    sepa_debit="Payer par prélèvement SEPA (quelques jours)",
    test="Pour voir ce qui se passe quand la banque refuse :",
    decline="Refuser le paiement",
    leave="Quitter sans payer",
    declined="Votre carte a été refusée. Rien n’a été débité. Vous pouvez réessayer.",
    complete="Ce paiement est terminé",
    complete_note="Vous avez payé {amount}. Il n’y a plus rien à faire ici.",
    processing="Ce paiement est en cours",
    processing_note="Votre banque a besoin de quelques jours. Il n’y a plus rien à faire ici.",
    expired="Cette page de paiement a expiré",
    expired_note="Rien n’a été débité. Retournez à la boutique pour recommencer.",
    back="Retour à la boutique",
    missing="Cette page de paiement n’existe pas",
    wrong_email="Cette adresse e-mail ne semble pas correcte.",
    foot="Un simulateur remplace le service de paiement. Aucun numéro de carte n’est demandé.",
)
CHINESE = Words(
    tag="zh-Hans",
    money_locale="zh_Hans_CN",
    banner="模拟支付，不会产生真实扣款",
    pay_to="付款给 {shop}",
    order="您的订单",
    total="应付总额",
    each="单价 {price}",
    email="电子邮箱",
    email_note="选填，用于接收收据",
    card="银行卡支付 {amount}",
    alipay="使用支付宝付款",
    wechat_pay="使用微信支付付款",
    link="使用 Link 付款",
    bacs_debit="从英国银行账户扣款（Bacs，需数日）",
    sepa_debit="从欧元银行账户扣款（SEPA，需数日）",
    test="想看看银行拒绝付款时会怎样：",
    decline="模拟拒付",
    leave="放弃付款并离开",
    declined="您的银行卡被拒绝，未产生扣款。您可以重试。",
    complete="付款已完成",
    complete_note="您已支付 {amount}，无需其他操作。",
    processing="付款正在处理中",
    processing_note="您的银行需要几天时间，无需其他操作。",
    expired="此付款页面已过期",
    expired_note="未产生扣款。请返回商店重新开始。",
    back="返回商店",
    missing="此付款页面不存在",
    wrong_email="这个电子邮箱地址似乎不正确。",
    foot="本页由模拟器代替支付服务，不需要输入任何银行卡号。",
)
JAPANESE = Words(
    tag="ja",
    money_locale="ja_JP",
    banner="お支払いのシミュレーションです。実際の請求は発生しません",
    pay_to="{shop} へのお支払い",
    order="ご注文内容",
    total="お支払い合計",
    each="単価 {price}",
    email="メールアドレス",
    email_note="任意。領収書の送付先です",
    card="カードで {amount} を支払う",
    alipay="Alipay で支払う",
    wechat_pay="WeChat Pay で支払う",
    link="Link で支払う",
    bacs_debit="英国の銀行口座から支払う（Bacs、数日かかります）",
    sepa_debit="ユーロの銀行口座から支払う（SEPA、数日かかります）",
    test="カード会社に拒否された場合の動作を確認する：",
    decline="支払いを拒否させる",
    leave="支払わずに戻る",
    declined="カードが拒否されました。請求は発生していません。もう一度お試しください。",
    complete="お支払いは完了しています",
    complete_note="{amount} をお支払いいただきました。これ以上の操作は必要ありません。",
    processing="お支払いを処理しています",
    processing_note="銀行での処理に数日かかります。これ以上の操作は必要ありません。",
    expired="このお支払いページは期限切れです",
    expired_note="請求は発生していません。ショップに戻ってやり直してください。",
    back="ショップに戻る",
    missing="このお支払いページは存在しません",
    wrong_email="メールアドレスが正しくないようです。",
    foot="決済サービスの代わりにシミュレーターが動作しています。カード番号の入力は不要です。",
)
LANGUAGES = {"en": ENGLISH, "fr": FRENCH, "zh": CHINESE, "ja": JAPANESE}


def of_locale(locale: str | None, accepted: LanguageAccept) -> Words:
    """The words for a session's ``locale``; ``auto``, nothing or an unknown language follows the browser."""
    wished = [locale] if locale and locale != "auto" else list(accepted.values())
    for wish in wished:
        # The first part decides: fr-CH reads French before anything else.
        base = wish.replace("_", "-").partition("-")[0].lower()
        if base in LANGUAGES:
            return LANGUAGES[base]
    return ENGLISH
