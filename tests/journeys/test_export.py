"""The main job, from the dialog's request to the PDF, against the playground and its own space."""

from __future__ import annotations

import hashlib
import threading
import time

import pytest
import requests

from playground.boot import running
from tests.journeys.exporting import ADMIN, EDITOR, GUEST, account, ask, export

HOME, STARTING, FIRST_WEEK, WORKSTATION = "65537", "65538", "65539", "65540"
FOLDER, ARCHITECTURE, RUNBOOK = "65541", "65542", "65543"
OLD_CORNERS, SALARIES, REVIEWS, JAPANESE, ARABIC = "65545", "65546", "65547", "65548", "65549"
PICTURES, APPS = "65556", "65565"
SECRETS = ("Confidential", "salary bands", "review calendar", "COPPER-HERON", "SILVER-OTTER")


@pytest.fixture(scope="module")
def world():
    with running() as world:
        yield world


@pytest.fixture(autouse=True)
def _fair_weather(world):
    world.confluence.faults.clear()
    world.confluence.journal.clear()
    world.confluence.locked = frozenset()
    yield
    world.confluence.faults.clear()
    world.confluence.locked = frozenset()


def test_a_page_arrives_as_a_pdf_with_its_title_and_its_text(world):
    outcome = export(world, STARTING, "page")

    assert "Getting started" in outcome.sheets.text(1)
    assert outcome.report["file_name"] == "Getting started.pdf"
    assert (outcome.report["pages"], outcome.report["sheets"]) == (1, len(outcome.sheets))


def test_a_branch_arrives_in_the_order_of_confluence_with_contents_and_outline(world):
    outcome = export(world, HOME, "tree")

    titles = [text for depth, text, _ in outcome.sheets.outline() if text in _titles(world)]
    listed = [page["title"] for page in _tree(world, HOME)["pages"]]
    assert titles == listed
    assert all(title in outcome.sheets.text(1) for title in listed[:5])
    assert outcome.report["left_out"] == 0


def test_a_folder_is_a_chapter(world):
    outline = export(world, HOME, "tree").sheets.outline()

    depths = {text: depth for depth, text, _ in outline}
    assert depths["Architecture overview"] == depths["How we build"] + 1


def test_links_between_exported_pages_jump_inside_the_document(world):
    outcome = export(world, HOME, "tree")

    jumps = [link for link in outcome.sheets.links() if isinstance(link, int)]
    inside = [link for link in outcome.sheets.links() if str(link).startswith("xpress")]
    assert len(jumps) > 20
    assert inside == []


def test_a_link_to_a_page_that_is_not_exported_leads_to_confluence(world):
    outcome = export(world, HOME, "page")

    addresses = [link for link in outcome.sheets.links() if isinstance(link, str)]
    assert any(address.startswith(f"{world.site_url}/spaces/DOC/pages/") for address in addresses)


def test_chosen_pages_arrive_alone(world):
    outcome = export(world, HOME, "chosen", pages=[ARCHITECTURE, STARTING])

    titles = [text for depth, text, _ in outcome.sheets.outline() if text in _titles(world)]
    assert titles == ["Getting started", "Architecture overview"]


def test_chosen_pages_that_are_not_visible_are_counted_and_not_named(world):
    outcome = export(world, HOME, "chosen", GUEST, pages=[STARTING, SALARIES, REVIEWS])

    assert (outcome.report["pages"], outcome.report["left_out"]) == (1, 2)
    assert not any(secret in str(outcome.report) for secret in SECRETS)


def test_the_whole_space_arrives_from_any_of_its_pages(world):
    outcome = export(world, WORKSTATION, "space")

    assert outcome.report["pages"] == sum(page["type"] == "page" for page in _space(world))
    assert outcome.report["file_name"] == "Lighthouse handbook.pdf"


def test_japanese_and_arabic_pages_keep_their_letters(world):
    japanese, arabic = export(world, JAPANESE, "page"), export(world, ARABIC, "page")

    assert "横浜" in japanese.sheets.text()
    assert any("؀" <= letter <= "ۿ" for letter in arabic.sheets.text())


def test_pictures_are_fetched_through_the_rest_download_with_the_right_of_the_reader(world):
    outcome = export(world, ARCHITECTURE, "page")

    downloads = [entry for entry in world.confluence.journal if "/download" in entry.path]
    assert outcome.sheets.images() >= 1
    assert downloads
    assert {entry.authorization for entry in downloads} == {"user"}


def test_every_read_of_confluence_is_made_as_the_person_who_asks(world):
    export(world, HOME, "tree", GUEST)

    reads = [entry for entry in world.confluence.journal if entry.service == "rest"]
    assert {entry.authorization for entry in reads} == {"user"}
    assert {entry.account_id for entry in reads} == {account(world, GUEST)}


