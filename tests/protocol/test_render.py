"""The page for the clinician, and what it says has changed."""

import re
import subprocess
from html.parser import HTMLParser

import pytest

from intake.protocol import changes, render
from intake.protocol.load import load
from tests.protocol.folders import copy_with


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loads = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids.add(attributes.get("id"))
        self.links.add(attributes.get("href"))
        self.loads += [attributes[key] for key in ("src",) if key in attributes] + (
            [attributes["href"]] if tag == "link" else []
        )


@pytest.fixture(scope="module")
def page(protocol, the_clinic):
    moved = render.Note("Vignettes that moved", ("v1: same_day to er_now",))
    return render.render(protocol, the_clinic, changes.compare(protocol), [moved])


def test_every_rule_question_and_text_is_on_the_page(page, protocol):
    found = Page(page)

    assert set(protocol.rules) <= found.ids
    assert {f"question-{id}" for id in protocol.questions} <= found.ids
    assert {f"text-{id}" for id in protocol.texts} <= found.ids


def test_the_page_needs_no_other_file_and_its_links_lead_somewhere(page):
    found = Page(page)

    assert found.loads == []
    assert {link[1:] for link in found.links if link} <= found.ids


def test_the_last_resort_is_on_the_page(page, protocol):
    assert all(phrase.replace(">", "&gt;").replace("<", "&lt;") in page
               for words in protocol.last_resort.levels.values() for phrase in words.phrases)  # fmt: skip


def test_the_page_says_that_nobody_has_signed(page, protocol):
    assert protocol.header.signed_by or "no licensed clinician has approved it" in page


def test_notes_stand_under_changes(page):
    assert "v1: same_day to er_now" in page


def test_the_flow_shows_every_question_in_the_order(page, protocol):
    for channel in ("web", "sms"):
        drawing = page[page.index(f'aria-label="Order of the questions, {channel}"') :].split("</svg>")[0]
        for question in protocol.order(channel):
            assert question.on_demand or f"{question.id}  {question.slot}" in drawing


def test_changes_are_told_field_by_field(tmp_path, protocol):
    folder, _ = copy_with(tmp_path, "texts/goodbye.yml", "web: >-\n  Thank you.", "web: >-\n  Thanks.")
    (folder / "texts" / "nudge.yml").unlink()
    found = {
        (change.kind, change.id, change.field) for change in changes.differences(protocol, load(folder, strict=False))
    }

    assert found == {("texts", "goodbye", "web"), ("texts", "nudge", "")}


def test_a_changed_number_shows_where_it_is_used(tmp_path, protocol):
    folder, _ = copy_with(tmp_path, "protocol.yml", "few_weeks_days: 28", "few_weeks_days: 21")
    found = {(change.kind, change.id) for change in changes.differences(protocol, load(folder, strict=False))}

    assert {("protocol", "protocol.yml"), ("conditions", "pain_few_weeks"), ("questions", "Q14")} <= found


def test_a_change_is_shown_in_the_lines_of_the_file(tmp_path, protocol):
    folder, _ = copy_with(tmp_path, "rules/R112.yml", "{condition: pain_recent}", "{condition: pain_new}")
    [change] = changes.differences(protocol, load(folder, strict=False))

    assert (change.id, change.field) == ("R112", "tiers")
    assert {"-    - condition: pain_recent", "+    - condition: pain_new"} <= set(change.lines)
    assert not any("recipient" in line and line[0] in "+-" for line in change.lines)


def git_in(folder):
    def git(*arguments):
        subprocess.run(
            ["git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", *arguments],
            check=True,
            capture_output=True,
        )

    return git


def test_the_last_commit_with_another_version_is_compared_with(tmp_path):
    folder, _ = copy_with(tmp_path, "texts/goodbye.yml", "Thank you.", "Thanks.")
    git, text, header = git_in(tmp_path), folder / "texts" / "goodbye.yml", folder / "protocol.yml"
    git("init")

    def commit(words, version=None):
        text.write_text(text.read_text().replace("Thanks", words))
        if version:
            header.write_text(re.sub(r'version: ".*?"', f'version: "{version}"', header.read_text(), count=1))
        git("add", ".")
        git("commit", "-m", words)
        load.cache_clear()

    commit("Thanks a lot", "1.0")
    assert changes.compare(load(folder)).changes == ()
    commit("Thanks a bunch", "1.1")
    commit("Thanks a million")

    comparison = changes.compare(load(folder))

    assert {change.id: change.field for change in comparison.changes} == {"goodbye": "web", "protocol.yml": "version"}
    assert "Thanks a lot" in comparison.earlier.texts["goodbye"].web
    assert "million" in comparison.changes[0].after


def test_the_last_tag_is_compared_with(tmp_path):
    folder, _ = copy_with(tmp_path, "texts/goodbye.yml", "Thank you.", "Thanks.")
    git = git_in(tmp_path)

    assert changes.compare(load(folder)).why_not == "git holds no earlier version yet"
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    git("tag", "v1")
    text = folder / "texts" / "goodbye.yml"
    text.write_text(text.read_text().replace("Thanks.", "Thank you so much."))
    load.cache_clear()

    comparison = changes.compare(load(folder))

    assert comparison.against == "v1"
    assert {change.id for change in comparison.changes} == {"goodbye"}
