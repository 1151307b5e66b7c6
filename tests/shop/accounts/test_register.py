"""Every model that could hold something about a person is named by its room, field by field."""

import re

import pytest
from django.apps import apps
from django.db import models

from config.personal_data import register

SUSPECT = re.compile(
    r"e?mail|name|phone|address|ship_to|recipient|actor|note|message|tracking|facts|_by$|holder|customer|payload|^body$"
    r"|content|^text$|html|token|^url$|reason|resolution|answer|evidence|statement|line1|postcode|last_error"
)
OURS = {"config", "inventory", "licensing", "shop", "auth", "account", "mfa", "usersessions", "admin", "sessions"}


def holds_something(field: models.Field) -> bool:
    """Whether a field may hold something about a person, by its kind or its name."""
    if field.choices:
        return False
    if field.related_model is not None:
        return field.related_model._meta.label == "auth.User"
    if isinstance(field, models.EmailField | models.JSONField | models.GenericIPAddressField | models.BinaryField):
        return True
    return isinstance(field, models.CharField | models.TextField) and bool(SUSPECT.search(field.name))


def unnamed(model: type[models.Model]) -> list[str]:
    label, known = model._meta.label, register()
    if label in known.impersonal:
        return []
    holding = known.holding(label)
    named = holding.fields if holding else {}
    return [field.name for field in model._meta.concrete_fields if holds_something(field) and field.name not in named]


def test_every_model_is_named() -> None:
    models_of_ours = [one for one in apps.get_models(include_auto_created=True) if one._meta.app_label in OURS]
    assert {one._meta.label: unnamed(one) for one in models_of_ours if unnamed(one)} == {}


def test_a_new_model_would_be_missed() -> None:
    class Newcomer(models.Model):
        """A table that nobody named."""

        phone = models.CharField(max_length=20)
        units = models.IntegerField()

        class Meta:
            app_label = "newcomers"
            managed = False

    try:
        assert unnamed(Newcomer) == ["phone"]
    finally:
        del apps.all_models["newcomers"]
        apps.clear_cache()


@pytest.mark.parametrize("holding", register().holdings, ids=lambda one: one.model)
def test_a_holding_names_what_exists(holding) -> None:
    fields = {one.name for one in apps.get_model(holding.model)._meta.concrete_fields}
    assert set(holding.fields) <= fields
    assert set(holding.hidden) <= fields


def test_each_model_is_named_once() -> None:
    labels = [one.model for one in register().holdings]
    assert len(labels) == len(set(labels))
    assert not set(labels) & set(register().impersonal)


@pytest.mark.parametrize("holding", [one for one in register().holdings if one.of is None], ids=lambda one: one.model)
def test_what_cannot_be_found_by_a_person_says_why_it_stays(holding) -> None:
    assert all(rule.when == "never" and rule.reason for rule in holding.fields.values())