def test_a_guest_meets_no_restricted_page_anywhere(world):
    for scope in ("tree", "space"):
        outcome = export(world, HOME, scope, GUEST)
        listed = requests.get(
            f"{world.app_url}/api/tree?page={HOME}&scope={scope}",
            headers=world.authorization(account(world, GUEST)),
            timeout=30,
        ).text

        seen = outcome.sheets.text() + outcome.raw.decode("latin-1") + str(outcome.sheets.outline())
        for secret in SECRETS:
            assert secret not in seen
            assert secret not in listed
            assert secret not in world.app_log.read_text()
            assert secret.encode() not in outcome.pdf


def test_an_editor_gets_the_same_restricted_page(world):
    assert "COPPER-HERON" in export(world, HOME, "tree", EDITOR).sheets.text()


def test_a_guest_who_asks_for_a_restricted_page_by_its_number_gets_nothing(world):
    for page, scope, more in (
        (SALARIES, "page", {}),
        (SALARIES, "tree", {}),
        (REVIEWS, "page", {}),
        (HOME, "chosen", {"pages": [SALARIES, REVIEWS]}),
    ):
        outcome = export(world, page, scope, GUEST, **more)

        assert outcome.kinds[-1] == "E"
        assert outcome.pdf == b""
        assert "salary" not in outcome.raw.decode().lower()


def test_a_hidden_page_and_a_missing_one_are_told_apart_by_nobody(world):
    hidden, missing = export(world, SALARIES, "page", GUEST), export(world, "99999", "page", GUEST)

    assert hidden.error == missing.error


def test_a_page_that_is_closed_between_listing_and_reading_is_counted_and_not_named(world):
    world.confluence.faults.add(match=f"GET .*/api/v2/pages/{RUNBOOK}\\?", status=404)

    outcome = export(world, HOME, "tree")

    assert outcome.report["left_out"] == 1
    assert f"{outcome.report['pages']} pages" in outcome.sheets.text(1)
    assert "Release runbook" not in [text for _, text, _ in outcome.sheets.outline()]
    assert "Release runbook" not in str(outcome.report)
    assert "Release runbook" not in str(outcome.steps)


def test_a_broken_picture_costs_only_itself(world):
    outcome = export(world, OLD_CORNERS, "page")

    notes = outcome.notes("image_missing")
    assert any("broken.png" in note["what"] for note in notes)
    assert "Image not available" in outcome.sheets.text()
    assert all(note["page"]["url"].startswith(world.site_url) for note in outcome.report["notes"])


def test_a_page_that_confluence_cannot_give_becomes_a_note(world):
    world.confluence.faults.add(match=f"GET .*/api/v2/pages/{RUNBOOK}\\?", status=500)

    outcome = export(world, HOME, "tree")

    assert [note["page"]["id"] for note in outcome.notes("page_failed")] == [RUNBOOK]
    assert "could not be included" in outcome.sheets.text()


def test_a_passing_rate_limit_is_waited_for(world):
    world.confluence.faults.add(
        match="GET .*/descendants", status=429, headers={"Retry-After": "1"}, times=1
    )

    assert export(world, HOME, "tree").kinds[-1] == "R"


def test_a_used_up_quota_ends_the_export_with_a_sentence(world):
    world.confluence.faults.add(
        match="GET .*body-format",
        status=429,
        headers={"Retry-After": "1800", "RateLimit-Reason": "confluence-quota-global-based"},
    )

    outcome = export(world, HOME, "tree")

    assert outcome.error["code"] == "rate_limited"
    assert outcome.pdf == b""


def test_no_impersonation_means_no_export(world):
    world.confluence.faults.add(match="POST .*/oauth2/token", status=400, body={"error": "x"})

    world.install()  # a new secret, so the app has to ask for a new token

    outcome = export(world, HOME, "page")

    assert outcome.error["code"] == "no_access"
    assert outcome.pdf == b""


def test_the_frames_are_progress_heartbeats_pdf_and_a_report_at_the_end(world):
    world.confluence.faults.add(match="GET .*body-format", delayMs=1200, times=1)

    outcome = export(world, HOME, "tree")

    assert outcome.kinds[0] in "HP"
    assert outcome.kinds.count("H") >= 2
    assert outcome.kinds[-1] == "R"
    assert set(outcome.kinds[-3:-1]) == {"D"}
    stages = list(dict.fromkeys(step["stage"] for step in outcome.steps))
    assert stages == ["listing", "reading", "printing", "joining"]
    reading = [step for step in outcome.steps if step["stage"] == "reading"]
    assert [step["done"] for step in reading] == list(range(1, len(reading) + 1))
    assert reading[0]["label"] == "Lighthouse handbook"


def test_the_report_vouches_for_every_byte(world):
    outcome = export(world, STARTING, "page")

    assert outcome.report["bytes"] == len(outcome.pdf)
    assert outcome.report["sha256"] == hashlib.sha256(outcome.pdf).hexdigest()


def test_a_program_that_wants_a_pdf_gets_a_pdf_with_its_name(world):
    with ask(world, JAPANESE, "page", accept="application/pdf") as answer:
        content = answer.content

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "filename*=utf-8''%E6%A8%AA" in answer.headers["Content-Disposition"]
    assert content.startswith(b"%PDF-")


