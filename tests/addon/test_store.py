"""Settings and templates in the database, each within its tenant."""

from __future__ import annotations

import pytest

from addon import store
from addon.models import SavedSettings, Tenant
from addon.options import ExportOptions
from addon.settings import Access, Group, Settings
from addon.store import NameTaken, Stale, TemplateGone, TooManyTemplates
from tests.addon.choices import choose, forget, holds, kept

LETTER = ExportOptions(paper="Letter")


@pytest.fixture
def tenants(db: None) -> tuple[int, int]:
    first, second = (Tenant.objects.create(client_key=name) for name in ("acme", "globex"))
    return first.pk, second.pk


def test_a_space_has_the_settings_of_the_site_until_it_has_its_own(tenants):
    tenant, _ = tenants
    assert holds(tenant, "DOC") == ExportOptions()

    choose(tenant, "", paper="Letter")
    choose(tenant, "DOC", contents=False)
    assert holds(tenant, "DOC") == ExportOptions(contents=False)
    assert holds(tenant, "HR") == LETTER

    forget(tenant, "DOC")
    assert holds(tenant, "DOC") == LETTER


def test_all_parts_of_settings_come_back_as_they_were_saved(tenants):
    chosen = Settings(
        "report",
        {"paper": "A5", "left_out_labels": ["draft"]},
        frozenset({"paper"}),
        Access("groups", (Group("g", "Writers"),)),
        frozenset({"HR"}),
        {"pages": 7},
    )

    store.change_settings(tenants[0], "", lambda _: chosen)

    found = store.standing(tenants[0], "DOC").site
    assert found.revision > 0
    assert (found.template, found.options, found.locked) == ("report", chosen.options, {"paper"})
    assert (found.access, found.switched_off) == (chosen.access, chosen.switched_off)
    assert found.limits == {"pages": 7}


def test_stored_settings_of_another_version_load(tenants):
    SavedSettings.objects.create(
        tenant_id=tenants[0],
        options={"paper": "A2", "sparkles": 1, "images": "small"},
        locked=["sparkles", "images"],
        access={"who": "martians"},
        site_only=[],
    )

    found = store.standing(tenants[0], "").site

    assert holds(tenants[0]) == ExportOptions(images="small")
    assert found.fixed == {"images": "small"}
    assert found.access.who == "nobody"


def test_saving_twice_keeps_one_row(tenants):
    choose(tenants[0], "DOC", paper="Letter")
    choose(tenants[0], "DOC", contents=False)

    assert len(kept()) == 1


def test_the_same_space_key_on_two_sites_is_two_spaces(tenants):
    choose(tenants[0], "DOC", paper="Letter")
    assert holds(tenants[1], "DOC") == ExportOptions()

    forget(tenants[1], "DOC")
    assert holds(tenants[0], "DOC") == LETTER


def test_whoever_saw_an_older_revision_changes_nothing(tenants):
    def save(revision: int | None, paper: str) -> int:
        chosen = Settings(options={"paper": paper})
        return store.change_settings(tenants[0], "DOC", lambda _: chosen, revision).here.revision

    first = save(0, "A5")
    second = save(first, "A3")

    for seen in (0, first):
        with pytest.raises(Stale):
            save(seen, "Legal")
    with pytest.raises(Stale):
        store.change_settings(tenants[0], "DOC", lambda _: None, first)
    assert second != first
    assert holds(tenants[0], "DOC").paper == "A3"


def test_what_was_forgotten_and_saved_anew_does_not_pass_for_what_was_seen(tenants):
    choose(tenants[0], "DOC", paper="A5")
    seen = store.standing(tenants[0], "DOC").here.revision
    forget(tenants[0], "DOC")
    choose(tenants[0], "DOC", paper="A3")

    with pytest.raises(Stale):
        store.change_settings(tenants[0], "DOC", lambda _: Settings(), seen)


