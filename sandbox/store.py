"""What the carrier remembers, in memory and on disk, so that a restart goes on where it was.

``accounts.json`` holds accounts, numbers and personas set by hand, written whole. Calls, messages and recordings
are journals: a line with the whole record when it is made, lines with what changed afterwards.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Any

from sandbox.calls import Account, Call, Message, Number, Record, Recording
from sandbox.journal import Journal, write_atomically


class Store:
    def __init__(self, folder: Path, *, seed: str | None, first_account: Account) -> None:
        self.folder = folder
        self.accounts: dict[str, Account] = {}
        self.numbers: dict[str, Number] = {}  # by E.164
        self.personas: dict[str, str] = {}  # number -> persona, where the table is overruled
        self._stopped: set[tuple[str, str]] = set()  # who texted STOP, and to which of our numbers
        self.calls: dict[str, Call] = {}
        self.calls_to: dict[str, list[Call]] = {}
        self.messages: dict[str, Message] = {}
        self.recordings: dict[str, Recording] = {}
        self._made = 0
        self.seed = seed or ""
        self._read_settings()
        if not self.seed:
            self.seed = secrets.token_hex(8)
        self.accounts.setdefault(first_account.sid, first_account)
        self.accounts[first_account.sid].token = first_account.token
        self._journals = {
            kind: Journal(folder / f"{kind}.jsonl") for kind in ("calls", "messages", "recordings")
        }
        self._read_journals()
        self.save()

    # -- settings

    def _read_settings(self) -> None:
        path = self.folder / "accounts.json"
        if not path.exists():
            return
        data = json.loads(path.read_text(encoding="utf-8"))
        self.accounts = {row["sid"]: Account.from_dict(row) for row in data["accounts"]}
        self.numbers = {row["number"]: Number.from_dict(row) for row in data["numbers"]}
        self.personas = data["personas"]
        self._stopped = {(who, number) for who, number in data.get("stopped", [])}
        self.seed = self.seed or data["seed"]
        self._made = data["made"]

    def save(self) -> None:
        data = {
            "seed": self.seed,
            "made": self._made,
            "accounts": [account.as_dict() for account in self.accounts.values()],
            "numbers": [number.as_dict() for number in self.numbers.values()],
            "personas": self.personas,
            "stopped": sorted(self._stopped),
        }
        write_atomically(self.folder / "accounts.json", json.dumps(data, indent=1))

    # -- records

    def _read_journals(self) -> None:
        tables: list[tuple[str, dict[str, Any], type[Record]]] = [
            ("calls", self.calls, Call),
            ("messages", self.messages, Message),
            ("recordings", self.recordings, Recording),
        ]
        for kind, table, cls in tables:
            rows: dict[str, dict[str, Any]] = {}
            lines = self._journals[kind].read()
            for line in lines:
                if line.get("deleted"):
                    rows.pop(line["sid"], None)
                else:
                    rows.setdefault(line["sid"], {}).update(line)
            for sid, row in rows.items():
                table[sid] = cls.from_dict(row)
            if len(lines) > len(rows):
                self._journals[kind].replace([record.as_dict() for record in table.values()])
            self._made += len(lines)
        for call in self.calls.values():
            self.calls_to.setdefault(call.to, []).append(call)

    def new_sid(self, prefix: str) -> str:
        """The same seed gives the same identifiers in the same order; none is ever given twice from one folder."""
        self._made += 1
        return prefix + hashlib.md5(f"{self.seed}:{self._made}".encode(), usedforsecurity=False).hexdigest()

    def add_call(self, call: Call) -> None:
        self.calls[call.sid] = call
        self.calls_to.setdefault(call.to, []).append(call)
        self._journals["calls"].append(call.as_dict())

    def change_call(self, call: Call, **changes: Any) -> None:
        call.updated = time.time()
        for name, value in changes.items():
            setattr(call, name, value)
        self._journals["calls"].append({"sid": call.sid, "updated": call.updated, **changes})

    def add_message(self, message: Message) -> None:
        self.messages[message.sid] = message
        self._journals["messages"].append(message.as_dict())

    def change_message(self, message: Message, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(message, name, value)
        self._journals["messages"].append({"sid": message.sid, **changes})

    def add_recording(self, recording: Recording) -> None:
        self.recordings[recording.sid] = recording
        self._journals["recordings"].append(recording.as_dict())

    def change_recording(self, recording: Recording, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(recording, name, value)
        self._journals["recordings"].append({"sid": recording.sid, **changes})

    def delete_recording(self, recording: Recording) -> None:
        del self.recordings[recording.sid]
        self._journals["recordings"].append({"sid": recording.sid, "deleted": True})

    def stop(self, who: str, number: str) -> None:
        """``who`` gets no text from this number of ours until they start it again."""
        self._stopped.add((who, number))
        self.save()

    def start(self, who: str, number: str) -> None:
        self._stopped.discard((who, number))
        self.save()

    def stopped(self, who: str, number: str) -> bool:
        return (who, number) in self._stopped

    def owned(self, number: str, account_sid: str) -> Number | None:
        found = self.numbers.get(number)
        return found if found and found.account_sid == account_sid else None

    def forget_records(self) -> None:
        """Drop calls, messages and recordings; accounts and numbers stay, and no identifier comes again."""
        self._stopped.clear()
        self.save()
        self.calls.clear()
        self.calls_to.clear()
        self.messages.clear()
        self.recordings.clear()
        for journal in self._journals.values():
            journal.replace([])

    def close(self) -> None:
        self.save()
        for journal in self._journals.values():
            journal.close()
