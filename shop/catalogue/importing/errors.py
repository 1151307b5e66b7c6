"""Why a file is not read at all. A single bad row is a ``Rejection`` instead, and the rest is imported."""


class FileRefused(Exception):
    """Nothing of the file was imported: one sentence that says why."""
