"""Running other programs, so that a failure ends as one sentence."""

import contextlib
import os
import subprocess
import sys
import threading
import time

from .errors import CommandError

DISK_FULL = "No space left on device"
SECONDS_TO_CLEAN_UP = 30


def say(message):
    """Tell the person at the keyboard what came out, on standard output."""
    print(message, flush=True)


def note(message):
    """Tell the person at the keyboard what is going on, on standard error: what came out stays alone on the other."""
    print(message, file=sys.stderr, flush=True)


def run_logged(command, *, log, failure, cwd=None, env=None):
    """Run a program with its output in a log file.

    :param list command: The program and its arguments.
    :param Path log: The file that receives the output; earlier output is replaced.
    :param str failure: What to say when it fails, without a full stop.
    :raise CommandError: If the program cannot be started or fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            status = subprocess.call(  # nosec: every command is written in devtools
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=env,
            )
        except FileNotFoundError as error:
            raise CommandError(f"{failure}: the program {command[0]} is not there.") from error
    if status:
        raise CommandError(describe_failure(failure, log))


def call(command, **options):
    """Run a program with the terminal's input and output.

    Ctrl-C reaches the program too: it is given time to clean up.

    :param list command: The program and its arguments.
    :param options: Of `subprocess.Popen`.
    :return: Its exit status.
    :rtype: int
    """
    with subprocess.Popen([str(part) for part in command], **options) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_CLEAN_UP)
            process.kill()
            raise


@contextlib.contextmanager
def running(command, **options):
    """Have a program run while the context lasts; it is given time to clean up, then it is ended.

    :param list command: The program with its arguments.
    :param options: Of `subprocess.Popen`; what it has to complain about goes where its output goes.
    :return: The process.
    :rtype: subprocess.Popen
    """
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.STDOUT, **options)
    try:
        yield process
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_CLEAN_UP)
        process.kill()
        process.wait()


def call_side_by_side(commands, **options):
    """Run programs at the same time; each line of their output is printed after the number of its program.

    Ctrl-C reaches the programs too: they are given time to clean up.

    :param list[list] commands: The programs with their arguments.
    :param options: Of `subprocess.Popen`.
    :return: Their exit statuses.
    :rtype: list[int]
    """
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    processes = [subprocess.Popen([str(part) for part in command], **pipe, **options) for command in commands]
    readers = [
        threading.Thread(target=_print_lines, args=(number, process.stdout), daemon=True)
        for number, process in enumerate(processes, 1)
    ]
    try:
        for reader in readers:
            reader.start()
        return [process.wait() for process in processes]
    finally:
        deadline = time.monotonic() + SECONDS_TO_CLEAN_UP
        for process, reader in zip(processes, readers, strict=True):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            process.kill()
            reader.join(max(0, deadline - time.monotonic()))


def _print_lines(number, output):
    for line in output:
        say(f"{number}| {line.rstrip()}")


def describe_failure(failure, log):
    """Return the sentence for a program that failed.

    :param str failure: What did not work, without a full stop.
    :param Path log: The output of the program.
    :rtype: str
    """
    if DISK_FULL in log.read_text(encoding="utf-8", errors="replace"):
        return f"{failure}: the disk is full; make room and start again, it goes on where it stopped."
    return f"{failure}; what the program said is in {log}."


def write_atomically(path, text):
    """Write a file that is either whole or not there.

    :param Path path: The file.
    :param str text: Its content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