def test_a_change_is_made_to_what_is_there_by_now(tenants):
    choose(tenants[0], "DOC", paper="A5", images="small")

    store.change_settings(
        tenants[0],
        "DOC",
        lambda now: now.here.changed({"options": {"paper": "A3"}}, is_site=False),
    )

    assert holds(tenants[0], "DOC") == ExportOptions(paper="A3", images="small")


def test_a_place_sees_its_own_templates_the_sites_and_the_shipped_ones(tenants):
    tenant, other = tenants
    for place, name in (("DOC", "Ours"), ("HR", "Theirs"), ("", "Site")):
        store.create_template(tenant, place, name, LETTER)
    store.create_template(other, "DOC", "Foreign", LETTER)

    def names(place: str) -> list[str]:
        return [template.name for template in store.templates(tenant, place)]

    shipped = ["Article", "Handbook", "Report"]
    assert names("DOC") == ["Ours", "Site", *shipped]
    assert names("") == ["Site", *shipped]


def test_an_archived_template_is_seen_where_it_belongs_only(tenants):
    tenant, _ = tenants
    old = store.create_template(tenant, "", "Old", LETTER)
    store.save_template(tenant, "", old.key, {"is_archived": True})

    assert old.key in {it.key for it in store.templates(tenant, "")}
    assert old.key not in {it.key for it in store.templates(tenant, "DOC")}
    assert not store.standing(tenant, "DOC").has(old.key)


def test_a_template_is_changed_in_what_is_named(tenants):
    tenant, _ = tenants
    made = store.create_template(tenant, "DOC", "Ours", LETTER)

    changed = store.save_template(
        tenant, "DOC", made.key, {"options": {"cover": "band"}}, made.revision
    )

    assert changed.options == ExportOptions(paper="Letter", cover="band")
    assert (changed.name, changed.revision) == ("Ours", made.revision + 1)
    with pytest.raises(Stale):
        store.save_template(tenant, "DOC", made.key, {"name": "Mine"}, made.revision)


def test_a_name_is_taken_within_its_place_only(tenants):
    tenant, other = tenants
    for owner, place in ((tenant, "DOC"), (tenant, "HR"), (tenant, ""), (other, "DOC")):
        store.create_template(owner, place, "Ours", LETTER)
    second = store.create_template(tenant, "DOC", "Second", LETTER)

    with pytest.raises(NameTaken, match="Ours"):
        store.create_template(tenant, "DOC", "Ours", LETTER)
    with pytest.raises(NameTaken):
        store.save_template(tenant, "DOC", second.key, {"name": "Ours"})


def test_a_template_is_nobodys_from_another_place_or_tenant(tenants):
    tenant, other = tenants
    made = store.create_template(tenant, "DOC", "Ours", LETTER)

    for owner, place in ((other, "DOC"), (tenant, "HR"), (tenant, "")):
        with pytest.raises(TemplateGone):
            store.template(owner, place, made.key)
        with pytest.raises(TemplateGone):
            store.save_template(owner, place, made.key, {"name": "Mine"})
        with pytest.raises(TemplateGone):
            store.delete_template(owner, place, made.key)
    assert store.template(tenant, "DOC", made.key).name == "Ours"


def test_there_is_room_for_so_many_templates(tenants, monkeypatch):
    monkeypatch.setattr(store, "MOST_TEMPLATES", 2)
    store.create_template(tenants[0], "DOC", "1", LETTER)
    store.create_template(tenants[0], "DOC", "2", LETTER)

    with pytest.raises(TooManyTemplates, match="2"):
        store.create_template(tenants[0], "DOC", "3", LETTER)
    store.create_template(tenants[0], "HR", "3", LETTER)


def test_erasing_leaves_nothing_of_one_tenant_and_all_of_the_other(tenants):
    tenant, other = tenants
    for one in tenants:
        choose(one, "DOC", paper="Letter")
        store.create_template(one, "", "Ours", LETTER)
    before = kept(other)

    store.erase(tenant)

    assert kept(tenant) == []
    assert kept(other) == before
