"""Personal data in the tables of Django and of the account library."""

from django.db.models import Q

from config.personal_data import Holding, Person, erased, kept


def _of_user(person: Person) -> Q:
    return Q(user_id=person.user_id) if person.user_id else Q(pk__in=[])


SECRET = "A secret of signing in: whoever holds it could sign in."  # noqa: S105 (a reason)
HOLDINGS = (
    Holding(
        "auth.User",
        "account",
        "The account itself. It is closed and emptied; its row stays, so that the books keep their references.",
        {
            "username": erased(lambda _old, pk: f"erased-{pk}"),
            "first_name": erased(),
            "last_name": erased(),
            "email": erased(),
            "password": erased("!"),
            "last_login": erased(None),
        },
        of=lambda person: Q(pk=person.user_id),
        hidden={"password": SECRET},
    ),
    Holding(
        "account.EmailAddress",
        "email_addresses",
        "E-mail addresses of the account, and whether they were proved.",
        {"email": erased(), "user": erased()},
        of=_of_user,
        delete=True,
    ),
    Holding(
        "account.EmailConfirmation",
        "email_confirmations",
        "Proofs of an address that are under way.",
        {"key": erased()},
        of=lambda person: Q(email_address__user_id=person.user_id) if person.user_id else Q(pk__in=[]),
        delete=True,
        hidden={"key": SECRET},
    ),
    Holding(
        "mfa.Authenticator",
        "second_steps",
        "Second steps of signing in: authenticator app, passkeys, recovery codes.",
        {"user": erased(), "data": erased()},
        of=_of_user,
        delete=True,
        hidden={"data": SECRET},
    ),
    Holding(
        "usersessions.UserSession",
        "sessions",
        "Where the account is signed in.",
        {"user": erased(), "ip": erased(), "user_agent": erased(), "session_key": erased(), "data": erased()},
        of=_of_user,
        delete=True,
        hidden={"session_key": SECRET},
    ),
    Holding(
        "admin.LogEntry",
        "desk_log",
        "What was changed at the desk by staff.",
        {
            "user": kept("Who changed what at the desk: kept for accountability; staff accounts are not erased here."),
            "object_repr": kept("Names of what was changed; for accounts, which have random names, nobody's."),
            "change_message": kept("Which fields were changed, without their contents."),
        },
    ),
    Holding(
        "sessions.Session",
        "session_data",
        "Contents of sessions, by random keys.",
        {"session_data": kept("Ends with the session; those of an erased account are ended with it.")},
    ),
)
IMPERSONAL = {
    "auth.User_groups": "Only staff are in groups.",
    "auth.User_user_permissions": "Only staff have permissions.",
    "auth.Group": "Names of roles.",
    "auth.Permission": "Names of permissions.",
}
