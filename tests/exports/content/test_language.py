"""Languages told by letters and by function words, and what follows from them in an article."""

from __future__ import annotations

import pytest

from exports.content.clean import clean
from exports.content.language import guess
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end

# The same instruction in each language, written for this test.
SENTENCES = {
    "en": """To install the server, download the archive from the release page and unpack it. If
        the port is already in use, you can change it in the settings before you start.""",
    "de": """Um den Server zu installieren, laden Sie das Archiv von der Seite herunter. Wenn der
        Port bereits belegt ist, kann er vor dem Start in der Datei geändert werden.""",
    "fr": """Pour installer le serveur, téléchargez l'archive depuis la page des versions. Si le
        port est déjà utilisé, vous pouvez le modifier dans le fichier avant de démarrer.""",
    "es": """Para instalar el servidor, descargue el archivo desde la página de versiones. Si el
        puerto ya está ocupado, puede cambiarlo en el fichero antes de empezar.""",
    "pt": """Para instalar o servidor, baixe o arquivo da página de versões e descompacte-o. Se a
        porta já estiver em uso, você pode alterá-la no arquivo antes de iniciar.""",
    "it": """Per installare il server, scaricare l'archivio dalla pagina delle versioni. Se la
        porta è già in uso, si può cambiarla nel file prima di avviare il programma.""",
    "nl": """Om de server te installeren, download je het archief van de pagina. Als de poort al in
        gebruik is, kan je deze in het bestand wijzigen voordat je begint.""",
    "sv": """För att installera servern hämtar du arkivet från sidan och packar upp det. Om porten
        redan används kan du ändra den i filen innan du startar programmet.""",
    "da": """For at installere serveren henter du arkivet fra siden og pakker det ud. Hvis porten
        er i brug, kan du ændre den i filen, før du starter efter opdateringen.""",
    "nb": """For å installere serveren laster du ned arkivet fra siden og pakker det ut. Hvis
        porten er i bruk, kan du endre den i filen før du starter etter oppdateringen.""",
    "fi": """Palvelin asennetaan lataamalla paketti sivulta ja purkamalla se. Jos portti on jo
        käytössä, sen voi vaihtaa ennen kuin ohjelma käynnistetään, mutta ei ole pakko.""",
    "et": """Serveri paigaldamiseks laadi arhiiv lehelt alla ja paki see lahti. Kui port on
        kasutusel, saab selle muuta enne käivitamist, aga see ei ole kohustuslik.""",
    "pl": """Aby zainstalować serwer, pobierz archiwum ze strony. Jeśli port jest już zajęty, można
        go zmienić w pliku przed uruchomieniem programu, ale nie jest to konieczne.""",
    "cs": """Chcete-li nainstalovat server, stáhněte archiv ze stránky a rozbalte jej. Pokud je
        port obsazen, lze jej změnit v souboru před spuštěním, ale není to nutné.""",
    "sk": """Ak chcete nainštalovať server, stiahnite archív zo stránky a rozbaľte ho. Ak je port
        obsadený, možno ho zmeniť v súbore pred spustením, ale nie je to nutné.""",
    "sl": """Za namestitev strežnika prenesite arhiv s strani in ga razširite. Če so vrata zasedena,
        jih lahko spremenite v datoteki, preden zaženete program, vendar to ni nujno.""",
    "hr": """Za instalaciju poslužitelja preuzmite arhivu sa stranice. Ako je port već zauzet, može
        se promijeniti u datoteci prije pokretanja programa, ali to nije nužno.""",
    "hu": """A kiszolgáló telepítéséhez töltse le az archívumot az oldalról, és csomagolja ki. Ha a
        port már foglalt, meg lehet változtatni a fájlban, de ez nem kötelező.""",
    "ro": """Pentru a instala serverul, descărcați arhiva de pe pagină. Dacă portul este deja
        folosit, acesta poate fi schimbat în fișier înainte de pornire, dar nu este obligatoriu.""",
    "tr": """Sunucuyu kurmak için arşivi sayfadan indirin. Bağlantı noktası kullanılıyorsa bu
        dosyada değiştirilebilir, ancak bu zorunlu değil ve daha sonra da yapılabilir.""",
    "vi": """Để cài đặt máy chủ, hãy tải gói từ trang phát hành và giải nén. Nếu cổng đã được dùng,
        bạn có thể đổi cổng này trong tệp cấu hình trước khi khởi động.""",
    "id": """Untuk memasang server, unduh arsip dari halaman rilis dan ekstrak berkas itu. Jika port
        sudah dipakai, anda dapat mengubahnya dalam berkas sebelum dijalankan.""",
    "ca": """Per instal·lar el servidor, baixeu l'arxiu de la pàgina de versions. Si el port ja està
        ocupat, es pot canviar al fitxer abans de començar, però no és obligatori.""",
    "lt": """Norėdami įdiegti serverį, atsisiųskite archyvą iš puslapio ir išskleiskite jį. Jei
        prievadas jau užimtas, jį galima pakeisti faile, bet tai nėra būtina, nes yra ir kitas.""",
    "lv": """Lai uzstādītu serveri, lejupielādējiet arhīvu no lapas. Ja ports jau ir aizņemts, to
        var mainīt failā pirms programmas palaišanas, bet tas nav obligāti.""",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_language_in_latin_letters_is_told_by_its_function_words(language: str):
    assert guess(" ".join(SENTENCES[language].split())) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("QueryPie 서버를 수동으로 등록하기", "ko"),
        ("サーバーの設定手順です", "ja"),
        ("设置服务器后应该发现这个问题", "zh-Hans"),
        ("設置伺服器後應該發現這個問題", "zh-Hant"),
        ("يولد جميع الناس أحرارًا", "ar"),
        ("همه انسان‌ها آزاد به دنیا می‌آیند و در گفتگو برابرند", "fa"),
        ("تمام انسان آزاد پیدا ہوئے ہیں", "ur"),
        ("כל בני האדם נולדו בני חורין", "he"),
        ("Все люди рождаются свободными", "ru"),
        ("Всі люди народжуються вільними і рівними", "uk"),
        (
            "Всички хора се раждат свободни и равни по достойнство и никой няма право на роб, ъгъл",
            "bg",
        ),
        ("Сва људска бића рађају се слободна и једнака у достојанству", "sr"),
        ("Όλοι οι άνθρωποι γεννιούνται ελεύθεροι", "el"),
        ("มนุษย์ทั้งหลายเกิดมามีอิสระ", "th"),
        ("सभी मनुष्यों को गौरव और अधिकारों", "hi"),
        ("সমস্ত মানুষ স্বাধীনভাবে", "bn"),
        ("மனிதப் பிறவியினர் சகலரும்", "ta"),
        ("Բոլոր մարդիկ ծնվում են ազատ", "hy"),
        ("ყველა ადამიანი იბადება თავისუფალი", "ka"),
    ],
)
def test_a_language_with_a_script_of_its_own_is_told_by_its_letters(text: str, language: str):
    assert guess(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Install the server",
        "Çalıştırma süresi için kılavuz",
        "A 日本 quotation",
        "5 kΩ, 10 kΩ, 20 kΩ and 100 MΩ",
        "setUp tearDown doFilter getLocale setLocale PrincipalProxy ServletConfigInterceptor" * 20,
        "@see a.B @see c.D @see e.F @see g.H @see i.J @see k.L @see m.N @see o.P @see q.R",
        "1 2 3 4 5 6 7 8 9 10 " * 50,
    ],
)
def test_what_does_not_say_enough_has_no_language(text: str):
    assert guess(text) == ""


