"""Forms that refuse what they do not know."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from addon.serializers import InstallationForm, SettingsForm, UninstallationForm
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
    assert SettingsForm(data={"inherited": True}).is_valid()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "non_field_errors"),
        ({"inherited": False}, "non_field_errors"),
        ({"inherited": True, "options": {}}, "non_field_errors"),
        ({"inherited": "yes"}, "inherited"),
        ({"inherited": 1}, "inherited"),
        ({"options": {"paper": "A3"}}, "options"),
        ({"options": {"paper": None}}, "options"),
        ({"options": {"contents": "true"}}, "options"),
        ({"options": {"contents": 1}}, "options"),
        ({"options": {"images": "huge"}}, "options"),
        ({"options": {"images": None}}, "options"),
        ({"options": {"colour": "red"}}, "options"),
        ({"options": []}, "options"),
        ({"options": {}, "tenant": 2}, "tenant"),
        ({"options": {}, "space_key": "OTHER"}, "space_key"),
    ],
)
def test_settings_of_another_form_are_refused_by_name(data, field):
    assert errors_of(SettingsForm(data=data)) == {field}
