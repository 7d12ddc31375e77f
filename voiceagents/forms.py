"""Forms of agents, prompt templates and models."""

from typing import Any
from urllib.parse import urlsplit

from django import forms

from accounts.models import Location
from compliance import opt_in
from phone_numbers.fields import PhoneField
from phone_numbers.models import PhoneNumber
from voiceagents import denials, templating
from voiceagents.brains.endpoints import check_url
from voiceagents.models import Ability, Agent, Brain, ModelEndpoint, PromptTemplate
from voiceagents.questions import QuestionsField
from voiceagents.schedule_fields import ScheduleFields
from voiceagents.voices import LANGUAGES, VOICES

ABILITIES = {
    Ability.HANG_UP: "says goodbye and ends the call when all is said",
    Ability.TRANSFER: "hands the call to the transfer number when somebody asks for a person",
    Ability.BOOK: "agrees on a day and time and notes it with the call",
    Ability.MESSAGE: "writes down what the contact wants to tell you",
    Ability.COLLECT: "asks the questions below and saves the answers on the contact",
    Ability.CALLBACK: "asks when to call again and plans that call",
}


def _text(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class AgentForm(ScheduleFields, forms.ModelForm):
    """The prompt builder. Only a name and the business's name are needed to keep a draft."""

    questions = QuestionsField(
        label="Questions to ask",
        help_text="Asked in this order, as far as the contact's answers are not known yet.",
    )
    abilities = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(ability.value, f"{ability.label}: {words}") for ability, words in ABILITIES.items()],
    )
    language = forms.ChoiceField(
        choices=LANGUAGES, help_text="A contact who speaks another one is answered in it."
    )
    transfer_number = PhoneField(
        required=False, label="Transfer number", help_text="Who takes over when somebody asks for a person."
    )

    class Meta:
        model = Agent
        fields = [
            "name", "business_name", "goals", "business_details", "personality", "greeting", "language", "voice",
            "brain", "endpoint", "abilities", "questions", "phone_number", "transfer_number", "record_calls",
        ]  # fmt: skip
        labels = {
            "business_name": "Business name",
            "business_details": "Business details",
            "endpoint": "Language model",
            "phone_number": "Phone number",
            "record_calls": "Record calls",
        }
        help_texts = {
            "name": "For you, and how it calls itself when asked.",
            "business_name": "Said first on every call. No prompt can leave it out.",
            "goals": "What a good call leads to, in a sentence or two.",
            "business_details": "What it may answer from, one a line: “topic: answer”, as “Parking: Behind the house.”",
            "personality": "Such as: warm, brief and patient.",
            "greeting": "Said after who calls. Liquid works here: {{ contact.first_name }}.",
            "phone_number": "Calls go out from it, unless the campaign has its own.",
            "record_calls": "Said at the start of every call.",
        }
        widgets = {
            "goals": _text(3),
            "business_details": _text(
                8, placeholder="Hours: Monday to Friday, nine to five.\nParking: Free."
            ),
            "personality": _text(2),
            "greeting": _text(2),
            "brain": forms.RadioSelect,
        }

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.instance.location = location
        self.fields["transfer_number"].country = location.country  # type: ignore[attr-defined]
        self.fields["brain"].choices = Brain.choices  # type: ignore[attr-defined]
        by_language = dict(LANGUAGES)
        self.fields["voice"] = forms.ChoiceField(
            required=False,
            choices=[
                ("", "The first that speaks the language"),
                *(
                    (label, [(voice.value, voice.label) for voice in VOICES if voice.language == code])
                    for code, label in by_language.items()
                ),
            ],
        )
        for name, rows, empty in (
            (
                "endpoint",
                ModelEndpoint.objects.filter(location=location),
                "None: the guided brain needs none",
            ),
            ("phone_number", PhoneNumber.objects.for_location(location), "None yet"),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.to_field_name, field.empty_label = rows, "code", empty
            chosen = getattr(self.instance, name)
            self.initial[name] = chosen.code if chosen else None
        self.set_schedule(location, self.instance.schedule)
        if self.instance.pk is None:
            self.initial.setdefault("business_name", location.organization.name)
            self.initial["abilities"] = [Ability.HANG_UP, Ability.MESSAGE, Ability.CALLBACK]
            self.initial["hours"] = location.hours

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = (
            Agent.objects.for_location(self.location).filter(name__iexact=name).exclude(pk=self.instance.pk)
        )
        if same.exists():
            raise forms.ValidationError(
                f"There is an agent named {name} already. Two of one name are mixed up."
            )
        return name

    def clean_greeting(self) -> str:
        greeting: str = self.cleaned_data["greeting"]
        try:
            templating.check(greeting)
        except templating.TemplateError as error:
            raise forms.ValidationError(str(error)) from None
        if what := denials.denied(greeting):
            raise forms.ValidationError(
                f"This denies what every call has to say before it: {what}. Leave that out; the law wants it said, and "
                "such a greeting is not spoken."
            )
        return greeting

    def clean_business_name(self) -> str:
        name: str = self.cleaned_data["business_name"]
        if trouble := opt_in.other_name(name, self.location):
            raise forms.ValidationError(trouble)
        return name

    def clean_transfer_number(self) -> str:
        number: str = self.cleaned_data["transfer_number"]
        if number and PhoneNumber.objects.for_location(self.location).filter(number=number).exists():
            raise forms.ValidationError(
                "This is a number of your own agents: the call would come back to one. Write a person's number."
            )
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        voice = next((voice for voice in VOICES if voice.value == data.get("voice")), None)
        language = data.get("language", "")
        if voice and language and voice.language[:2] != language[:2]:
            self.add_error(
                "voice", f"{voice.label} does not speak {dict(LANGUAGES)[language]}. Choose one that does."
            )
        if data.get("brain") == Brain.PROMPT and not data.get("endpoint") and "endpoint" not in self.errors:
            self.add_error(
                "endpoint", "A prompt agent needs a model to speak with. Choose one, or use guided."
            )
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not {"schedule_zone", "hours", "holidays"} & set(self.errors):
            self.instance.schedule = self.schedule()

    def keepable(self) -> list[str]:
        """The model's fields that were changed to something valid: what an autosave may write."""
        wrong = set(self.errors)
        changed = [name for name in self.changed_data if name in AgentForm.Meta.fields and name not in wrong]
        if "endpoint" in wrong and "brain" in changed:
            changed.remove("brain")
        schedule = {"schedule_zone", "hours", "holidays"}
        if schedule & set(self.changed_data) and not schedule & wrong:
            changed.append("schedule")
        return changed


class TemplateForm(forms.ModelForm):
    """A prompt template."""

    class Meta:
        model = PromptTemplate
        fields = ["name", "body"]
        labels = {"body": "Prompt"}
        widgets = {"body": _text(14, spellcheck="false")}

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.instance.location = location

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = PromptTemplate.objects.filter(location=self.location, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(f"There is a prompt template named {name} already.")
        return name

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        try:
            templating.check(body)
        except templating.TemplateError as error:
            raise forms.ValidationError(str(error)) from None
        return body


class EndpointForm(forms.ModelForm):
    """A language model. The key goes in and never comes out."""

    api_key = forms.CharField(
        required=False,
        max_length=400,
        label="API key",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = ModelEndpoint
        fields = ["name", "base_url", "model", "api_key"]
        labels = {"base_url": "Address", "model": "Model"}
        help_texts = {
            "base_url": "Of an OpenAI-compatible service, such as https://api.openai.com/v1.",
            "model": "As the service names it.",
        }
        widgets = {
            "base_url": forms.TextInput(attrs={"type": "url", "spellcheck": "false"}),
            "model": forms.TextInput(attrs={"spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_key = self.instance.api_key
        self.kept_host = urlsplit(self.instance.base_url).netloc
        self.initial.pop("api_key", None)
        self.fields["api_key"].help_text = (
            f"One is kept (…{self.kept_key[-4:]}). Leave this empty to keep it."
            if self.kept_key
            else "Kept encrypted, never shown again. Empty for a model that needs none."
        )

    def clean_base_url(self) -> str:
        try:
            return check_url(self.cleaned_data["base_url"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("api_key") and self.kept_key:
            if data.get("base_url") and urlsplit(data["base_url"]).netloc != self.kept_host:
                # Whoever may change the address must not thereby be sent a key that they were never shown.
                self.add_error("api_key", "The address is another service now. Type the key for it.")
            data["api_key"] = self.kept_key
        return data