def test_a_page_with_foreign_words_keeps_its_language():
    korean, english = "서버를 수동으로 등록하려면 관리자 화면을 엽니다.", SENTENCES["en"]

    assert guess(f"{english} {english} {korean}") == "en"
    assert guess(f"{korean} {korean} {korean} {english}") == "ko"
    assert guess(f"{SENTENCES['de']} {SENTENCES['de']} {english[:90]}") == "de"


def test_code_does_not_say_what_a_page_is_written_in():
    code = f"<pre>{SENTENCES['en'] * 5}</pre><p><code>{SENTENCES['en']}</code></p>"

    article = clean(a_page(f"{code}<p>{SENTENCES['de']}</p>"), a_tree(), SITE)

    assert article.language == "de"


def test_what_authors_pasted_names_no_language():
    html = f'<p lang="fr">{SENTENCES["en"]}</p><p lang="x\'&quot;;}}">Words.</p>'

    article = clean(a_page(html), a_tree(), SITE)

    assert article.language == "en"
    assert "lang" not in article.html


def test_a_short_japanese_line_without_kana_is_not_chinese():
    html = "<p>サーバーの設定手順です。管理画面を開きます。</p><p>設定画面接続確認</p>"

    assert "lang" not in clean(a_page(html), a_tree(), SITE).html


def test_a_block_runs_the_way_of_its_first_letter():
    html = clean(
        a_page("<p>1. שלום world</p><p>world שלום</p>" + "<p>Words</p>" * 9), a_tree(), SITE
    )

    assert html.html.startswith('<p dir="rtl">1. שלום world</p><p>world שלום</p>')


def test_on_a_page_from_right_to_left_a_name_at_the_start_turns_nothing():
    html = "<p>שלום לכולם, ברוכים הבאים לאתר</p><p>Confluence היא מערכת</p><p>In English.</p>"

    article = clean(a_page(html), a_tree(), SITE)

    assert article.language == "he"
    assert article.html.endswith('<p>Confluence היא מערכת</p><p dir="ltr">In English.</p>')


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "a/b_c.d" * 40_000 + "</p>",
        "<p>" + "configuration.yaml " * 40_000 + "</p>",
        "<p>" + "ש" + "1 " * 40_000 + "</p>",
        "<ul><li>1" * 250 + "שלום",
        "<p>" + "the of and " * 40_000 + "</p>",
    ],
    ids=["one-token", "many-tokens", "digits", "nested", "words"],
)
def test_hostile_text_comes_to_an_end(html: str):
    words = "<p>This is a page in English, and it is for those who have to read it.</p>"

    with coming_to_an_end():
        article = clean(a_page(words + html), a_tree(), SITE)

    assert "page_failed" not in {note.code for note in article.notes}
