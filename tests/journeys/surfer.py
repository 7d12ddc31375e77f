"""A browser without scripts: pages over HTTP, forms filled in as their HTML says."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

Files = dict[str, tuple[str, bytes, str]]


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # (name, value, words)
    disabled: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """What a person sees of a page: its words, its forms with what is filled in, its links (words, address)."""

    HIDDEN = ("script", "style", "template", "svg")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._area: str | None = None
        self._button: tuple[str, str, bool] | None = None
        self._link: str | None = None
        self._mark = 0
        self._hidden = 0
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", " ", " ".join(self._words)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag in self.HIDDEN:
            self._hidden += 1
        elif tag == "form":
            self._form = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._link, self._mark = has.get("href"), len(self._words)
        elif self._form is not None:
            self._control(self._form, tag, has)

    def _control(self, form: Form, tag: str, has: dict[str, str]) -> None:
        name = has.get("name", "")
        if tag == "input" and name:
            kind = has.get("type", "text")
            values = form.values.setdefault(name, [])
            if kind in ("checkbox", "radio"):
                if "checked" in has:
                    values.append(has.get("value", "on"))
            elif kind not in ("file", "submit"):
                values.append(has.get("value", ""))
        elif tag == "select":
            self._select = (name, "multiple" in has)
            form.values[name] = []
        elif tag == "option" and self._select:
            name, multiple = self._select
            if "selected" in has:
                form.values[name] = [*(form.values[name] if multiple else []), has.get("value", "")]
            elif not multiple and not form.values[name]:
                form.values[name] = [has.get("value", "")]
        elif tag == "textarea":
            self._area = name
            form.values[name] = [""]
        elif tag == "button":
            self._button, self._mark = (name, has.get("value", ""), "disabled" in has), len(self._words)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._since_mark(), self._link))
            self._link = None
        elif tag == "button" and self._button and self._form is not None:
            name, value, disabled = self._button
            words = self._since_mark()
            self._form.buttons.append((name, value, words))
            if disabled:
                self._form.disabled.add(words)
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.values[self._area] = [data.removeprefix("\n")]
        elif not self._hidden:
            self._words.append(data)

    def _since_mark(self) -> str:
        return " ".join(" ".join(self._words[self._mark :]).split())


class Surfer:
    """One person at one browser: cookies, the page in front of them, and what they do with it."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
        self.address = ""
        self.page = Page("")

    def open(self, address: str, **query: Any) -> Page:
        return self._arrived(self.client.get(address, params=query or None))

    def follow(self, words: str) -> Page:
        """Click the link with these words."""
        links = [href for text, href in self.page.links if text == words]
        assert links, f"{self.address} has no link “{words}”: {self.page.links}"
        return self.open(str(httpx.URL(self.address).join(links[0])))

    def press(self, button: str, files: Files | None = None, **filled: str | list[str]) -> Page:
        """Fill the form that has this button, press it, and arrive where it leads."""
        found = [
            (form, pressed)
            for form in self.page.forms
            for pressed in form.buttons
            if pressed[2] == button and button not in form.disabled
        ]
        assert found, f"{self.address} has no button “{button}” to press: {self.page.text}"
        form, (name, value, _) = found[0]
        unknown = {*filled, *(files or {})} - form.values.keys()
        assert not unknown, f"{self.address} asks for no {unknown}"
        data: dict[str, Any] = {**form.values, **filled}
        if name:
            data[name] = value
        address = httpx.URL(self.address).join(form.action)
        headers = {"Referer": self.address}
        if form.method == "post":
            return self._arrived(self.client.post(address, data=data, files=files, headers=headers))
        return self._arrived(self.client.get(address, params=data, headers=headers))

    def download(self, address: str, **query: Any) -> httpx.Response:
        return self.client.get(address, params=query or None).raise_for_status()

    def _arrived(self, response: httpx.Response) -> Page:
        assert response.status_code < 400, (
            f"{response.status_code} at {response.url}: {Page(response.text).text}"
        )
        self.address = str(response.url)
        self.page = Page(response.text)
        return self.page
