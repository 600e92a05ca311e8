import pytest

from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Span
from gowatchd.services import notes, unit_notes
from gowatchd.services.announcing import Announcer
from gowatchd.services.changes import HistoryError
from gowatchd.services.fixer import Fixed, Fixing
from gowatchd.services.fixing import Refusal
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.notes import SERVER_DECIDES, UNTIL_CLOSED, Level, Note, Urgency
from gowatchd.services.undoing import Undoing, UndoOutcome
from tests.support.scheduler import ManualScheduler

APP, TOOLS, LIB = "/src/app/go.work", "/src/tools/go.mod", "/src/lib/go.mod"


class Screen:
    """A notifier that shows what it is given; the test plays the person in front of it."""

    def __init__(self):
        self.notes: dict[str, Note] = {}
        self.new = []  # keys in the order in which new notes came up
        self.listener = None
        self.run = 1
        self.adopted = {}

    def adopt(self, numbers):
        self.adopted = dict(numbers)

    def press(self, key, action, token=None):
        self.listener.action(key, action, token)

    def listen(self, listener):
        self.listener = listener

    def show(self, note):
        if note.key not in self.notes:
            self.new.append(note.key)
        self.notes[note.key] = note
        self.listener.shown(note.key, len(self.new))

    def close(self, key):
        self.notes.pop(key, None)

    def dismiss(self, key):
        del self.notes[key]
        self.listener.closed(key)

    def appear(self):
        self.listener.server_changed(f"a server {self.run}", f"run {self.run}")

    def vanish(self):
        self.notes.clear()
        self.run += 1
        self.listener.server_changed(None, "")

    @property
    def titles(self):
        return [note.title for note in self.notes.values()]


class Bench:
    def __init__(self, level=Level.CHANGES, start_seconds=0.0, *, server=True, memory=None, **deeds):
        self.time = ManualScheduler()
        self.screen = Screen()
        self.undone = []
        self.outcomes = {}
        self.limits = {}  # the most that may be told of a workspace
        self.announcer = Announcer(
            self.screen,
            self.time,
            level,
            NoteDeeds(self.undo, **deeds),
            start_seconds=start_seconds,
            limit=lambda path: self.limits.get(path, Level.ALL),
            memory=memory,
        )
        if server:
            self.screen.appear()

    def undo(self, change):
        self.undone.append(change)
        outcome = self.outcomes.get(change, UndoOutcome.UNDONE)
        if isinstance(outcome, HistoryError):
            raise outcome
        if outcome is UndoOutcome.UNDONE:
            self.announcer.undone(change, "/src/app/go.mod")
        return Undoing(change, "/src/app/go.mod", outcome, f"message of {change}")

    def check(self, workspace, *diagnostics):
        self.announcer.checked(workspace, diagnostics)
        self.time.advance(1)


@pytest.fixture
def bench():
    return Bench()


def error(message="directory ./x does not exist", line=5, severity=Severity.ERROR, path=APP):
    return Diagnostic(path, Span.at(line), severity, "use-missing-module", message)


def test_a_setting_that_is_wrong_everywhere_is_told_once(bench):
    def off(path):
        return Diagnostic(path, Span.at(1), Severity.ERROR, "modules-disabled", "GO111MODULE=off; unset it")

    other, third = "/src/other/go.mod", "/src/third/go.mod"
    bench.check(APP, off(APP))
    bench.check(other, off(other), error(path=other))
    bench.check(third, off(third))
    app, elsewhere = bench.screen.notes.values()
    assert "GO111MODULE=off" in app.body
    assert "GO111MODULE=off" not in elsewhere.body
    assert "directory ./x does not exist" in elsewhere.body
    bench.announcer.vanished(APP)
    bench.check(third, off(third))
    assert sum("GO111MODULE=off" in note.body for note in bench.screen.notes.values()) == 1


