"""Takes a person's rows out of the delivered files: they are left empty, and a refused file that names them is deleted.

Belongs here: which files may hold them, and putting the new bytes in their place. Does not: the bytes
(`extract/erasing.py`).
"""

import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.audit import Audit, Delivery
from orchestration.extract.booked import booked_files, file_path_of
from orchestration.extract.casting import staged_columns
from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.erasing import emptied
from orchestration.extract.files import DeliveredFile, delivered_files, opened, stamp
from orchestration.extract.landing import reader_of
from orchestration.extract.persons import is_forgotten
from orchestration.extract.readers import read
from orchestration.extract.recognise import Refused
from orchestration.extract.staging import stage, workspace
from orchestration.forgetting.person import Person
from orchestration.privacy.keys import Keys
from orchestration.privacy.marks import learn

DELETED = -1


@dataclass(frozen=True)
class Inbox:
    """The deliveries, and by what somebody is recognised in them."""

    folder: Path
    contracts: Mapping[ContractKey, Contract]
    audit: Audit
    keys: Keys
    person: Person

    def erase(self) -> dict[str, int]:
        """File → rows emptied, or `DELETED`, for every file that held somebody forgotten."""
        changed: dict[str, int] = {}
        with duckdb.connect() as connection:
            for contract in self.contracts.values():
                booked = booked_files(contract, self.audit)
                for file in self._candidates(contract, booked):
                    if count := self._erase(connection, contract, file, booked.get(file_path_of(self.folder, file))):
                        changed[file_path_of(self.folder, file)] = count
        return changed

    def left(self) -> set[Path]:
        """Files that still hold somebody forgotten, also those that no run reads and that only the phone tells."""
        files = {file for file in self.folder.rglob("*") if file.is_file() and not file.is_symlink()}
        found = {file for file in files if mentions(file, self.person.phone_pattern)}
        with duckdb.connect() as connection:
            for contract in self.contracts.values():
                for file in self._candidates(contract, booked_files(contract, self.audit)):
                    with suppress(Refused):
                        if self._without(connection, contract, file)[1]:
                            found.add(file.path)
        return found

    def _candidates(self, contract: Contract, booked: Mapping[str, Delivery]) -> Iterator[DeliveredFile]:
        """Files that were never read, hold rows that are not in the lake, or the phone in a column that is not read."""
        for folder in sorted((self.folder / contract.platform / contract.dataset).glob("*-*-*")):
            if _is_date(folder.name):
                for file in delivered_files(self.folder, folder):
                    line = booked.get(file_path_of(self.folder, file))
                    is_whole = line and line.rows_read == line.rows_loaded and line.status != "refused"
                    if not is_whole or mentions(file.path, self.person.phone_pattern):
                        yield file

    def _erase(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, file: DeliveredFile, line: Delivery | None
    ) -> int:
        known_as = f"{reader_of(self.contracts)}:{stamp(file.path)}" if line and file.path.is_file() else None
        try:
            content, count = self._without(connection, contract, file)
        except Refused:
            if mentions(file.path, self.person.pattern):
                file.path.unlink()
                return DELETED
            return 0
        if count:
            replace(file.path, content)
            if line and line.file_stamp == known_as:
                self.audit.restamp(line.file_path, f"{reader_of(self.contracts)}:{stamp(file.path)}")
        return count

    def _without(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, file: DeliveredFile
    ) -> tuple[bytes, int]:
        """Rows that name the person go, and rows that were not understood if a word of theirs stands in them."""
        with workspace(connection) as cursor, opened(file.path) as handle:
            source = read(handle, contract, self.contracts)
            stage(cursor, source, contract, file.shop, self.keys)
            learn(cursor, self.keys, self.audit.forgotten())
            about = is_forgotten(contract, staged_columns(contract, source.header.columns), self.keys)
            found = cursor.execute(f"select line_number, {about}, texts is not null from staged").fetchall()
            gone = {number for number, is_gone, _ in found if is_gone}
            odd = {number for number, _, is_odd in found if is_odd} | {row.number for row in source.malformed}
            phone, word = self.person.phone_pattern, self.person.pattern

            def is_erased(number: int, text: bytes) -> bool:
                return number in gone or bool(phone.search(text) or (number in odd and word.search(text)))

            return emptied(handle, contract, self.contracts, is_erased)


def replace(path: Path, content: bytes) -> None:
    """The new bytes under the old name, with the old rights and time."""
    before = path.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}")  # hidden: nobody reads it
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, before.st_mode & 0o777), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))
    draft.replace(path)


def mentions(file: Path, pattern: "re.Pattern[bytes]") -> bool:
    """Whether a word stands in a file, as plain bytes or in a member of a workbook."""
    if file.is_symlink() or not file.is_file():
        return False
    if pattern.search(file.read_bytes()):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return any(pattern.search(archive.read(member)) for member in archive.infolist())
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return False


def _is_date(name: str) -> bool:
    try:
        return bool(date.fromisoformat(name))
    except ValueError:
        return False
