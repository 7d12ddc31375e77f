"""A small language for phrase rules over words, compiled to regular expressions with one character per word.

A text becomes a string in which every known word is one private character, every unknown word `x`, an unknown
capitalised word `X`, every number `0` (`9` from seven digits on) and every stop or comma `;`. A rule is a line \
        such as

    DONT FILL* call|ring (?! back )

- `word` is itself, `stem-` every word that begins so, `NAME` a word class or a phrase macro; `a|b|NAME` one of them
- `?` once or not, `*` up to four times, `+` one to four; `..` up to three words of the same clause, `..6` up to six
- `!a|b` the next word is none of these, `<!a|b` the last one was none; `^` and `$` are the ends of a clause
- `NUM` is a number, `PHONE` a long one, `CAP` an unknown capitalised word, `UNK` any unknown word; `( a b | c \
        )` groups
- `(?= a b )` these words follow, `(?! a b )` they do not

Every repetition is bounded, so a rule costs linear time on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_FIRST = 0xE000
_CACHED_WORDS = 20_000
_SHORTEST_STEM = 3
_TOKEN = re.compile(r"(?P<look><?!)?(?P<words>[^?*+{}<!;]+|;)(?P<times>[?*+]|\{\d+,\d+\})?")
_GAP = re.compile(r"\.\.(\d*)")
_SPECIAL = {"NUM": "09", "PHONE": "9", "CAP": "X", "UNK": "xX"}
_PHONE_DIGITS = 7
_TIMES = {"*": "{0,4}", "+": "{1,4}"}
_GROUPS = {
    "(": "(?:",
    ")": ")",
    ")?": ")?",
    ")*": "){0,4}",
    ")+": "){1,4}",
    "|": "|",
    "(?!": "(?!",
    "(?=": "(?=",
}
_ENDS = {"^": "(?:^|(?<=;))", "$": "(?=;|$)"}


class Grammar:
    """Word classes, phrase macros and rule tables that share one alphabet.

    `classes` maps NAME to words, stems and other classes; `macros` maps NAME to lines, each a rule of its \
        own;
    `tables` maps a name to lines of rules. A class is written before the classes that use it, and so is a \
        macro.
    """

    def __init__(
        self, classes: Mapping[str, str], macros: Mapping[str, str], tables: Mapping[str, Sequence[str]]
    ) -> None:
        self._classes = {name: text.split() for name, text in classes.items()}
        self._letters: dict[str, str] = {}
        rules = [
            *(line for text in macros.values() for line in text.splitlines()),
            *(line for lines in tables.values() for line in lines),
        ]
        for member in self._members(rules):
            self._letters.setdefault(member, chr(_FIRST + len(self._letters)))
        self._stems = {
            member[:-1]: letter for member, letter in self._letters.items() if member.endswith("-")
        }
        self._longest_stem = max(map(len, self._stems), default=0)
        self._known: dict[str, str] = {}
        self._sets = {name: self._set(members) for name, members in self._classes.items()}
        self._macros: dict[str, str] = {}
        for name, text in macros.items():
            self._macros[name] = self._alternatives(text.splitlines())
        self.tables: dict[str, re.Pattern[str]] = {
            name: re.compile(self._alternatives(lines)) for name, lines in tables.items()
        }

    def knows(self, word: str) -> bool:
        """Whether a rule or a class names this very word."""
        return word in self._letters

    def encode(self, words: Iterable[str], names: frozenset[str] = frozenset()) -> str:
        """One character per word; `names` are the words that were written with a capital."""
        return "".join([self._letter(word, names) for word in words])

    def _letter(self, word: str, names: frozenset[str]) -> str:
        letter = self._known.get(word)
        if letter is None:
            letter = self._letter_of_new(word)
            if len(self._known) < _CACHED_WORDS:  # the cache is fed by strangers
                self._known[word] = letter
        return "X" if letter == "x" and word in names else letter

    def _letter_of_new(self, word: str) -> str:
        if word == ";":
            return ";"
        if word in self._letters:
            return self._letters[word]
        if word[0].isdigit():
            return "9" if len(word) >= _PHONE_DIGITS else "0"
        for length in range(min(len(word), self._longest_stem), _SHORTEST_STEM - 1, -1):
            if word[:length] in self._stems:
                return self._stems[word[:length]]
        return "x"

    def _members(self, rules: Iterable[str]) -> Iterable[str]:
        for members in self._classes.values():
            yield from (member for member in members if member.islower() or member[0].isdigit())
        for rule in rules:
            if not rule.lstrip().startswith("#"):
                yield from re.findall(r"[a-z][a-z0-9]*-?", rule)

    def _set(self, members: Iterable[str]) -> str:
        found: dict[str, None] = {}
        for member in members:
            if member == ";":
                found[";"] = None
            elif member in _SPECIAL:
                found.update(dict.fromkeys(_SPECIAL[member]))
            elif member in self._classes:
                found.update(dict.fromkeys(self._set(self._classes[member])))
            elif member.endswith("-"):
                stem = member[:-1]
                found.update({c: None for known, c in self._letters.items() if known.startswith(stem)})
            elif member in self._letters:
                found[self._letters[member]] = None
            else:
                raise ValueError(f"the rule word {member!r} is neither a word nor a class")
        return "".join(found)

    def _alternatives(self, lines: Iterable[str]) -> str:
        rules = [line.split() for line in lines if not line.lstrip().startswith("#")]
        return "(?:" + "|".join("".join(map(self._expression, rule)) for rule in rules if rule) + ")"

    def _expression(self, token: str) -> str:
        if token in _GROUPS:
            return _GROUPS[token]
        if token in _ENDS:
            return _ENDS[token]
        if gap := _GAP.fullmatch(token):
            return f"[^;]{{0,{gap[1] or 3}}}"
        parsed = _TOKEN.fullmatch(token)
        if parsed is None:
            raise ValueError(f"cannot read {token!r} in a phrase rule")
        names = parsed["words"].split("|")
        words = self._set(name for name in names if name not in self._macros and name not in _ENDS)
        choices = [f"[{words}]"] if words else []
        choices += [
            self._macros.get(name) or _ENDS[name] for name in names if name in self._macros or name in _ENDS
        ]
        body = choices[0] if len(choices) == 1 else "(?:" + "|".join(choices) + ")"
        if parsed["look"]:
            return f"(?{parsed['look']}{body})"
        times = parsed["times"] or ""
        return body + _TIMES.get(times, times)
