import hashlib
import json

import pytest

from tests.scripts.load import load

train = load("train")


@pytest.fixture
def project(tmp_path):
    """A project with a current model; gives back its folder and the model."""
    for name in ("data/nlu.yml", "protocol/rules.yml", "components/policy.py", "intake/language/read.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "config.yml").write_text("config")
    model = tmp_path / "models" / "intake.tar.gz"
    model.parent.mkdir()
    model.write_bytes(b"model")
    (tmp_path / "models" / "intake.json").write_text(json.dumps(train.stamp(tmp_path, model)))
    return tmp_path, model


def test_a_model_made_from_what_is_there_is_current(project):
    assert train.why_not_current(*project) is None


@pytest.mark.parametrize(
    "name", ["data/nlu.yml", "protocol/rules.yml", "components/policy.py", "config.yml", "domain.yml"]
)
def test_a_changed_or_new_input_asks_for_training(project, name):
    root, model = project
    (root / name).write_text("changed")
    assert "has changed" in train.why_not_current(root, model)


def test_a_renamed_input_asks_for_training(project):
    root, model = project
    (root / "data/nlu.yml").rename(root / "data/other.yml")
    assert "has changed" in train.why_not_current(root, model)


@pytest.mark.parametrize(
    "name", ["clinic.yml", "README.md", "data/.hidden", "components/__pycache__/policy.pyc", "intake/gateway.py"]
)
def test_other_files_do_not(project, name):
    root, model = project
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("new")
    assert train.why_not_current(root, model) is None


def test_a_missing_model_is_not_current_though_another_one_is_there(project):
    root, model = project
    model.rename(model.with_name("20240101.tar.gz"))
    assert train.why_not_current(root, model) == "there is no model yet"


def test_a_model_put_there_by_something_else_is_not_current(project):
    root, model = project
    model.write_bytes(b"another model")
    assert "not the one" in train.why_not_current(root, model)


def test_a_model_without_its_description_is_not_current(project):
    root, model = project
    model.with_name("intake.json").unlink()
    assert train.why_not_current(root, model)


def test_the_description_names_the_model_and_its_hash(project):
    root, model = project
    stamp = train.stamp(root, model)
    assert (stamp["model"], stamp["sha256"]) == ("intake.tar.gz", hashlib.sha256(b"model").hexdigest())
