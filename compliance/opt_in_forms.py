"""An opt-in form as it is typed in: what it says, where it stands, how people agree."""

from typing import Any

from django import forms

from accounts.models import Location
from contacts.models import OptInControl, OptInForm, OptInLanguage, OptInVersion


class WordingForm(forms.Form):
    """A form and its wording. A save makes a new version where anything but the name changed."""

    name = forms.CharField(label="Name", max_length=120, help_text="For you, such as “Booking page”.")
    place = forms.CharField(
        label="Where it stands",
        max_length=500,
        help_text="The address of the page, with https://, or words such as “Paper at the front desk”.",
    )
    seller = forms.CharField(
        label="Who calls",
        max_length=120,
        help_text="Your business, by a name that stands in its details; the wording has to name it.",
    )
    language = forms.ChoiceField(label="Language", choices=OptInLanguage.choices)
    text = forms.CharField(
        label="Exact wording",
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="Everything that stands beside the box or above the signature, word for word.",
    )
    control = forms.ChoiceField(label="What the person does to agree", choices=OptInControl.choices)
    prechecked = forms.BooleanField(label="The box is ticked beforehand", required=False)
    required = forms.BooleanField(label="The form cannot be sent without agreeing", required=False)

    def __init__(self, *args: Any, location: Location, form: OptInForm | None = None, **kwargs: Any) -> None:
        if form is not None and form.current is not None:
            names = ("place", "seller", "language", "text", "control", "prechecked", "required")
            kwargs["initial"] = {"name": form.name, **{name: getattr(form.current, name) for name in names}}
        else:
            kwargs["initial"] = {"seller": location.organization.name, "control": OptInControl.CHECKBOX}
        super().__init__(*args, **kwargs)
        self.location, self.form = location, form

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = OptInForm.objects.filter(location=self.location, name=name)
        if self.form is not None:
            others = others.exclude(pk=self.form.pk)
        if others.exists():
            raise forms.ValidationError("Another form has this name.")
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > OptInVersion.LONGEST:
            raise forms.ValidationError(
                f"The text has {len(text):,} characters; at most {OptInVersion.LONGEST:,} are read. Nothing was saved. "
                "Give the consent wording alone, without the pages around it."
            )
        return text

    def wording(self) -> dict[str, Any]:
        """What opt_in.publish takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "name"}
