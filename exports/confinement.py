"""Confinement: what a printer process gives up before it meets content. Linux only.

Printers work on pictures, drawings and HTML of outside origin, in libraries that parse them in C.
Before its first task each gives up, for good: every file but fonts and code, writing, sockets,
starting programs and processes, signals to others, core dumps, and more memory than a chunk may
take. Whatever is then broken into has nothing to take and nowhere to send it.

Landlock: https://docs.kernel.org/userspace-api/landlock.html
seccomp: https://man7.org/linux/man-pages/man2/seccomp.2.html

`python -m exports.confinement` tries it, and says what is missing on this machine.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# Of address space. The largest picture takes 1.4 GB, a table of 5,000 rows 0.8; with less than
# 640 MB Pango aborts instead of raising.
MEMORY_BYTES = 2048 * 1024 * 1024
OPEN_FILES = 128
_CHECK_SECONDS = 60.0

# All that is left of the environment: where fonts and libraries are, and the language.
_KEPT_NAMES = (
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH"),
    *("XDG_CACHE_HOME", "XDG_DATA_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH"),
    "PYTHONDONTWRITEBYTECODE",
)

_FONTS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("$XDG_DATA_HOME/fonts", "/etc/fonts", "$FONTCONFIG_FILE", "$FONTCONFIG_PATH"),
    *("/usr/share/fontconfig", "/var/cache/fontconfig", "~/.cache/fontconfig"),
    "$XDG_CACHE_HOME/fontconfig",
)
_SYSTEM = (
    *("/usr/lib", "/lib", "/lib64", "/usr/lib64", "/etc/ld.so.cache"),  # libraries opened late
    *("/usr/share/zoneinfo", "/etc/localtime", "/usr/share/locale", "/usr/share/mime"),
    "/usr/share/libthai",  # Pango breaks Thai lines by its dictionary
    *("/dev/null", "/dev/urandom"),
)

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ABI_QUERY = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # by ABI
_FILE_RIGHTS_LATER = (1 << 16) - 1
_TCP_RIGHTS, _TCP_SINCE = 0b11, 4  # bind and connect
_SCOPES, _SCOPES_SINCE = 0b11, 6  # abstract sockets and signals of others
_PR_SET_NAME, _PR_SET_NO_NEW_PRIVS = 15, 38
_CLONE_THREAD = 0x00010000
_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS)

# All that a printer may still ask the kernel for; found by watching every construct being printed
# (strace), and by thinking on. A call that is not here does not exist, says the kernel: libc, which
# has to run on old kernels too, then takes an older one. Names of both x86-64 and ARM64.
_CALLS = (
    # memory
    *("brk", "mmap", "munmap", "mremap", "mprotect", "madvise"),
    # files, within what Landlock leaves
    *("open", "openat", "close", "read", "readv", "pread64", "write", "writev", "lseek"),
    *("stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2"),
    *("readlink", "readlinkat", "getdents64", "statfs", "fstatfs", "getcwd", "fcntl", "dup"),
    "fadvise64",
    # threads, of this process
    *("futex", "set_robust_list", "rseq", "set_tid_address", "gettid", "getpid", "sched_yield"),
    *("sched_getaffinity", "membarrier", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn"),
    *("sigaltstack", "restart_syscall", "exit", "exit_group"),
    # clocks and chance
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    *("times", "getrusage", "getrandom"),
    # waiting for the server's word
    *("poll", "ppoll"),
    # who and where
    *("uname", "sysinfo", "getuid", "geteuid", "getgid", "getegid", "getppid", "getrlimit"),
)


class NotConfined(RuntimeError):
    """This system cannot confine a process; the message says what is missing."""


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`; older kernels take it as long as what they lack is zero."""

    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


def bare_environment() -> dict[str, str]:
    """What a printer is started with: no secret, no address, and the way to our code.

    From the start, because /proc/self/environ keeps showing what a process once began with. And
    with no path to programs: cffi, looking for Pango, asks compilers and linkers if there are any
    (0.12 s of work). fontTools writes the time into a font it cuts; equal input makes equal bytes.
    """
    path = os.pathsep.join(dict.fromkeys(str(Path(entry).absolute()) for entry in sys.path))
    kept = {name: value for name, value in os.environ.items() if name in _KEPT_NAMES}
    return {**kept, "PATH": "", "PYTHONPATH": path, "SOURCE_DATE_EPOCH": "0"}


def confine() -> None:
    """Give it all up. Raises NotConfined, and may then have given up a part.

    To be called before any second thread: Landlock holds the calling one and those it starts.
    """
    if len(os.listdir("/proc/self/task")) > 1:
        raise NotConfined("there are threads already")
    seccomp = _imported_seccomp()
    _limit_resources()
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NotConfined("no_new_privs is refused")
    _close_files(_readable_paths(os.environ))
    _close_calls(seccomp)
    _prove()


