"""Reading and comparing-and-swapping in the plainest way, for tests whose subject is something else."""

from __future__ import annotations

from pathlib import Path

from gowatchd.services.ports import Look, Reading, Swap, SwapOutcome


class PlainFiles:
    """Files without leases; ``refusal`` is what the next swaps answer instead of writing."""

    def __init__(self) -> None:
        self.refusal: Swap | None = None

    def mark(self, path: str) -> object:
        return Path(path).read_bytes() if Path(path).is_file() else None

    def read(self, path: str, largest: int | None = None) -> Reading:
        try:
            return Reading(path, Look.CONTENT, Path(path).read_bytes())
        except FileNotFoundError as error:
            return Reading(path, Look.MISSING, reason=str(error.strerror))

    def is_directory(self, path: str) -> bool:
        return Path(path).is_dir()

    def exists(self, path: str) -> bool:
        return Path(path).exists()

    def flush(self, path: str) -> None:
        pass

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        if self.refusal is not None:
            return self.refusal
        reading = self.read(path)
        if reading.look is not Look.CONTENT or reading.data != expected:
            return Swap(SwapOutcome.CHANGED, "it was edited")
        Path(path).write_bytes(new)
        return Swap(SwapOutcome.WRITTEN)
