"""VS Code beside the daemon: a save that is looked at afterwards, and auto-save while somebody types."""

from __future__ import annotations

import time

import pytest

from tests.support.saving import ConflictError, VisualStudioCode

STAT_SECONDS = 0.003  # from the close to the stat that VS Code takes for that of its own save, at most
NOTICE_SECONDS = 0.125  # from a change on the disk to the moment that VS Code hears of it
AUTO_SAVE_SECONDS = 1.0  # files.autoSaveDelay, counted from the last key
AT_WORK_SECONDS = 4.0  # who saves again within five is at work; the rest is what the daemon may be late by
ROUNDS = 5


def test_a_save_is_never_mistaken_for_ours(place):
    """A rewrite between its close and its stat would be taken for its own, and the buffer never read anew."""
    code = VisualStudioCode(place.file)
    for number in range(3):
        code.type(f"//   number {number}\nexclude   ex.com/m v1.0.{number}\n")
        code.save(before_stat=STAT_SECONDS)
        assert place.file.read_text() == code.text
        place.wait_until_formatted(code.text)
        code.notice()
        assert place.file.read_text() == code.text


def test_nothing_is_written_between_the_auto_saves_of_somebody_who_types(place):
    code = VisualStudioCode(place.file)
    for _ in range(ROUNDS):
        typist = Typist(code)
        typist.types("// before\n")  # the first save tells nothing yet
        typist.pauses()
        place.wait_until_formatted(code.history[-1])
        typist.notices()
        before = len(place.verdicts.formatted)
        asked = is_asked_while_typing(typist)
        written = place.verdicts.formatted[before:].count(str(place.file))
        if typist.longest_pause < AT_WORK_SECONDS:
            break
        place.wait_until_formatted(code.history[-1])  # the machine stood still: she comes back another time
        code.revert()
    else:
        pytest.skip("this machine stands still for seconds again and again")
    assert (asked, written) == (False, 0)
    place.wait_until_formatted(code.text)
    typist.notices()
    assert code.text == place.file.read_text()


def is_asked_while_typing(typist: Typist) -> bool:
    """Have five lines typed, with auto-saves between them; say whether a save asked what to do."""
    try:
        for number, seconds in enumerate((0.2, 0.8, 0.1, 1.2, 0.4)):
            typist.types(f"exclude   ex.com/m v1.0.{number}\n", seconds)
            typist.pauses()
    except ConflictError:
        return True
    return False


class Typist:
    """A person at VS Code with auto-save; what passes here is her own time, which no event could tell."""

    def __init__(self, code: VisualStudioCode) -> None:
        self.longest_pause = 0.0  # seconds from one save to the next
        self._code = code
        self._saved = time.monotonic()

    def types(self, text: str, seconds: float = 0.2) -> None:
        """Type ``text`` within ``seconds``, without a pause that auto-save would take for one."""
        for part in text.splitlines(keepends=True):
            self._code.type(part)
            time.sleep(seconds)  # her fingers
            self._code.notice()  # which changes no buffer that has changes

    def pauses(self) -> None:
        """Stop to think, until auto-save has saved."""
        time.sleep(AUTO_SAVE_SECONDS)  # her thoughts
        self.longest_pause = max(self.longest_pause, time.monotonic() - self._saved)
        self._code.save(before_stat=STAT_SECONDS)
        self._saved = time.monotonic()

    def notices(self) -> None:
        """Wait until the editor has heard of what is on the disk now."""
        time.sleep(NOTICE_SECONDS)  # the editor is a model of ours, which has no watcher
        self._code.notice()
