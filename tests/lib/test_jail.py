import os
import threading
import time

import pytest

from hbu.lib import jail
from hbu.lib.jail import Jailed, Why
from tests.lib import captives


@pytest.fixture(autouse=True, scope="module")
def _captives_allowed():
    allowed = jail.ALLOWED | {f"tests.lib.captives:{name}" for name in vars(captives)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jail, "ALLOWED", allowed)
        jail.forget()
        yield
        jail.forget()


def run(name, payload=b"", **options):
    return jail.call(f"tests.lib.captives:{name}", payload, **options)


def failure_of(name, payload=b"", **options):
    with pytest.raises(Jailed) as caught:
        run(name, payload, **options)
    return caught.value


def test_a_function_gets_the_bytes_and_its_result_comes_back():
    assert run("length", b"x" * 5_000_000) == 5_000_000


def test_a_child_serves_many_calls_and_is_replaced_in_the_end(monkeypatch):
    monkeypatch.setattr(jail, "CALLS_PER_CHILD", 2)
    jail.forget()
    pids = [run("own_pid") for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert os.getpid() not in pids


def test_only_functions_of_the_list_may_be_called():
    with pytest.raises(ValueError, match="os:system"):
        jail.call("os:system", b"true")


def test_a_call_that_takes_too_long_is_killed_on_time():
    run("length")
    assert failure_of("nap", b"60", seconds=0.2).reason is Why.TIMEOUT


def test_running_out_of_cpu_time_counts_as_too_long():
    assert failure_of("run_out_of_cpu").reason is Why.TIMEOUT


def test_b10_memory_cpu_time_and_open_files_are_limited():
    limits = run("limits")
    assert limits["RLIMIT_AS"] == 512 * 1024 * 1024
    assert 10 <= limits["RLIMIT_CPU"] <= 12
    assert (limits["RLIMIT_NOFILE"], limits["RLIMIT_CORE"]) == (64, 0)


def test_too_much_memory_is_refused():
    assert failure_of("hoard").reason is Why.MEMORY


def test_a_crash_is_told_apart():
    assert failure_of("crash").reason is Why.CRASHED


def test_a_verdict_for_people_arrives_in_its_own_words_and_spares_the_child():
    pid = run("own_pid")
    assert failure_of("refuse").message == "The document is encrypted."
    assert run("own_pid") == pid


def test_the_text_of_any_other_error_stays_inside():
    failure = failure_of("stumble")
    assert (failure.reason, failure.detail) == (Why.ERROR, "RuntimeError")
    assert "secret" not in failure.message


@pytest.mark.parametrize("name", ["crash", "hoard", "stumble"])
def test_after_a_failure_the_next_call_has_a_fresh_child(name):
    pid = run("own_pid")
    failure_of(name)
    assert run("own_pid") != pid


def test_noise_of_a_library_does_not_garble_the_answer():
    assert run("chatter") == "done"


def test_an_answer_json_cannot_hold_is_an_error():
    assert failure_of("unspeakable").detail == "TypeError"


def test_an_endless_answer_is_not_taken_in():
    assert failure_of("flood").reason is Why.MEMORY


def test_nothing_can_be_written_to_disk(tmp_path):
    target = tmp_path / "escaped"
    assert failure_of("write_file", bytes(target)).detail == "OSError"
    assert not target.exists() or not target.read_text()


def test_our_environment_with_its_secrets_stays_out(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")
    jail.forget()
    assert "SECRET_KEY" not in run("surroundings")


def test_keywords_go_along_with_the_bytes():
    assert run("echo", b"data", file="Bestellung ü.pdf", page=2) == ["data", "Bestellung ü.pdf", 2]


def test_threads_do_not_share_a_child():
    pids = []
    threads = [threading.Thread(target=lambda: pids.append(run("own_pid"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 3


def test_a_fork_starts_a_child_of_its_own_and_leaves_ours_alone():
    ours = run("own_pid")
    receive, send = os.pipe()
    if not (fork := os.fork()):
        os.write(send, str(run("own_pid")).encode())
        os._exit(0)
    os.waitpid(fork, 0)
    assert int(os.read(receive, 20)) != ours
    assert run("own_pid") == ours


def test_a_child_dies_with_the_thread_that_owned_it():
    pids = []
    thread = threading.Thread(target=lambda: pids.append(run("own_pid")))
    thread.start()
    thread.join()
    deadline = time.monotonic() + 2
    while alive(pids[0]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(pids[0])


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_warm_call_costs_little():
    run("length")
    started = time.perf_counter()
    for _ in range(100):
        run("length", b"x" * 10_000)
    assert (time.perf_counter() - started) / 100 < 0.005


def test_a_question_that_was_interrupted_is_not_answered_to_the_next_one(monkeypatch):
    class StopWorkingError(Exception):
        pass

    def interrupted(*_args):
        raise StopWorkingError

    run("length")
    with monkeypatch.context() as patch:
        patch.setattr(jail._Child, "_receive", interrupted)
        with pytest.raises(StopWorkingError):
            run("length", b"one")
    assert run("length", b"another") == 7
