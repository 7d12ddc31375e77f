"""What a contact's badges say, in the product's colours."""

from accounts.statuses import Status

CONSENT = Status("consent", "Consent", "circle-check", "green")
NO_CONSENT = Status("no_consent", "No consent", "circle-dashed", "grey")
DO_NOT_CALL = Status("do_not_call", "Do not call", "phone-off", "red")
TEST = Status("test", "Test", "flask", "purple")

OUTCOMES = {
    "create": Status("create", "New contact", "user-plus", "green"),
    "merge": Status("merge", "Adds to a contact", "users", "blue"),
    "refuse": Status("refuse", "Left out", "alert-triangle", "orange"),
}
