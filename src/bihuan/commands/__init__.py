"""The sub-commands of `bihuan`, one file each, listed here in the order in which `bihuan --help` shows them.

A command's file has `add(parser)`, which declares its arguments, and `run(args) -> int`, which gives the exit code.
Standard output holds only the result; say progress with `bihuan.commands.say.progress`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """What `bihuan` must know before it loads the command's file."""

    name: str
    purpose: str
    database: bool = True
    """False: neither Django nor PostgreSQL is touched."""
    listed: bool = True
    serves: bool = False
    """True: the port is looked at before anything is made."""

    @property
    def module(self) -> str:
        """`import` can't be a module's name, so that its file is `import_.py`."""
        return f"bihuan.commands.{self.name}{'_' if self.name == 'import' else ''}"


COMMANDS = (
    Command("up", "Start database, web server and worker; Ctrl-C stops them.", serves=True),
    Command("demo", "Play the demo world into an empty database and serve it.", serves=True),
    Command("down", "Stop what is running on this home.", database=False),
    Command(
        "dsn", "Print the connection string of the application's role; the database stays up until `down`."
    ),
    Command("due", "Compute when a promise falls due.", database=False),
    Command("import", "Read units, staff, premises or events from a file."),
    Command("export", "Write events for process-mining programs, or published figures as a data package."),
    Command("token", "Give somebody a key to the API, or take it away."),
    Command("figures", "Every indicator of a period, for the whole and by bureau."),
    Command("archive", "Write the weeks that are over as Parquet files, and check them against the seals."),
    Command("report", "A week's, month's or year's report: JSON, page, PDF, Word, Excel; and freezing it."),
    Command("seal", "Seal what has been recorded since the last seal."),
    Command("verify", "Recompute everything from the timeline and name what differs."),
    Command("migrate", "Bring the database's schema up to date.", database=False, listed=False),
    Command("manage", "Run one of Django's own commands.", listed=False),
)
