"""Database trouble that passes: named, so that callers may try again with the same cause key."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from psycopg import errors as pg

from inventory.stock.errors import StockBusy

# A restart, a closed connection, a lock time-out, a deadlock, a serialisation failure.
PASSING = (pg.DeadlockDetected, pg.LockNotAvailable, pg.SerializationFailure, pg.QueryCanceled)


def passes(error: BaseException) -> bool:
    """Say whether trying again may succeed: the connection was lost, or another transaction was in the way."""
    cause = error.__cause__
    return isinstance(error, OperationalError | InterfaceError) or isinstance(cause, PASSING)


@contextmanager
def named() -> Iterator[None]:
    """Turn passing database trouble into StockBusy, and leave a dead connection behind, unless inside a transaction.

    Inside a caller's transaction the whole transaction is lost; its owner has to see the database's own error.

    :raises StockBusy: the outcome may even be unknown (a lost COMMIT): the same cause key tells on the next try.
    """
    outer = transaction.get_connection().in_atomic_block
    try:
        yield
    except DatabaseError as error:
        if outer or not passes(error):
            raise
        connection = transaction.get_connection()
        connection.close_if_unusable_or_obsolete()
        raise StockBusy("The stock could not be written just now; try again.") from error
