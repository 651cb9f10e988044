"""Function words: the short words no text of a language can do without. A closed table.

Chosen by us from each language's commonest articles, conjunctions, prepositions, pronouns and
auxiliaries; what a neighbouring language writes differently comes first, as it tells the two apart.
A word that several languages have counts for each of them, the less the more they are. Technical
loan words and one-letter words that also number things are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

_WORDS = {
    "en": """the of and to in is that for it with as was on are be this by an not or from at you
        have which can if will has when your we should they but been their these all into how""",
    "de": """der die das und ist nicht ein eine zu den von mit für auf im dem des sich auch es an
        werden aus bei wird sind einer einen einem oder wie kann nach wenn nur noch über zum zur
        durch als haben wir sie muss diese dieser""",
    "fr": """le la les des et est une dans pour qui sur pas que du au avec par vous ce cette sont
        plus il être ou aux nous elle mais comme peut si ces leur votre tous sans doit afin""",
    "es": """el los las que del en una por con para es se su como más este esta pero sus al le ya
        o cuando también si entre ser está desde todos puede son no y nos donde muy sin hay""",
    "pt": """os as um uma não para com que do da dos das em no na ao por mais foi são ou seu sua
        você quando pode isso ser como está também pelo pela já se tem deve até nos nas este""",
    "it": """il di che non è gli della per una del con sono le si dei delle nel alla più da un al
        come anche ma questo questa o nella essere ha se ed può lo quando tutti ogni dal""",
    "nl": """de het een van en is dat niet op te zijn voor met die wordt aan ook als er om door
        naar bij worden of kan uit deze maar over dan nog wordt je wij heeft moet geen""",
    "sv": """och att det som är för inte av en ett på med till den kan från eller om har du vi när
        ska så också efter alla finns vid men detta bara sig under mot dessa måste""",
    "da": """og at det er af ikke til en et på med den der som kan fra eller om har du vi når skal
        efter også alle ved men dette kun sig bliver mellem blev hvis hvad jeg op ud være""",
    "nb": """og å det er av ikke til en et på med den som kan fra eller om har du vi når skal etter
        også alle ved men dette bare seg blir mellom ble hvis hva jeg opp ut være må""",
    "fi": """ja on ei että se oli ovat kun myös tai joka mutta niin kuin voi sekä jos ole sen olla
        tämä hän sitä jotka kuten vain mukaan jälkeen kaikki ne tämän sitten käyttää voidaan""",
    "et": """ja on ei et see oli ka kui või mis aga siis nii saab mida selle need oma kõik pärast
        ole tema nende kes peab sest ning pole mitte enne""",
    "pl": """i w z na nie się do jest że to jak o od dla po przez lub są które aby może tym jego
        który która oraz ale być jeśli tego przy tylko można czy ze pod tak jako""",
    "cs": """a je v se na že s z do to jako pro po od aby nebo který které jsou při pokud také není
        lze ale jeho byl bude podle ze k pouze mezi být která jen musí tak už""",
    "sk": """a je v sa na že s z do to ako pre po od aby alebo ktorý ktoré sú pri ak aj nie možno
        ale jeho bol bude podľa zo k iba medzi byť ktorá len musí tak už""",
    "sl": """in je v se na da za so z ki ne po od tudi ali kot pri če lahko bi ni to iz za biti
        samo med vse tega pa mora več""",
    "hr": """i je u se na da za su s od koji koje ne ili kao iz po ako može biti nije te pri što
        samo između sve ali prema mora treba""",
    "hu": """a az és hogy nem is egy de meg csak ha vagy mint van ez ki már lehet kell ezt után
        minden amely volt azt lesz ami azonban pedig nincs között által""",
    "ro": """și de în la a cu pe este care nu din o un mai pentru să sau prin sunt fi după această
        dacă poate lui ale acest trebuie al ca când fost toate între""",
    "tr": """ve bir bu için ile da de olarak daha en çok olan gibi sonra kadar ise var veya değil
        her ne olduğu tarafından eğer ancak şekilde olur yeni tüm bunu""",
    "vi": """và của là có cho không được các một trong với người để này khi những từ đã về trên bạn
        thì hoặc nếu như bằng ra vào cần sẽ phải""",
    "id": """yang dan di untuk dengan dari ini itu pada tidak adalah akan dalam atau ke dapat bisa
        oleh anda kami jika saat sebagai juga telah harus setelah karena ada""",
    "ca": """el la els les de i que del en una per amb és no es al més com són aquest aquesta o ha
        dels pot també quan si seva ser està però cada sense""",
    "lt": """ir yra į kad iš su ar tai ne kaip bet jei po už nuo per apie šis turi gali buvo arba
        kuris kai tik dėl būti taip""",
    "lv": """un ir uz ar no kas vai ka par šo pēc tiek arī lai ja bet nav var kā pie tas kad kur šis
        jābūt tikai būt""",
}


def _weigh() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Each word with the languages that have it, and what it says for each of them."""
    having: dict[str, list[str]] = defaultdict(list)
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            having[word].append(language)
    return {
        word: tuple((language, 1 / len(languages)) for language in languages)
        for word, languages in having.items()
    }


WEIGHTS: Mapping[str, tuple[tuple[str, float], ...]] = _weigh()
