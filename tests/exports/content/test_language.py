from __future__ import annotations

import pytest

from exports.content.clean import clean
from exports.content.language import guess
from tests.builders import SITE, a_page, a_tree


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Install the server", ""),
        ("Çalıştırma süresi için kılavuz", ""),
        ("QueryPie 서버를 수동으로 등록하기", "ko"),
        ("サーバーの設定手順です", "ja"),
        ("设置服务器后应该发现这个问题", "zh-Hans"),
        ("設置伺服器後應該發現這個問題", "zh-Hant"),
        ("يولد جميع الناس أحرارًا", "ar"),
        ("כל בני האדם נולדו בני חורין", "he"),
        ("Все люди рождаются свободными", "ru"),
        ("Всі люди народжуються вільними і рівними", "uk"),
        ("A long English sentence that quotes 日本 once", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_by_its_letters(text: str, language: str):
    assert guess(text) == language


def test_a_block_runs_the_way_of_its_first_letter():
    html = clean(a_page("<p>1. שלום world</p><p>world שלום</p>"), a_tree(), SITE).html

    assert html == '<p dir="rtl">1. שלום world</p><p>world שלום</p>'
