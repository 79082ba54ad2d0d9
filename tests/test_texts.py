import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.texts import LANGUAGES, Texts, texts

MINUS = "\N{MINUS SIGN}"
nl, en = texts("nl"), texts("en")


def test_a_text_is_found_by_its_dotted_id_and_filled_in():
    assert nl("number.range", low=18, high=34) == "18 tot 34"
    assert en("number.range", low=18, high=34) == "18 to 34"
    assert "number.range" in nl and "number.rnage" not in nl


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(KeyError, match=r"texts/nl has no text 'number\.rnage' \(nearest: 'number\.range'\)"):
        nl("number.rnage")


def test_an_unfilled_place_is_named_with_what_was_given():
    with pytest.raises(KeyError, match=r"needs a value for \{high\} \(nearest: 'hihg'\)"):
        nl("number.range", low=1, hihg=2)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'de': must be one of nl, en"):
        Texts("de")


def test_each_language_says_which_it_is():
    assert [texts(language)("language.code") for language in LANGUAGES] == list(LANGUAGES)


@pytest.mark.parametrize(
    ("value", "digits", "dutch", "english"),
    [
        (0.04, 1, "0,0", "0.0"),
        (-0.04, 1, "0,0", "0.0"),
        (-3.25, 2, f"{MINUS}3,25", f"{MINUS}3.25"),
        (1234.5, 1, "1234,5", "1234.5"),
        (12345.67, 1, "12.345,7", "12,345.7"),
        (9999.96, 1, "10.000,0", "10,000.0"),
        (3, 0, "3", "3"),
        (float("nan"), 1, "–", "–"),
        (float("-inf"), 1, f"{MINUS}∞", f"{MINUS}∞"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, digits, dutch, english):
    assert (nl.number(value, digits), en.number(value, digits)) == (dutch, english)


@pytest.mark.parametrize(
    ("value", "expected"), [(0.3, "+0,3"), (-0.3, f"{MINUS}0,3"), (0.001, "0,0"), (float("nan"), "–"), (1e5, "+100.000,0")]
)
def test_differences_carry_their_sign(value, expected):
    assert nl.signed(value, 1) == expected


def test_a_range_of_numbers_uses_both():
    assert nl.range(-1.25, 3, 1) == f"{MINUS}1,2 tot 3,0"
    assert en.range(18, 34) == "18 to 34"


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_what_is_written_can_be_read_back(value, digits):
    read = float(nl.number(value, digits).replace(".", "").replace(",", ".").replace(MINUS, "-"))
    assert read == round(value, digits)


def test_a_text_that_is_no_text_is_refused(tmp_path, monkeypatch):
    (tmp_path / "texts" / "nl").mkdir(parents=True)
    (tmp_path / "texts" / "nl" / "app.toml").write_text("[a]\nb = 3\n")
    monkeypatch.setattr("experiments.texts.__file__", str(tmp_path / "texts.py"))
    with pytest.raises(TypeError, match=r"app\.toml: a\.b = 3: must be a text"):
        Texts("nl")


def test_a_text_stands_in_one_file_only(tmp_path, monkeypatch):
    (tmp_path / "texts" / "nl").mkdir(parents=True)
    for name in ("app", "core"):
        (tmp_path / "texts" / "nl" / f"{name}.toml").write_text('[a]\nb = "een"\n')
    monkeypatch.setattr("experiments.texts.__file__", str(tmp_path / "texts.py"))
    with pytest.raises(ValueError, match=r"core\.toml: a\.b stands in another file of nl too"):
        Texts("nl")


def test_words_cost_no_heavy_import():
    code = "import sys, json; from experiments.texts import texts; texts('nl'); print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert not {"numpy", "pyarrow", "mesa", "numba", "model"} & set(loaded)
