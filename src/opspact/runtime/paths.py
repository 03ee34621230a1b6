"""The data directory: everything that OpsPact writes lies under it, and nothing outside changes mode or owner."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from opspact.runtime.faults import Fault, from_os_error
from opspact.runtime.privileges import Person

MINIMUM_FREE_BYTES = 200 * 1024 * 1024


def default_data_directory() -> Path:
    """`OPSPACT_DATA`, else /var/lib/opspact for root and the user's own data folder for everybody else."""
    if given := os.environ.get("OPSPACT_DATA"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/opspact")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "opspact"


@dataclass(frozen=True)
class DataDirectory:
    """The layout below the data directory; `prepare` makes it, owned by the person the parts run as."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def run(self) -> Path:
        """Process ids, the database's socket and how to reach it; worthless after a reboot."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def files(self) -> Path:
        """Attachments and frozen reports, by the SHA-256 of their content."""
        return self.root / "files"

    @property
    def spool(self) -> Path:
        return self.root / "collector"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def prepare(self, person: Person) -> None:
        """Make the folders for `person`.

        Raises Fault when they can't be made, when the disk is all but full, or when `person` could not reach them
        (as root, below somebody's private folder: opening that folder is not ours to do).
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.secrets, self.files, self.spool, self.logs):
                folder.mkdir(exist_ok=True)
                person.own(folder, 0o700)
            person.own(self.root, 0o711)
            probe = self.root / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise from_os_error(error, str(self.root)) from error
        if not person.can_reach(self.root):
            raise Fault(
                f"运行用户 {person.name} 无法进入 {self.root} 的上级目录：请用 --data 指定如 /var/lib/opspact 的目录。",
                f"The user {person.name} cannot reach {self.root}: choose one like /var/lib/opspact with --data.",
            )
        if shutil.disk_usage(self.root).free < MINIMUM_FREE_BYTES:
            raise from_os_error(OSError(28, "No space left on device"), str(self.root))
