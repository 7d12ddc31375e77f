"""django-q2 entry points of phone numbers."""

from phone_numbers import buying


def provision(number_id: int) -> None:
    buying.provision(number_id)
    buying.hear_texts_of_all()


def hear_texts() -> None:
    buying.hear_texts_of_all()
