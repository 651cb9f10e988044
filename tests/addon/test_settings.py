"""What a site and its spaces have chosen, and what that makes of an order."""

from __future__ import annotations

from typing import Any

import pytest

from addon.options import ExportOptions
from addon.settings import (
    Access,
    NoTemplate,
    OptionLocked,
    Origin,
    Settings,
    Standing,
    Template,
    offered,
    shipped_templates,
    sparse,
)


def a_template(key: str, name: str = "", origin: Origin = "site", **options: Any) -> Template:
    return Template(key, name or key, origin, ExportOptions.from_stored(options))


def a_standing(
    site: Settings | None = None, own: Settings | None = None, *templates: Template
) -> Standing:
    rows = offered((*templates, *shipped_templates()))
    return Standing(site or Settings(), own, rows, "DOC")


def test_where_nobody_chose_the_usual_article_holds():
    standing = a_standing()

    assert standing.default.key == "article"
    assert standing.options("", {}) == ExportOptions()


def test_start_values_stand_over_those_of_the_template_and_wishes_over_both():
    site = Settings(template="t", options={"margin_top": 30, "paper": "A5"})
    standing = a_standing(site, None, a_template("t", paper="A3", cover="band"))

    options = standing.options("", {"paper": "Letter"})

    assert (options.cover, options.margin_top, options.paper) == ("band", 30, "Letter")


def test_a_space_has_its_own_settings_or_the_sites_and_never_a_mixture():
    site = Settings(options={"paper": "A5", "cover": "band"}, access=Access("nobody"))
    own = Settings(options={"paper": "A3"})

    assert a_standing(site).start().cover == "band"
    assert a_standing(site, own).start() == ExportOptions(paper="A3")
    assert a_standing(site, own).here.access.who == "everyone"


def test_what_is_locked_cannot_be_wished_otherwise():
    standing = a_standing(Settings(options={"paper": "A5"}, locked=frozenset({"paper"})))

    assert standing.options("", {"paper": "A5", "images": "small"}).images == "small"
    with pytest.raises(OptionLocked, match="Paper"):
        standing.options("", {"paper": "A4"})


def test_what_the_site_has_locked_holds_in_every_space():
    site = Settings(options={"paper": "A5"}, locked=frozenset({"paper"}))
    own = Settings(options={"paper": "A3", "cover": "full"}, locked=frozenset({"cover"}))
    standing = a_standing(site, own)

    assert standing.start().paper == "A5"
    assert standing.fixed == {"paper": "A5", "cover": "full"}


def test_a_lock_holds_for_every_template():
    site = Settings(options={"cover": "none"}, locked=frozenset({"cover"}))

    assert {a_standing(site).options(it.key, {}).cover for it in shipped_templates()} == {"none"}


def test_an_order_names_its_template():
    standing = a_standing(Settings(template="t"), None, a_template("t", paper="A3"))

    assert standing.options("report", {}).font == "Noto Serif"
    assert standing.options("t", {}).paper == "A3"
    with pytest.raises(NoTemplate):
        standing.options("gone", {})


def test_a_default_that_is_gone_gives_way_to_the_sites_and_that_to_the_article():
    kept = a_template("kept", paper="A3")

    assert a_standing(Settings(template="kept"), Settings(template="gone"), kept).default == kept
    assert a_standing(Settings(template="gone"), Settings(template="gone")).default.key == "article"


def test_a_template_of_the_space_hides_one_of_the_same_name_and_is_had_by_its_key():
    ours = a_template("ours", "Report", "space", paper="A3")
    sites = a_template("sites", "report", "site", paper="A5")
    standing = a_standing(Settings(template="sites"), None, sites, ours)

    assert [it.key for it in standing.templates] == ["ours", "article", "handbook"]
    assert standing.default.key == "ours"
    assert standing.options("report", {}).paper == standing.options("sites", {}).paper == "A3"


def test_two_templates_of_one_place_are_both_offered_however_alike_their_names():
    upper, lower = a_template("1", "Minutes"), a_template("2", "minutes")
    ours = a_template("3", "MINUTES", "space")

    assert {"1", "2"} <= {it.key for it in offered((upper, lower))}
    assert [it.stands_for for it in offered((upper, lower, ours))] == [("1", "2")]


def test_an_archived_template_is_not_offered():
    old = Template("old", "Old", "site", ExportOptions(), is_archived=True)

    assert offered((old,)) == ()


def test_a_form_changes_what_it_names_and_null_takes_a_value_and_its_lock_back():
    before = Settings("t", {"paper": "A5", "cover": "band"}, frozenset({"paper", "cover"}))

    after = before.changed({"options": {"paper": None, "images": "small"}}, is_site=False)

    assert after.options == {"cover": "band", "images": "small"}
    assert after.locked == {"cover"}
    assert after.template == "t"


def test_what_only_the_site_has_is_not_taken_over_by_a_space():
    site = Settings(switched_off=frozenset({"HR"}), limits={"pages": 5})
    wanted = {"switched_off": ["X"], "limits": {"pages": 1}}

    assert site.changed(wanted, is_site=False).limits == {}
    assert site.changed({}, is_site=True).switched_off == {"HR"}
    assert site.changed(wanted, is_site=True).limits == {"pages": 1}


def test_stored_options_that_cannot_be_read_give_way_to_what_the_template_has():
    assert sparse({"paper": "A3", "sparkles": 1}) == {"paper": "A3"}


def test_access_goes_through_storage_unchanged():
    stored = {"who": "groups", "groups": [{"id": "g", "name": "Writers"}]}

    assert Access.from_stored(stored).to_stored() == stored