def check() -> None:
    """Confine a process that does nothing else. Raises NotConfined when it cannot be done."""
    command = [sys.executable, "-P", "-m", __name__]
    try:
        tried = subprocess.run(  # noqa: S603  # this module
            command,
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_CHECK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotConfined(f"it cannot be tried: {type(error).__name__}") from error
    if tried.returncode:
        words = tried.stderr.strip().splitlines()
        raise NotConfined(words[-1] if words else f"the trial ended with {tried.returncode}")


def _imported_seccomp() -> Any:
    """pyseccomp, which starts a program to find its library: imported while that works."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise NotConfined("libseccomp is not there (Debian has it in libseccomp2)") from error
    return pyseccomp


def _limit_resources() -> None:
    """Not RLIMIT_NPROC, which counts what else runs under this account."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _readable_paths(environment: Mapping[str, str]) -> set[str]:
    """Fonts, and whatever may still be imported: Python's own folders and the product's code.

    Not the folder around the code, which in a checkout holds the database.
    """
    home = environment.get("HOME", "")
    named = {f"${name}": value for name, value in environment.items() if Path(value).is_absolute()}
    if Path(home).is_absolute():
        named["~"] = home
    places = set()
    for entry in (*_FONTS, *_SYSTEM):
        head, _, rest = entry.partition("/")
        if head in named:
            places.add(str(Path(named[head], rest)))
        elif not head:
            places.add(entry)
    code = {str(Path(__file__).parent), str(Path(__file__).parents[1] / "addon")}
    return {path for path in places | _python_paths() | code if Path(path).exists()}


def _python_paths() -> set[str]:
    """Where modules and their data are, and the shared library of the interpreter."""
    homes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
    modules = {path for path in sys.path if any(Path(path).is_relative_to(it) for it in homes)}
    return modules | {str(home / "lib") for home in homes}


def _close_files(readable: Iterable[str]) -> None:
    """No file but these can be opened any more, and none for writing."""
    version = _libc.syscall(_CREATE_RULESET, None, 0, _ABI_QUERY)
    if version < 1:
        raise NotConfined(
            "Landlock is not there (Linux 5.13 or newer has it, if it is switched on)"
        )
    handled = _Ruleset(
        _FILE_RIGHTS.get(version, _FILE_RIGHTS_LATER),
        _TCP_RIGHTS if version >= _TCP_SINCE else 0,
        _SCOPES if version >= _SCOPES_SINCE else 0,
    )
    ruleset = _libc.syscall(_CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if ruleset < 0:
        raise _refused("Landlock")
    for path in readable:
        _allow(ruleset, path)
    if _libc.syscall(_RESTRICT_SELF, ruleset, 0):
        raise _refused("Landlock")
    os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    is_folder = Path(path).is_dir()
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    beneath = _PathBeneath(_READ_FILE | (_READ_DIR if is_folder else 0), target)
    failed = _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0)
    os.close(target)
    if failed:
        raise _refused("a rule of Landlock")


def _refused(what: str) -> NotConfined:
    return NotConfined(f"{what} is refused: {errno.errorcode.get(ctypes.get_errno(), 'unknown')}")


def _close_calls(seccomp: Any) -> None:
    """Leave the kernel's calls of the list, and a few with certain arguments, on every thread."""
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
    for name in _CALLS:
        with suppress(OSError, ValueError):  # unknown to this processor
            rules.add_rule(seccomp.ALLOW, name)
    # Pango looks for fonts in threads of its own. Not clone3, whose arguments cannot be seen.
    thread = seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)
    rules.add_rule(seccomp.ALLOW, "clone", thread)
    rules.add_rule(seccomp.ALLOW, "prctl", seccomp.Arg(0, seccomp.EQ, _PR_SET_NAME))
    # abort() sends itself a signal; nobody else gets one.
    rules.add_rule(seccomp.ALLOW, "tgkill", seccomp.Arg(0, seccomp.EQ, os.getpid()))
    # Limits may be read and not set: root could lift its own.
    rules.add_rule(seccomp.ALLOW, "prlimit64", seccomp.Arg(2, seccomp.EQ, 0))
    rules.add_rule(seccomp.ERRNO(errno.ENOTTY), "ioctl")  # Python asks what is a terminal
    rules.set_attr(seccomp.Attr.CTL_TSYNC, 1)
    try:
        rules.load()
    except OSError as error:
        raise NotConfined(f"seccomp is refused: {error.strerror}") from error


def _prove() -> None:
    """Try what must not work any more."""
    for attempt in (_read_a_file, _write_a_file, _open_a_socket, _start_a_program):
        try:
            attempt()
        except OSError as error:
            if error.errno in _REFUSALS:
                continue
            raise NotConfined(f"{attempt.__name__} failed oddly: {error.strerror}") from error
        raise NotConfined(f"{attempt.__name__} still works")


def _read_a_file() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _write_a_file() -> None:
    os.close(os.open("/dev/null", os.O_WRONLY))


def _open_a_socket() -> None:
    socket.socket().close()


def _start_a_program() -> None:
    os.posix_spawn("/bin/true", ["true"], {})


if __name__ == "__main__":
    try:
        confine()
    except NotConfined as reason:
        sys.exit(str(reason))
