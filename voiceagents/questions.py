"""What an agent asks for, as rows of a form: a contact field, and the words of the question."""

import re
from typing import Any

from django import forms

KNOWN = {"first_name": "First name", "last_name": "Last name", "email": "E-mail", "language": "Language"}
MOST = 20
LONGEST_ASK = 300
LONGEST_FIELD = 60

Question = dict[str, str]


def label_of(field: str) -> str:
    """`email` is "E-mail", `fields.shoe size` is "shoe size"."""
    return KNOWN.get(field, field.removeprefix("fields."))


def field_of(label: str) -> str:
    """The contact field that a person means by a label; anything that is not one of KNOWN is a custom field."""
    bare = re.sub(r"\s+", " ", label).strip()
    for field, known in KNOWN.items():
        if bare.casefold() in (field, known.casefold()):
            return field
    return f"fields.{bare.lower()}"


class QuestionsWidget(forms.Widget):
    """Rows of two inputs and an empty one; a row without words is left out."""

    template_name = "voiceagents/questions_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [{"label": label_of(row["field"]), "ask": row["ask"]} for row in value or []]
        context["widget"]["rows"] = [*rows, {"label": "", "ask": ""}]
        context["widget"]["known"] = list(KNOWN.values())
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Question]:
        labels = data.getlist(f"{name}-field") if hasattr(data, "getlist") else []
        asks = data.getlist(f"{name}-ask") if hasattr(data, "getlist") else []
        pairs = [(label.strip(), ask.strip()) for label, ask in zip(labels, asks, strict=False)]
        return [
            {"field": field_of(label) if label else "", "ask": ask} for label, ask in pairs if label or ask
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-ask" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-first"


class QuestionsField(forms.Field):
    """Cleans to Agent.questions."""

    widget = QuestionsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != (data or [])

    def clean(self, value: Any) -> list[Question]:
        questions: list[Question] = value or []
        errors = []
        if len(questions) > MOST:
            errors.append(f"At most {MOST} questions: nobody answers more on the phone.")
        for question in questions:
            name = label_of(question["field"])
            if not question["field"]:
                errors.append(f"Say where the answer to “{question['ask']}” is kept.")
            elif not question["ask"]:
                errors.append(f"Write the words in which “{name}” is asked for.")
            elif len(question["ask"]) > LONGEST_ASK or len(name) > LONGEST_FIELD:
                errors.append(
                    f"The question for “{name[:LONGEST_FIELD]}” is too long to be asked on the phone."
                )
        fields = [question["field"] for question in questions if question["field"]]
        for twice in sorted({field for field in fields if fields.count(field) > 1}):
            errors.append(f"“{label_of(twice)}” is asked for twice.")
        if errors:
            raise forms.ValidationError(errors)
        return questions
