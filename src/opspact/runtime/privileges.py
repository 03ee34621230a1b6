"""Who the parts run as. As root they run as an unprivileged person; only the collector keeps CAP_NET_RAW.

Linux only: prctl(2) and capset(2) are called directly, since CPython offers neither.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CAP_NET_RAW = 13
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_CHILD_SUBREAPER = 36
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Person:
    """The system user that owns the data and runs the parts."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_this_process(cls) -> Person:
        """Ourselves; as root the user `opspact` if there is one, else `nobody` (initdb insists on a named user)."""
        if os.geteuid() != 0:
            entry = pwd.getpwuid(os.geteuid())
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        for name in ("opspact", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        raise LookupError("neither a user opspact nor nobody exists")

    @property
    def is_somebody_else(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, path: Path, mode: int) -> None:
        """Give `path` to this person. Only ever called below the data directory."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def can_reach(self, path: Path) -> bool:
        """Whether every folder down to `path` may be entered by this person."""
        if not self.is_somebody_else:
            return True
        resolved = path.resolve()
        return all(self._may_enter(folder) for folder in (*resolved.parents, resolved) if folder.is_dir())

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)

    def become(self) -> None:
        """Turn this very process into `self`, for good."""
        if not self.is_somebody_else:
            return
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)


def adopt_orphans() -> None:
    """Make this process the one to which orphaned grandchildren fall, so that it can stop them too."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send `number` when the thread that started this process ends, kill -9 included."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def child_setup(
    person: Person, *, keep: tuple[int, ...] = (), last_signal: signal.Signals = signal.SIGTERM
) -> Callable[[], None]:
    """What a child does between fork and exec: become `person` with only the capabilities `keep`, and die with us."""

    def setup() -> None:
        step_down(person, keep)
        die_with_parent(last_signal)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    return setup


def step_down(person: Person, keep: tuple[int, ...]) -> None:
    """Turn this process into `person`, keeping only the capabilities `keep`, exec included."""
    if keep and os.geteuid() == 0:
        _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    person.become()
    if keep and person.uid != 0:
        _keep_capabilities(keep)


def _keep_capabilities(keep: tuple[int, ...]) -> None:
    """Narrow the permitted set to `keep` and raise it as ambient, so that it survives exec; or go without."""
    mask = sum(1 << number for number in keep)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        return
    for number in keep:
        _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, number, 0, 0)
