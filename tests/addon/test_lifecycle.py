"""Tenants written and erased. Who may say so is told in tests/journeys/test_install.py."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import IntegrityError, transaction

from addon import lifecycle, store, vault
from addon.lifecycle import HostNotAllowed, Installation, WrongApp
from addon.models import Tenant
from addon.options import ExportOptions
from addon.tokens import Claims, Reason, TokenRefused
from tests.addon.choices import choose, holds, kept
from tests.atlassian import APP_KEY

pytestmark = pytest.mark.django_db


def an_installation(name: str = "acme", **changes: str) -> Installation:
    usual = {
        "key": APP_KEY,
        "client_key": name,
        "shared_secret": f"the secret of {name}",
        "base_url": f"https://{name}.atlassian.net/wiki",
        "display_url": f"https://docs.{name}.example",
        "oauth_client_id": "client",
    }
    return Installation(**(usual | changes))


def signed(name: str = "acme", at: int = 1000) -> Claims:
    return Claims(name, at, None, "hash")


def install(name: str = "acme", at: int = 1000, **changes: str) -> Tenant:
    lifecycle.install(an_installation(name, **changes), signed(name, at))
    return Tenant.objects.get(client_key=name)


def test_an_installation_becomes_a_tenant():
    tenant = install()

    site = tenant.as_site()
    assert tenant.state == Tenant.State.INSTALLED
    assert site.base_url == "https://acme.atlassian.net/wiki"
    assert (site.origin, site.context_path) == ("https://acme.atlassian.net", "/wiki")
    assert site.secret.value == "the secret of acme"
    assert "the secret" not in tenant.sealed_secret


def test_a_second_installation_is_the_same_tenant_with_a_new_secret_and_its_settings():
    tenant = install()
    choose(tenant.pk, "DOC", paper="Letter")

    again = install(at=1001, shared_secret="another secret", base_url="https://a2.atlassian.net/")

    assert again.pk == tenant.pk
    assert again.as_site().secret.value == "another secret"
    assert again.base_url == "https://a2.atlassian.net"
    assert holds(tenant.pk, "DOC").paper == "Letter"


def test_the_same_callback_twice_changes_nothing():
    install()
    install()

    assert Tenant.objects.count() == 1


def test_an_older_callback_is_a_replay():
    install(at=1000)

    with pytest.raises(TokenRefused) as refused:
        install(at=999, shared_secret="an older secret")

    assert refused.value.reason is Reason.REPLAYED
    assert Tenant.objects.get().as_site().secret.value == "the secret of acme"


def test_a_tenant_that_could_not_be_written_is_not_there():
    with pytest.raises(HostNotAllowed):
        install(base_url="https://evil.example/wiki")

    assert not Tenant.objects.exists()


@pytest.mark.parametrize(
    "base_url",
    [
        "http://acme.atlassian.net/wiki",
        "https://acme.atlassian.net.evil.example/wiki",
        "https://evil.example/acme.atlassian.net",
        "https://user@acme.atlassian.net/wiki",
        "https://acme.atlassian.net@evil.example/wiki",
        "https://a.b.atlassian.net/wiki",
        "https://acme.atlassian.net:8443/wiki",
        "https://acme.atlassian.net/wiki/../x",
        "https://acme.atlassian.net/wiki?a=b",
        "https://acme.atlassian.net/wiki#a",
        "https://127.0.0.1/wiki",
        "ftp://acme.atlassian.net",
        "acme.atlassian.net",
        "",
    ],
)
def test_only_a_site_of_the_list_may_install(base_url):
    with pytest.raises(HostNotAllowed):
        install(base_url=base_url)


def test_another_apps_callback_is_refused():
    with pytest.raises(WrongApp):
        install(key="com.example.other")


def test_the_body_must_name_the_sender():
    with pytest.raises(TokenRefused) as refused:
        lifecycle.install(an_installation("globex"), signed("acme"))

    assert refused.value.reason is Reason.NOT_THE_SENDER


@pytest.mark.parametrize(
    "display_url", ["javascript:alert(1)", "https://a b.example", "https://x.example; script-src *"]
)
def test_a_doubtful_display_address_is_not_kept(display_url):
    assert install(display_url=display_url).display_url == ""


def test_uninstalling_erases_secret_addresses_and_settings():
    tenant, other = install(), install("globex")
    for one in (tenant, other):
        choose(one.pk, paper="Letter")
        store.create_template(one.pk, "DOC", "Ours", ExportOptions())

    lifecycle.uninstall("acme", signed(at=1001))

    tenant.refresh_from_db()
    assert tenant.state == Tenant.State.UNINSTALLED
    assert tenant.sealed_secret == tenant.base_url == tenant.display_url == ""
    assert tenant.oauth_client_id == ""
    assert {row["tenant"] for row in kept()} == {other.pk}
    assert Tenant.objects.get(pk=other.pk).as_site().secret.value == "the secret of globex"


def test_uninstalling_somebody_unknown_is_nothing():
    lifecycle.uninstall("initech", signed("initech"))

    assert not Tenant.objects.exists()


def test_nothing_is_saved_for_a_site_that_was_uninstalled_meanwhile():
    tenant = install()
    lifecycle.uninstall("acme", signed(at=1001))

    with pytest.raises(TokenRefused):
        choose(tenant.pk, paper="Letter")
    with pytest.raises(TokenRefused):
        store.create_template(tenant.pk, "", "Ours", ExportOptions())

    assert kept() == []


def test_an_older_uninstallation_is_a_replay():
    tenant = install(at=1000)

    with pytest.raises(TokenRefused):
        lifecycle.uninstall("acme", signed(at=999))

    tenant.refresh_from_db()
    assert tenant.state == Tenant.State.INSTALLED


def test_an_older_installation_does_not_bring_an_uninstalled_site_back():
    install(at=1000)
    lifecycle.uninstall("acme", signed(at=1005))

    with pytest.raises(TokenRefused):
        install(at=1004)

    assert Tenant.objects.get().sealed_secret == ""


def test_a_site_that_was_uninstalled_can_install_again_without_its_old_settings():
    tenant = install()
    choose(tenant.pk, paper="Letter")
    lifecycle.uninstall("acme", signed(at=1001))

    again = install(at=1002)

    assert again.pk == tenant.pk
    assert again.state == Tenant.State.INSTALLED
    assert holds(again.pk) == ExportOptions()


def test_a_disabled_site_keeps_its_settings():
    tenant = install()
    choose(tenant.pk, paper="Letter")

    lifecycle.switch(tenant.pk, on=False)
    tenant.refresh_from_db()
    assert tenant.state == Tenant.State.DISABLED
    lifecycle.switch(tenant.pk, on=True)
    tenant.refresh_from_db()

    assert tenant.state == Tenant.State.INSTALLED
    assert holds(tenant.pk).paper == "Letter"


def test_an_uninstalled_site_cannot_be_switched_on():
    tenant = install()
    lifecycle.uninstall("acme", signed(at=1001))

    lifecycle.switch(tenant.pk, on=True)

    tenant.refresh_from_db()
    assert tenant.state == Tenant.State.UNINSTALLED


def test_the_database_itself_keeps_nothing_of_an_uninstalled_site():
    tenant = install()

    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(state=Tenant.State.UNINSTALLED)


def test_a_secret_copied_to_another_row_opens_nothing():
    acme, globex = install(), install("globex")
    Tenant.objects.filter(pk=globex.pk).update(sealed_secret=acme.sealed_secret)
    globex.refresh_from_db()

    with pytest.raises(vault.SealBroken):
        globex.as_site()


def test_rotating_seals_every_secret_with_the_newest_key(settings, capsys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.XPRESS_FERNET_KEYS = [old]
    install()
    install("globex")
    install("initech")
    lifecycle.uninstall("initech", signed("initech", at=1001))
    settings.XPRESS_FERNET_KEYS = [new, old]

    call_command("rotate_secrets")

    settings.XPRESS_FERNET_KEYS = [new]
    assert "2 secrets" in capsys.readouterr().out
    for name in ("acme", "globex"):
        site = Tenant.objects.get(client_key=name).as_site()
        assert site.secret.value == f"the secret of {name}"
        assert Fernet(new).decrypt(Tenant.objects.get(client_key=name).sealed_secret.encode())


def test_a_secret_is_in_no_repr():
    installation = an_installation()
    site = install().as_site()

    assert "the secret" not in repr(installation)
    assert "the secret" not in repr(site)
