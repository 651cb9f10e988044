"""Confinement: what a printer process gives up before it meets content. Linux only.

Printers work on pictures, drawings and HTML of outside origin, in libraries that parse them in C.
Before the first job each gives up, for good: starting programs and processes, sockets, every file
but fonts and its own code, core dumps, and more memory than a chunk may take. Whatever is then
broken into has nothing to take and nowhere to send it.

Landlock: https://docs.kernel.org/userspace-api/landlock.html
seccomp: https://man7.org/linux/man-pages/man3/seccomp_rule_add.3.html
"""

from __future__ import annotations

import ctypes
import errno
import multiprocessing
import os
import resource
import socket
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyseccomp  # imported before confinement: finding libseccomp starts a program

MEMORY_BYTES = 1536 * 1024 * 1024  # of address space; below, Pango aborts instead of raising
OPEN_FILES = 128
LOG_BYTES = 16 * 1024 * 1024  # what may still be written to files that are open already

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ABI_QUERY = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ALL_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}  # access rights by version
_ALL_LATER = (1 << 16) - 1
_PR_SET_NO_NEW_PRIVS = 38
_WATCH_SECONDS = 1.0

# What reaches out of the process. Pipes to the parent are open already and stay.
_REFUSED_CALLS = (
    *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4"),
    *("sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg"),
    *("execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev"),
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "bpf", "perf_event_open"),
    *("kill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal"),
    *("io_uring_setup", "userfaultfd", "keyctl", "add_key", "request_key", "kexec_load"),
)

_KEPT_NAMES = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "XDG_CACHE_HOME"})
_READABLE = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/var/cache/fontconfig"),
    *("/usr/share/fontconfig", "/usr/share/zoneinfo", "/etc/localtime", "/usr/lib/locale"),
    *("/usr/share/locale", "/usr/share/mime", "/dev/null", "/dev/urandom"),
)


_LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/usr/lib64")  # shared objects opened late


class NotConfined(RuntimeError):
    """This system cannot confine a process; the message says what is missing."""


class _Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


def confine() -> None:
    """Give it all up. Raises NotConfined, and may then have given up a part."""
    _forget_secrets()
    _leave_with_parent()
    _limit_resources()
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NotConfined("no_new_privs is refused")
    _close_files(_readable_paths())
    _close_calls()
    _prove()


def check() -> None:
    """Confine a process that does nothing else. Raises NotConfined when it cannot be done."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        reason = pool.submit(_reason_against).result()
    if reason:
        raise NotConfined(reason)


def _reason_against() -> str:
    try:
        confine()
    except NotConfined as reason:
        return str(reason)
    return ""


def _forget_secrets() -> None:
    """Only what finds fonts and sets the language stays of the environment."""
    for name in os.environ.keys() - _KEPT_NAMES:
        del os.environ[name]


def _leave_with_parent() -> None:
    """End when the server ends, however it does, even in the middle of a chunk.

    Not by the kernel's death signal: that comes when the thread that started us ends, and the
    pool is started by whatever request is the first.
    """
    watch = threading.Thread(target=_watch, args=[os.getppid()], daemon=True)
    watch.start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LOG_BYTES, LOG_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _readable_paths() -> set[str]:
    """Fonts, and whatever may still be imported: Python's own folders and the product's code.

    Not the folder around the code, which in a checkout holds the database.
    """
    python = {path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))}
    code = {str(Path(__file__).parent), str(Path(__file__).parents[1] / "addon")}
    found = {*_READABLE, *_LIBRARIES, *python, *code}
    return {path for path in found if Path(path).exists()}


def _close_files(readable: Iterable[str]) -> None:
    """No file but these can be opened any more, and none for writing."""
    version = _libc.syscall(_CREATE_RULESET, None, 0, _ABI_QUERY)
    if version < 1:
        raise NotConfined("Landlock is not there (Linux 5.13 or newer has it)")
    rights = _ALL_OF_ABI.get(version, _ALL_LATER)
    handled = _Ruleset(rights)
    ruleset = _libc.syscall(_CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if ruleset < 0:
        raise NotConfined(f"Landlock refuses: {errno.errorcode[ctypes.get_errno()]}")
    for path in readable:
        is_folder = Path(path).is_dir()
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        beneath = _PathBeneath(_READ_FILE | (_READ_DIR if is_folder else 0), target)
        failed = _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0)
        os.close(target)
        if failed:
            raise NotConfined(f"Landlock refuses a rule: {errno.errorcode[ctypes.get_errno()]}")
    if _libc.syscall(_RESTRICT_SELF, ruleset, 0):
        raise NotConfined(f"Landlock refuses: {errno.errorcode[ctypes.get_errno()]}")
    os.close(ruleset)


def _close_calls() -> None:
    """Calls that reach out of the process answer EPERM, on every thread."""
    calls = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _REFUSED_CALLS:
        try:
            calls.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
        except (OSError, ValueError):
            continue  # unknown to this kernel or processor, so there is nothing to refuse
    calls.set_attr(pyseccomp.Attr.CTL_TSYNC, 1)
    try:
        calls.load()
    except OSError as error:
        raise NotConfined(f"seccomp is refused: {error}") from error


def _prove() -> None:
    """Try what must not work any more."""
    for attempt in (_read_a_file, _open_a_socket, _start_a_program):
        try:
            attempt()
        except PermissionError:
            continue
        except OSError as error:
            raise NotConfined(f"{attempt.__name__} failed oddly: {error}") from error
        raise NotConfined(f"{attempt.__name__} still works")


def _read_a_file() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _open_a_socket() -> None:
    socket.socket().close()


def _start_a_program() -> None:
    os.posix_spawn("/bin/true", ["true"], {})
