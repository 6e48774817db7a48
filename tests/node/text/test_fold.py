"""Search finds a word however it is spelled (domain L4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.text.fold import fold, query_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [("май", "маи"), ("東京", "京東"), ("cat", "cart"), ("कि", "की")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Évaluation ÉTÉ", "evaluation été"),
        ("STRASSE", "straße"),
        ("الإدارة", "الادارة"),
        ("حكومة إلكترونيّة", "حكومه الكترونية"),
        ("على", "علي"),
        ("مُشَارَكَة", "مشاركة"),
        ("حکومت", "حكومت"),
        ("ещё", "еще"),
        ("Ｆｕｌｌ width ２０２６", "full WIDTH 2026"),
        ("٢٠٢٦", "2026"),
        ("Łódź Øre", "lodz ore"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_spellings_of_one_word_fall_together(written: str, searched: str) -> None:
    assert fold(written) == fold(searched)


def test_chinese_is_found_by_pairs() -> None:
    assert fold("电子政务2026平台。") == "电子 子政 政务 2026 平台"
    assert query_terms("政务 平台") == ("政务", "平台")
    assert fold("中") == "中"


def test_punctuation_and_markup_signs_never_reach_the_query() -> None:
    assert query_terms('%\' OR 1=1; -- "budget" AND (vote*)') == ("or", "1", "budget", "and", "vote")


def test_a_query_has_a_bounded_number_of_terms() -> None:
    assert len(query_terms(" ".join(f"w{number}" for number in range(400)))) == 12


@given(st.text(max_size=60))
def test_every_term_of_a_text_is_found_in_its_folding(text: str) -> None:
    assert set(query_terms(text)) <= set(fold(text).split(" "))
