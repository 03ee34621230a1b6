"""Faults that a person at the terminal can mend, each one clear sentence in Chinese and in English."""

from __future__ import annotations

import errno


class Fault(Exception):
    """A start-up or command-line problem with a known mend; printed as it is, without a traceback, exit code 1."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english

    def __str__(self) -> str:
        return f"{self.chinese} {self.english}"


def from_os_error(error: OSError, where: str) -> Fault:
    """The sentence for an operating system's refusal while using the path `where`."""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Fault(
            f"没有写入 {where} 的权限：请换一个目录（--data DIR）或更改其属主。",
            f"No permission to write {where}: choose another directory with --data DIR or change its owner.",
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Fault(
            f"{where} 所在磁盘已满：请清出至少 1 GB 空间后重试。",
            f"The disk that holds {where} is full: free at least 1 GB and try again.",
        )
    return Fault(f"无法使用 {where}：{error.strerror}。", f"Cannot use {where}: {error.strerror}.")
