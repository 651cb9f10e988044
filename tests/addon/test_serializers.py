"""Forms that refuse what they do not know."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from addon.serializers import (
    InstallationForm,
    SettingsForm,
    SiteSettingsForm,
    TemplateChangesForm,
    TemplateForm,
    UninstallationForm,
    WishesForm,
)
from tests.atlassian import APP_KEY, LEFT_OUT, without_left_out


def a_body(**changes: Any) -> dict[str, Any]:
    usual = {
        "key": APP_KEY,
        "clientKey": "acme",
        "sharedSecret": " a secret with blanks round it ",
        "baseUrl": "https://acme.atlassian.net/wiki",
        "displayUrl": "https://docs.acme.example",
        "oauthClientId": "Zm9v.bar",
        "somethingNew": {"a": 1},
    }
    return without_left_out(usual | changes)


def errors_of(form: Any) -> set[str]:
    assert not form.is_valid()
    return set(form.errors)


def test_an_installation_is_read_with_its_secret_as_it_is():
    installation = InstallationForm.read(a_body())

    assert installation.client_key == "acme"
    assert installation.shared_secret == " a secret with blanks round it "
    assert installation.base_url == "https://acme.atlassian.net/wiki"


def test_an_installation_needs_no_display_address_or_oauth_client():
    installation = InstallationForm.read(a_body(displayUrl=LEFT_OUT, oauthClientId=LEFT_OUT))

    assert installation.display_url == installation.oauth_client_id == ""


@pytest.mark.parametrize(
    "change",
    [
        {"key": LEFT_OUT},
        {"clientKey": LEFT_OUT},
        {"clientKey": ""},
        {"clientKey": "x" * 256},
        {"clientKey": ["acme"]},
        {"clientKey": "nul\0"},
        {"clientKey": "half\ud800"},
        {"sharedSecret": LEFT_OUT},
        {"sharedSecret": "too short"},
        {"sharedSecret": None},
        {"baseUrl": LEFT_OUT},
        {"oauthClientId": "a\nb"},
        {"oauthClientId": "a b"},
    ],
)
def test_an_installation_without_what_matters_is_refused(change):
    with pytest.raises(ValidationError):
        InstallationForm.read(a_body(**change))


@pytest.mark.parametrize("body", [None, [], "text", 7, {}])
def test_what_is_no_object_is_refused(body):
    for form in (InstallationForm, UninstallationForm):
        with pytest.raises(ValidationError):
            form.read(body)


def test_an_uninstallation_names_its_sender():
    assert UninstallationForm.read({"clientKey": "acme", "more": 1}) == "acme"


def test_settings_are_options_or_the_sites_again():
    assert SettingsForm(data={"options": {"paper": "A4"}}).is_valid()
    assert SettingsForm(data={"options": {"images": "small"}}).is_valid()
    assert SettingsForm(data={"options": {"images": None}}).is_valid()
    assert SettingsForm(data={"inherited": True, "revision": 7}).is_valid()
    assert SettingsForm(data={"access": {"who": "nobody"}, "locked": ["paper"]}).is_valid()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "non_field_errors"),
        ({"inherited": False}, "non_field_errors"),
        ({"inherited": True, "options": {}}, "non_field_errors"),
        ({"inherited": "yes"}, "inherited"),
        ({"inherited": 1}, "inherited"),
        ({"options": {"paper": "A2"}}, "options"),
        ({"options": {"paper": 4}}, "options"),
        ({"options": {"contents": "true"}}, "options"),
        ({"options": {"contents": 1}}, "options"),
        ({"options": {"images": "huge"}}, "options"),
        ({"options": {"colour": "red"}}, "options"),
        ({"options": {"half\ud800": 1}}, "options"),
        ({"locked": ["sparkles"]}, "locked"),
        ({"locked": "paper"}, "locked"),
        ({"access": {"who": "all"}}, "access"),
        ({"access": {"who": "groups"}}, "access"),
        ({"access": {"who": "groups", "groups": [{"id": "a\nb", "name": "x"}]}}, "access"),
        ({"access": {"who": "everyone", "groups": [{"id": "a", "name": "x"}]}}, "access"),
        ({"revision": -1, "template": ""}, "revision"),
        ({"switched_off": []}, "switched_off"),
        ({"limits": {}}, "limits"),
        ({"options": []}, "options"),
        ({"options": {}, "tenant": 2}, "tenant"),
        ({"options": {}, "space_key": "OTHER"}, "space_key"),
    ],
)
def test_settings_of_another_form_are_refused_by_name(data, field):
    assert errors_of(SettingsForm(data=data)) == {field}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"switched_off": ["D C"]}, "switched_off"),
        ({"limits": {"pages": 0}}, "limits"),
        ({"limits": {"seconds": 5}}, "limits"),
        ({"limits": {"bytes": 5}}, "limits"),
        ({"limits": {"pages": 10**400}}, "limits"),
    ],
)
def test_a_site_has_more_settings_within_bounds(data, field):
    assert SiteSettingsForm(data={"switched_off": ["~bob"], "limits": {"pages": 7}}).is_valid()
    assert errors_of(SiteSettingsForm(data=data)) == {field}


def test_an_option_that_is_refused_is_called_by_its_label():
    form = SettingsForm(data={"options": {"margin_top": 7}})

    assert not form.is_valid()
    (message,) = form.errors["options"]["margin_top"]  # type: ignore[index]
    assert message == "Top margin: Choose a number from 8 to 60."


def test_an_order_cannot_wish_what_only_administrators_choose():
    assert WishesForm(data={"paper": "A5"}).is_valid()
    assert errors_of(WishesForm(data={"custom_css": ""})) == {"custom_css"}


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "nul\0", "x" * 101, 7.5j, ["x"], None])
def test_a_template_has_a_name_of_one_line(name):
    for form in (TemplateForm, TemplateChangesForm):
        assert errors_of(form(data={"name": name})) == {"name"}


def test_a_template_that_is_changed_names_what():
    assert TemplateChangesForm(data={"is_archived": True, "revision": 1}).is_valid()
    assert errors_of(TemplateChangesForm(data={"revision": 1})) == {"non_field_errors"}


def test_a_file_of_another_version_is_taken_without_what_nobody_knows_here():
    options = {"paper": "A5", "sparkles": True}
    form = TemplateForm(data={"xpress_template": 1, "name": "Ours", "options": options})

    assert form.is_valid()
    assert form.validated_data["options"] == {"paper": "A5"}
    assert errors_of(TemplateForm(data={"name": "Ours", "options": options})) == {"options"}
    assert errors_of(TemplateForm(data={"xpress_template": 2, "name": "x"})) == {"xpress_template"}
