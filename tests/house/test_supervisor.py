import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from redis import Redis

from hbu import broker
from hbu.lib.errors import DomainError
from hbu.lib.sockets import LONGEST, make_private, socket_path
from hbu.supervisor import ports
from hbu.supervisor.children import LEASH, Child, Program, Surroundings
from hbu.supervisor.house import choose_ports
from hbu.supervisor.rundir import Mark, RunFolder

ROOT = Path(__file__).resolve().parents[2]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
SLEEPING = "import time; print('awake', flush=True); time.sleep(60)"


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path / "run")
    make_private(folder.folder)
    return folder


@pytest.fixture
def said():
    return []


@pytest.fixture
def around(folder, said):
    return Surroundings(dict(os.environ), ROOT, folder, lambda *line: said.append(line))


@pytest.fixture
def taken_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def start():
    """Start a process of its own group, as a supervisor does, and end it after the test."""
    processes = []

    def start(*command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        processes.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def python(code):
    return [sys.executable, "-c", code]


@asynccontextmanager
async def kept(program, around, patience=2.0):
    child = Child(program, around)
    keeper = asyncio.create_task(child.keep())
    yield child
    await child.end(patience)
    await keeper


async def until(true, seconds=4.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def is_alive(pid):
    return Path(f"/proc/{pid}/cmdline").exists() and bool(Path(f"/proc/{pid}/cmdline").read_bytes())


# Ports


def test_a_default_port_that_is_taken_gives_way_to_a_free_one(taken_port):
    assert ports.choose("PORT", taken_port, environment={}) > taken_port


def test_a_port_that_somebody_named_is_never_swapped_for_another(taken_port):
    with pytest.raises(DomainError, match=f"PORT={taken_port} cannot be used: Address already"):
        ports.choose("PORT", taken_port, environment={"PORT": str(taken_port)})


def test_a_stranger_on_the_ipv6_side_of_localhost_counts():
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("This machine has no IPv6.")
    with closing(server):
        assert ports.trouble(server.getsockname()[1])


def test_a_port_that_does_not_exist_is_refused():
    with pytest.raises(DomainError, match="no such port"):
        ports.choose("PORT", 70000, environment={"PORT": "70000"})


def test_a_named_port_is_kept_free_of_the_others(settings, monkeypatch):
    settings.HBU_MAIL_HUB, settings.PORT = True, 18025
    settings.HBU_IMAP_PORT, settings.HBU_SMTP_PORT = 18143, 18025
    monkeypatch.setenv("HBU_SMTP_PORT", "18025")
    monkeypatch.delenv("HBU_IMAP_PORT")
    chosen = choose_ports()
    assert chosen["HBU_SMTP_PORT"] == 18025
    assert chosen["PORT"] > 18025


# One supervisor to a data folder


def test_a_second_supervisor_is_told_that_one_is_running(folder):
    with (
        folder.locked(),
        pytest.raises(DomainError, match=str(os.getpid())),
        RunFolder(folder.folder).locked(),
    ):
        pass


def test_a_supervisor_that_was_killed_does_not_lock_out_the_next(folder, start):
    holder = start(
        *python(
            "import sys, time; from pathlib import Path; from hbu.supervisor.rundir import RunFolder\n"
            f"with RunFolder(Path({str(folder.folder)!r})).locked(): print('mine', flush=True); time.sleep(60)"
        )
    )
    with pytest.raises(DomainError), folder.locked():
        pass
    holder.kill()
    holder.wait()
    with folder.locked():
        pass


def test_production_is_not_run_by_this_supervisor(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="embedded"):
        call_command("run")


# Leftovers


def leave(folder, process, **changes):
    mark = Mark.of(process.pid, process.args)
    folder.remember(
        "deaf", Mark(**{"pid": mark.pid, "began": mark.began, "command": mark.command} | changes)
    )


def test_a_leftover_is_ended_even_when_it_is_deaf(folder, start, monkeypatch):
    monkeypatch.setattr("hbu.supervisor.rundir.PATIENCE", 0.2)
    process = start(*python(DEAF))
    leave(folder, process)
    assert RunFolder(folder.folder).reap() == ["deaf"]
    assert process.wait(2) == -signal.SIGKILL


@pytest.mark.parametrize("changes", [{"began": "1"}, {"command": "celery worker"}])
def test_a_stranger_with_the_number_of_a_leftover_is_spared(folder, start, changes):
    process = start(*python(SLEEPING))
    leave(folder, process, **changes)
    assert RunFolder(folder.folder).reap() == []
    assert process.poll() is None


def test_half_a_list_is_no_list(folder):
    (folder.folder / "children.json").write_text('{"web": {"pid"')
    assert folder.reap() == []


def test_a_child_whose_parent_was_killed_ends_itself(start):
    if sys.platform != "linux":
        pytest.skip("Only Linux tells a child of its parent's death.")
    command = [sys.executable, "-I", "-S", str(LEASH)]
    parent = start(
        *python(
            "import os, subprocess, time\n"
            f"child = subprocess.Popen([*{command!r}, str(os.getpid()), 'sleep', '60'])\n"
            "time.sleep(0.5); print(child.pid, flush=True); time.sleep(60)"
        )
    )
    child = int(Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text())
    assert is_alive(child)
    parent.kill()
    deadline = time.monotonic() + 3
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


# Children


async def test_a_child_that_dies_is_started_again_and_that_is_said(around, said):
    async with kept(Program("web", python(SLEEPING)), around) as child:
        await until(lambda: ("web", "awake") in said)
        os.kill(child._process.pid, signal.SIGKILL)
        await until(lambda: said.count(("web", "awake")) == 2)
    assert ("web", "ended (SIGKILL); starting it again in 1 s.") in said


async def test_a_pool_does_not_outlive_its_worker(around, said):
    code = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEPING!r}]).pid, flush=True)"
    async with kept(Program("worker", python(code)), around):
        await until(lambda: any("ended (exit code 0)" in text for _, text in said))
        pool = next(int(text) for _, text in said if text.isdigit())
        await until(lambda: not is_alive(pool))