def test_the_file_name_that_was_asked_for_is_cleaned(world):
    options = {"file_name": 'Q3/Q4: "plan"\r\nSet-Cookie: a=b'}

    with ask(world, STARTING, "page", accept="application/pdf", options=options) as answer:
        assert "Set-Cookie" not in answer.headers
        assert 'filename="Q3 Q4 plan Set-Cookie a=b.pdf"' in answer.headers["Content-Disposition"]


def test_options_change_the_document(world):
    outcome = export(world, STARTING, "tree", options={"paper": "Letter", "contents": False})

    assert outcome.sheets.sizes() == {(612, 792)}
    assert "Contents" not in outcome.sheets.text(1)


def test_pictures_are_as_sharp_as_was_chosen(world):
    small, standard, original = (
        export(world, PICTURES, "page", options={"images": images}).sheets.largest_image()
        for images in ("small", "standard", "original")
    )

    assert (small, standard, original) == ((737, 491), (1473, 982), (4200, 2800))


def test_drawings_and_formulas_are_printed_as_lines(world):
    outcome = export(world, APPS, "page")

    assert "New ladder" in outcome.sheets.text()  # a word of a drawing in the page's own HTML
    assert outcome.notes("drawing_left_out") == outcome.notes("math_as_source") == []


def test_what_the_space_has_chosen_holds_where_nothing_else_is_wished(world):
    address = f"{world.app_url}/api/spaces/DOC/settings"
    chosen = {"options": {"paper": "Letter"}}
    saved = requests.put(address, json=chosen, headers=world.authorization(), timeout=30)

    as_the_space = export(world, STARTING, "page")
    as_wished = export(world, STARTING, "page", options={"paper": "A4"})

    requests.put(address, json={"inherited": True}, headers=world.authorization(), timeout=30)
    assert saved.status_code == 200
    assert as_the_space.sheets.sizes() == {(612, 792)}
    assert as_wished.sheets.sizes() == {(595, 842)}


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"page": HOME},
        {"page": HOME, "scope": "everything"},
        {"page": "../../etc", "scope": "page"},
        {"page": HOME, "scope": "chosen"},
        {"page": HOME, "scope": "page", "pages": [STARTING]},
        {"page": HOME, "scope": "page", "sparkles": True},
        {"page": HOME, "scope": "page", "options": {"paper": "Foolscap"}},
        {"page": HOME, "scope": "page", "options": {"contents": "yes"}},
        {"page": HOME, "scope": "page", "options": {"images": "huge"}},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_before_anything_starts(world, order):
    answer = requests.post(
        f"{world.app_url}/api/exports", json=order, headers=world.authorization(), timeout=30
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert len(world.confluence.journal) == 0


def test_whoever_leaves_stops_the_work(world):
    world.confluence.faults.add(match="GET .*body-format", delayMs=400)
    answer = ask(world, HOME, "tree")
    answer.raw.read(400)

    answer.close()

    time.sleep(3)
    asked = len(world.confluence.journal)
    time.sleep(2)
    assert len(world.confluence.journal) == asked


def test_two_exports_at_once_do_not_mix(world):
    outcomes = {}

    def run(page):
        outcomes[page] = export(world, page, "page")

    threads = [threading.Thread(target=run, args=(page,)) for page in (STARTING, RUNBOOK)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "Getting started" in outcomes[STARTING].sheets.text(1)
    assert "Release runbook" in outcomes[RUNBOOK].sheets.text(1)


def test_nothing_of_the_content_is_left_behind(world):
    export(world, HOME, "tree", ADMIN)

    log = world.app_log.read_text()
    stored = (world.app_log.parent / "db.sqlite3").read_bytes()
    for words in (*SECRETS, "Lighthouse handbook", "Getting started", "Astrid"):
        assert words not in log
        assert words.encode() not in stored


def test_an_export_beyond_the_limit_is_refused_with_its_number():
    with running(app_environment={"XPRESS_MAX_PAGES": "3"}) as small:
        outcome = export(small, HOME, "tree")

    assert outcome.error["code"] == "too_many_pages"
    assert "3" in outcome.error["message"]


def test_after_uninstalling_nobody_gets_anything(world):
    headers = world.authorization()
    key = next(iter(world.confluence.connect.installed))
    world.confluence.uninstall(key)

    answer = requests.post(
        f"{world.app_url}/api/exports",
        json={"page": HOME, "scope": "page"},
        headers=headers,
        timeout=30,
    )

    assert answer.status_code == 401
    world.install()
    assert export(world, STARTING, "page").kinds[-1] == "R"


def _tree(world, page):
    return requests.get(
        f"{world.app_url}/api/tree?page={page}", headers=world.authorization(), timeout=30
    ).json()


def _space(world):
    return requests.get(
        f"{world.app_url}/api/tree?page={HOME}&scope=space",
        headers=world.authorization(),
        timeout=30,
    ).json()["pages"]


def _titles(world):
    return {page.title for page in world.confluence.site.pages.values()}