class TestFormatted:
    def test_one_file(self, bench):
        bench.announcer.formatted(17, "/src/app/go.mod", APP)
        bench.time.advance(2.9)
        assert bench.screen.titles == []
        bench.time.advance(0.2)
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body) == ("Formatted app/go.mod", "/src/app")
        assert (note.urgency, note.transient, note.milliseconds) == (Urgency.LOW, True, SERVER_DECIDES)
        assert note.actions == (("show", "Show diff"), ("undo", "Undo"))
        assert note.click == "show"

    def test_files_of_one_workspace_come_as_one_note_after_3_quiet_seconds(self, bench):
        for change, name in enumerate(("go.work", "a/go.mod", "b/go.mod", "a/go.mod"), start=1):
            bench.announcer.formatted(change, f"/src/app/{name}", APP)
            bench.time.advance(2)
        assert bench.screen.titles == []
        bench.time.advance(1)
        assert bench.screen.titles == ["Formatted 3 files"]
        assert bench.screen.notes[f"formatted:{APP}"].body == "app/go.work, a/go.mod, b/go.mod"

    def test_saving_on_and_on_does_not_put_it_off_for_ever(self, bench):
        for change in range(1, 9):
            bench.announcer.formatted(change, "/src/app/go.mod", APP)
            bench.time.advance(2)
        assert len(bench.screen.new) == 1

    def test_undo_takes_back_all_the_newest_first_and_closes_the_note(self, bench):
        for change in (1, 2, 3):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.undone == [3, 2, 1]
        assert bench.screen.titles == []

    def test_undo_says_what_could_not_be_undone(self, bench):
        bench.outcomes = {1: UndoOutcome.CHANGED}
        for change in (1, 2):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body, note.actions) == ("Not undone", "message of 1", ())

    def test_undo_without_a_history_says_so(self, bench):
        bench.outcomes = {1: HistoryError("disk full")}
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.screen.notes[f"formatted:{APP}"].body == "disk full"

    def test_a_button_of_a_note_that_is_gone_does_nothing(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.dismiss(f"formatted:{APP}")
        bench.screen.press(f"formatted:{APP}", "undo")
        bench.screen.press("formatted:never", "undo")
        assert bench.undone == []

    def test_an_action_that_we_do_not_know_does_nothing(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "default")
        assert bench.undone == []

    def test_an_undo_from_elsewhere_closes_the_note_or_stops_it(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.announcer.undone(1, "/src/app/go.mod")
        assert bench.screen.titles == []
        bench.announcer.formatted(2, "/src/app/go.mod", APP)
        bench.announcer.undone(2, "/src/app/go.mod")
        bench.time.advance(3)
        assert bench.screen.titles == []

    def test_a_part_undone_elsewhere_is_not_undone_again(self, bench):
        for change in (1, 2):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.announcer.undone(1, "/src/app/1/go.mod")
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.undone == [2]


class TestProblems:
    def test_a_break_is_told_once(self, bench):
        bench.check(APP)
        bench.check(APP, error())
        (note,) = bench.screen.notes.values()
        assert note.title == "1 problem in app/go.work"
        assert note.body == "go.work:5: directory ./x does not exist"
        assert note.urgency is Urgency.NORMAL
        assert note.actions == (("mute", "Mute 1 h"),)
        bench.screen.dismiss(note.key)
        bench.check(APP, error())
        bench.check(APP, error(line=9))  # it only moved
        assert bench.screen.titles == []

    def test_what_came_with_a_disk_was_wrong_before(self):
        bench = Bench(start_seconds=30)
        bench.time.advance(40)
        bench.announcer.arrived([TOOLS])
        bench.check(TOOLS, error(path=TOOLS))
        assert bench.screen.titles == []
        bench.time.advance(30)
        bench.check(TOOLS, error(path=TOOLS))
        assert bench.screen.titles == []
        bench.check(TOOLS, error(path=TOOLS), error("another", path=TOOLS))
        assert len(bench.screen.titles) == 1

    def test_a_slip_that_is_mended_at_once_is_not_told(self, bench):
        bench.announcer.checked(APP, [error()])
        bench.time.advance(0.5)
        bench.announcer.checked(APP, [])
        bench.time.advance(10)
        assert bench.screen.new == []

    def test_another_problem_updates_the_note_in_place(self, bench):
        bench.check(APP, error())
        bench.check(APP, error(), error("go 1.24 is required"))
        assert bench.screen.titles == ["2 problems in app/go.work"]
        assert len(bench.screen.new) == 1

    def test_fewer_problems_are_no_news_but_correct_the_note_on_show(self, bench):
        bench.check(APP, error(), error("other"))
        bench.check(APP, error())
        assert bench.screen.titles == ["1 problem in app/go.work"]
        bench.screen.dismiss(f"problem:{APP}")
        bench.check(TOOLS, error(), error("other"))
        bench.screen.dismiss(f"problem:{TOOLS}")
        bench.check(TOOLS, error())
        assert bench.screen.titles == []

    def test_the_repair_replaces_the_note_for_five_seconds(self, bench):
        bench.check(APP, error())
        bench.check(APP)
        (note,) = bench.screen.notes.values()
        assert note.title == "app/go.work is fine again"
        assert (note.urgency, note.milliseconds, note.transient) == (Urgency.LOW, 5000, True)
        assert len(bench.screen.new) == 1

    def test_the_repair_of_what_was_never_shown_is_silent(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.check(APP)
        bench.screen.appear()
        assert bench.screen.new == []

    def test_warnings_count_only_at_level_all(self, bench):
        bench.check(APP, error(severity=Severity.WARNING))
        assert bench.screen.new == []
        everything = Bench(Level.ALL)
        everything.check(APP, error(severity=Severity.WARNING), error(severity=Severity.INFO))
        assert everything.screen.titles == ["1 problem in app/go.work"]

    def test_what_was_wrong_at_the_start_is_no_news(self):
        bench = Bench(start_seconds=30)
        bench.check(APP)
        bench.check(APP, error())  # the go command's opinion comes a little later
        bench.time.advance(40)
        bench.check(APP, error())
        assert bench.screen.new == []
        bench.check(APP, error(), error("new"))
        assert bench.screen.titles == ["2 problems in app/go.work"]

    def test_a_workspace_that_comes_later_and_is_broken_is_news(self):
        bench = Bench(start_seconds=30)
        bench.time.advance(31)
        bench.check(LIB, error())
        assert bench.screen.titles == ["1 problem in lib/go.mod"]

    def test_a_workspace_that_is_gone_takes_its_note_along(self, bench):
        bench.check(APP, error())
        bench.announcer.vanished(APP)
        assert bench.screen.titles == []
        bench.announcer.checked(LIB, [error()])
        bench.announcer.vanished(LIB)
        bench.time.advance(5)
        assert bench.screen.titles == []
        assert bench.time.planned == 0

    def test_long_lists_and_texts_are_cut(self, bench):
        bench.check(APP, *[error("x" * 1000 + str(number)) for number in range(9)])
        lines = bench.screen.notes[f"problem:{APP}"].body.split("\n")
        assert [len(line) for line in lines[:5]] == [200] * 5
        assert lines[5] == "and 4 more"

    def test_text_from_files_cannot_act(self, bench):
        bench.check("/src/\x1b[31m\n/go.mod", error("a\nb\x1b[0m\udcff"))
        (note,) = bench.screen.notes.values()
        assert note.title == r"1 problem in \x1b[31m\n/go.mod"
        assert note.body.endswith(r"a\nb\x1b[0m\xff")

    def test_a_reload_takes_away_the_notes_on_what_is_not_watched_any_more(self, bench):
        bench.check(APP, error())
        bench.check(LIB, error(path=LIB))
        bench.announcer.keep_only([APP])
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_a_part_that_works_again_takes_its_note_away(self, bench):
        for _ in range(2):
            bench.announcer.degraded("go", "no go command found")
            assert bench.screen.titles == ["gowatchd works without go"]
            bench.announcer.restored("go")
            assert bench.screen.titles == []


class TestRate:
    def test_a_fourth_note_within_a_minute_waits_and_is_merged(self, bench):
        for number in range(6):
            bench.check(f"/src/{number}/go.mod", error())
        assert len(bench.screen.new) == 3
        bench.time.advance(60)
        assert bench.screen.new[3:] == ["summary"]
        note = bench.screen.notes["summary"]
        assert note.title == "3 workspaces changed"
        assert note.body.split("\n") == [f"1 problem in {number}/go.mod" for number in (3, 4, 5)]

    def test_a_single_one_that_waited_comes_as_itself(self, bench):
        for number in range(4):
            bench.check(f"/src/{number}/go.mod", error())
        bench.time.advance(60)
        assert bench.screen.new == [f"problem:/src/{number}/go.mod" for number in range(4)]

    def test_a_flood_never_makes_more_than_three_a_minute(self, bench):
        for number in range(600):
            bench.announcer.degraded(f"part {number}", "because")
            bench.time.advance(1)
        assert len(bench.screen.new) <= 3 * 10 + 3
        assert bench.time.planned <= 1

    def test_an_update_in_place_is_not_counted(self, bench):
        for number in range(10):
            bench.check(APP, error(str(number)))
        assert bench.screen.titles == ["1 problem in app/go.work"]
        bench.check(TOOLS, error())
        assert len(bench.screen.new) == 2

    def test_the_summary_goes_when_nothing_of_it_is_true_any_more(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.check(TOOLS, error())
        bench.screen.appear()
        assert bench.screen.new == ["summary"]
        bench.announcer.vanished(APP)
        assert list(bench.screen.notes) == ["summary"]
        bench.announcer.vanished(TOOLS)
        assert bench.screen.titles == []


class TestServer:
    def test_what_waited_for_the_server_comes_as_one_summary(self):
        bench = Bench(server=False)
        bench.announcer.degraded("the go command", "not found")
        bench.check(APP, error())
        bench.check(APP, error(), error("other"))
        bench.announcer.formatted(1, "/src/lib/go.mod", LIB)
        bench.time.advance(3)
        bench.screen.appear()
        assert bench.screen.new == ["summary"]
        assert bench.screen.notes["summary"].body.split("\n") == [
            "gowatchd works without the go command",
            "2 problems in app/go.work",
            "Formatted lib/go.mod",
        ]

    def test_what_waits_is_bounded(self):
        bench = Bench(server=False)
        for number in range(1000):
            bench.announcer.degraded(str(number), "because")
        bench.screen.appear()
        assert bench.screen.notes["summary"].title.startswith("64 messages")

    def test_a_new_server_is_told_what_is_still_true(self, bench):
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.vanish()
        bench.check(TOOLS)
        bench.screen.appear()
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_what_is_repaired_while_there_is_no_server_is_not_told_again(self, bench):
        bench.check(APP, error())
        bench.screen.vanish()
        bench.check(APP)
        bench.screen.appear()
        assert bench.screen.titles == []


class TestLevels:
    def everything(self, level):
        bench = Bench(level)
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.checked(APP, [error()])
        bench.time.advance(5)
        bench.announcer.undone(9, "/src/lib/go.mod")
        bench.time.advance(120)
        bench.announcer.degraded("the go command", "not found")
        bench.announcer.degraded("the go command", "not found")
        bench.announcer.write_failed("/src/app/go.mod", "No space left on device")
        return bench

    def test_off(self):
        assert self.everything(Level.OFF).screen.new == []

    def test_problems(self):
        new = self.everything(Level.PROBLEMS).screen.new
        assert new == [f"problem:{APP}", "degraded:the go command", "write:/src/app/go.mod"]

    def test_changes(self):
        assert f"formatted:{APP}" in self.everything(Level.CHANGES).screen.new

    def test_all(self):
        assert "undone:/src/lib/go.mod" in self.everything(Level.ALL).screen.new

    def test_a_level_set_later_counts_for_what_happens_then(self, bench):
        bench.announcer.level = Level.OFF
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(5)
        assert bench.screen.new == []
        bench.announcer.level = Level.CHANGES
        bench.check(APP, error())  # wrong before it was set: no news
        bench.check(TOOLS, error())
        assert bench.screen.new == [f"problem:{TOOLS}"]

    def test_a_part_that_is_off_is_told_once_and_stays(self):
        bench = self.everything(Level.CHANGES)
        note = bench.screen.notes["degraded:the go command"]
        assert (note.body, note.milliseconds) == ("not found", UNTIL_CLOSED)
        assert bench.screen.new.count(note.key) == 1

    def test_nothing_is_ever_critical(self):
        assert max(Urgency) < 2


def fixable(message="go line too low", severity=Severity.ERROR):
    edit = Edit(APP, Span.at(5), "x")
    return Diagnostic(APP, Span.at(5), severity, "go-line-too-low", message, Fix("Raise it", (edit,)))


class TestFixes:
    """The Fix button of a problem, and what was fixed on save."""

    @pytest.fixture
    def bench(self):
        bench = Bench()
        bench.asked = []
        bench.answer = Fixing((Fixed(APP, 7, ("Raise it",)),))

        def fix(workspace, codes):
            bench.asked.append((workspace, codes))
            if isinstance(bench.answer, HistoryError):
                raise bench.answer
            return bench.answer

        bench.announcer = Announcer(
            bench.screen, bench.time, Level.CHANGES, NoteDeeds(bench.undo, fix=fix), start_seconds=0.0
        )
        bench.screen.appear()
        return bench

    def press(self, bench):
        bench.screen.press(f"problem:{APP}", "fix")

    def test_only_what_can_be_fixed_has_the_button(self, bench):
        bench.check(APP, error())
        mute = ("mute", "Mute 1 h")
        assert bench.screen.notes[f"problem:{APP}"].actions == (mute,)
        bench.check(APP, error(), fixable())
        assert bench.screen.notes[f"problem:{APP}"].actions == (("fix", "Fix"), mute)

    def test_the_button_fixes_what_was_told_and_says_so(self, bench):
        bench.check(APP, error(), fixable())
        self.press(bench)
        assert bench.asked == [(APP, frozenset({"go-line-too-low"}))]
        note = bench.screen.notes[f"fixed:{APP}"]
        assert (note.title, note.body) == ("Fixed app/go.work", "Raise it")
        assert [key for key, _ in note.actions] == ["show", "undo"]

    def test_the_problem_note_closes_when_the_verdict_is_clean(self, bench):
        bench.check(APP, fixable())
        self.press(bench)
        assert f"problem:{APP}" in bench.screen.notes
        bench.check(APP)
        assert list(bench.screen.notes) == [f"fixed:{APP}"]
        bench.check(APP, error("another"))
        bench.check(APP)
        assert bench.screen.notes[f"problem:{APP}"].title == "app/go.work is fine again"

    def test_what_is_left_stays_in_the_note(self, bench):
        bench.check(APP, error(), fixable())
        self.press(bench)
        bench.check(APP, error())
        note = bench.screen.notes[f"problem:{APP}"]
        assert note.title == "1 problem in app/go.work"
        assert [key for key, _ in note.actions] == ["mute"]

    def test_undo_takes_it_back(self, bench):
        bench.check(APP, fixable())
        self.press(bench)
        bench.screen.press(f"fixed:{APP}", "undo")
        assert bench.undone == [7]
        assert f"fixed:{APP}" not in bench.screen.notes

    def test_what_could_not_be_fixed_is_said_with_its_reason(self, bench):
        bench.answer = Fixing((), (Refusal(APP, "Raise it", "another program keeps it open"),))
        bench.check(APP, fixable())
        self.press(bench)
        note = bench.screen.notes[f"fixed:{APP}"]
        assert (note.title, note.body) == ("Not fixed", "Raise it: another program keeps it open")
        bench.answer = HistoryError("disk full")
        self.press(bench)
        assert bench.screen.notes[f"fixed:{APP}"].body == "disk full"

    def test_a_button_that_the_note_does_not_have_does_nothing(self, bench):
        bench.check(APP, error())
        self.press(bench)
        bench.screen.press(f"problem:{APP}", "undo")
        assert (bench.asked, bench.undone) == ([], [])

    def test_fixed_on_save_is_told_like_formatting_with_its_titles(self, bench):
        bench.announcer.formatted(1, "/src/app/a/go.mod", APP)
        bench.announcer.fixed(2, APP, APP, ("Raise it",))
        bench.time.advance(3)
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body, note.changes) == ("Fixed 2 files", "Raise it", (1, 2))


class TestLimits:
    def test_a_muted_workspace_is_not_spoken_of_and_the_others_are(self, bench):
        bench.limits[APP] = Level.OFF
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.write_failed(APP, "disk full")
        bench.time.advance(20)
        assert bench.screen.titles == []
        bench.check(TOOLS, error(path=TOOLS))
        assert len(bench.screen.titles) == 1

    def test_what_was_wrong_meanwhile_is_no_news_afterwards(self, bench):
        bench.limits[APP] = Level.OFF
        bench.check(APP, error())
        bench.limits.clear()
        bench.check(APP, error(line=6))
        assert bench.screen.titles == []
        bench.check(APP, error(), error("another"))
        assert len(bench.screen.titles) == 1

    def test_a_mute_takes_away_what_is_on_show_and_on_its_way(self, bench):
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.checked(APP, (error(), error("another")))
        assert len(bench.screen.titles) == 1
        bench.limits[APP] = Level.OFF
        bench.announcer.limits_changed()
        bench.time.advance(20)
        assert bench.screen.titles == []
        assert bench.time.planned == 0

    def test_a_lower_limit_keeps_problems_and_drops_the_rest(self, bench):
        bench.limits[APP] = Level.PROBLEMS
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(20)
        assert bench.screen.titles == []
        bench.check(APP, error())
        assert len(bench.screen.titles) == 1

    def test_a_limit_does_not_raise_the_level(self):
        bench = Bench(Level.PROBLEMS)
        bench.limits[APP] = Level.ALL
        bench.check(APP, error(severity=Severity.WARNING))
        assert bench.screen.titles == []

    def test_while_quiet_problems_are_taken_for_old_ones(self, bench):
        bench.announcer.quiet = True
        bench.check(APP, error())
        bench.announcer.quiet = False
        bench.check(APP, error(line=6))
        assert bench.screen.titles == []


class TestUnits:
    def repaired(self, *, runs=False, names=("A", "B")):
        return unit_notes.unit_repaired("sync.service", names, 7, runs=runs)

    def test_a_repair_has_an_undo_and_a_restart_only_where_it_runs_without_it(self):
        assert [action for action, _ in self.repaired().actions] == ["undo"]
        note = self.repaired(runs=True)
        assert [action for action, _ in note.actions] == ["undo", "restart"]
        assert note.title == "Gave sync.service A, B"
        assert "still runs without" in note.body

    def test_the_buttons_do_what_they_say(self):
        restarted = []
        bench = Bench(restart=restarted.append)
        bench.announcer.unit(self.repaired(runs=True))
        key = "unit:sync.service"
        assert list(bench.screen.notes) == [key]
        bench.screen.press(key, notes.RESTART)
        assert restarted == ["sync.service"]
        bench.announcer.unit(self.repaired())
        bench.screen.press(key, notes.UNDO)
        assert bench.undone == [7]

    def test_one_note_a_unit(self):
        bench = Bench()
        bench.announcer.unit(unit_notes.unit_lacks("sync.service", ["A"]))
        bench.announcer.unit(self.repaired())
        bench.announcer.unit(unit_notes.unit_lacks("other.service", ["A"]))
        assert bench.screen.titles == ["Gave sync.service A, B", "other.service lacks A"]

    def test_who_wants_problems_only_hears_of_repairs_that_did_not_work(self):
        bench = Bench(Level.PROBLEMS)
        bench.announcer.unit(self.repaired())
        assert bench.screen.titles == []
        bench.announcer.unit(unit_notes.unit_not_repaired("a.service", "x"), least=Level.PROBLEMS)
        assert bench.screen.titles == ["a.service was not repaired"]
        quiet = Bench(Level.OFF)
        quiet.announcer.unit(unit_notes.unit_not_repaired("a.service", "x"), least=Level.PROBLEMS)
        assert quiet.screen.titles == []

    def test_show_diff_puts_the_lines_into_the_note_and_keeps_the_other_buttons(self):
        bench = Bench()
        diff = ['-Environment="A=0"', '+Environment="A=1\x1b"']
        bench.announcer.unit(unit_notes.unit_repaired("sync.service", ["A"], 7, runs=True, diff=diff))
        key = "unit:sync.service"
        assert [label for _, label in bench.screen.notes[key].actions] == [
            "Show diff",
            "Undo",
            "Restart unit",
        ]
        bench.screen.press(key, notes.SHOW)
        shown = bench.screen.notes[key]
        assert shown.body.splitlines()[0] == '-Environment="A=0"'
        assert '+Environment="A=1' in shown.body
        assert [label for _, label in shown.actions] == ["Undo", "Restart unit"]
        bench.screen.press(key, notes.UNDO)
        assert bench.undone == [7]