async def test_a_child_that_will_not_end_is_killed(around, said):
    async with kept(Program("web", python(DEAF)), around, patience=0.2):
        await until(lambda: ("web", "deaf") in said)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert ("web", "did not end in time and is killed.") in said


@pytest.mark.parametrize("turns", range(4))
async def test_a_child_that_is_just_being_started_is_ended_too(around, turns):
    async with kept(Program("web", python(SLEEPING)), around):
        for _ in range(turns):
            await asyncio.sleep(0)


async def test_a_line_without_end_stops_nothing(around, said):
    code = "import time; print('x' * 5_000_000, flush=True); print('still here', flush=True); time.sleep(60)"
    async with kept(Program("web", python(code)), around):
        await until(lambda: ("web", "still here") in said)


async def test_a_step_that_fails_says_which_and_how(around):
    with pytest.raises(DomainError, match=r"migrate failed \(exit code 3\)"):
        await Child(Program("migrate", python("raise SystemExit(3)")), around).once()


async def test_a_step_that_is_interrupted_leaves_nothing_running(around, said):
    step = asyncio.create_task(Child(Program("migrate", python(SLEEPING)), around).once())
    await until(lambda: ("migrate", "awake") in said)
    [mark] = around.folder._children.values()
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert not mark.is_alive()


# The broker


@pytest.fixture
def place(tmp_path):
    return socket_path(tmp_path / "run", "broker.sock"), tmp_path / "broker"


async def test_a_broker_that_is_killed_comes_back_with_what_was_rung(around, place):
    socket_file, data = place
    broker.prepare(socket_file, data)
    async with kept(Program("broker", broker.command(socket_file, data)), around) as child:
        await until(lambda: broker.answers(socket_file))
        with Redis(unix_socket_path=str(socket_file)) as client:
            client.rpush("default", "doorbell")
            config = client.config_get("port", "maxmemory-policy")
        os.kill(child._process.pid, signal.SIGKILL)
        await until(lambda: not broker.answers(socket_file))
        await until(lambda: broker.answers(socket_file))
        with Redis(unix_socket_path=str(socket_file)) as client:
            assert client.lrange("default", 0, -1) == [b"doorbell"]
    assert config == {"port": "0", "maxmemory-policy": "noeviction"}
    assert not broker.answers(socket_file)


def test_a_data_folder_with_a_long_path_has_its_socket_in_a_short_one():
    folder = Path("/srv") / ("deep/" * 30)
    path = socket_path(folder, "broker.sock")
    assert len(str(path)) <= LONGEST
    assert path == socket_path(folder, "broker.sock")
    assert path != socket_path(folder / "other", "broker.sock")


def test_a_path_that_a_url_would_garble_is_avoided_too():
    assert socket_path(Path("/srv/hbu"), "broker.sock") == Path("/srv/hbu/broker.sock")
    assert "Müller" not in str(socket_path(Path("/home/Jörg Müller/hbu"), "broker.sock"))


def test_a_folder_that_somebody_else_laid_out_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "trap").symlink_to(tmp_path / "theirs")
    with pytest.raises(DomainError, match="Somebody else"):
        make_private(tmp_path / "trap")
