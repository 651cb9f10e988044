"""Draw: the pictures of the default site, made anew into `attachments/`.

`python playground/site/draw.py`. The drawn files are kept under version control; this is how they
came about. Shapes are drawn at four times their size and scaled down, which smooths the edges.
"""

import io
import math
import random
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

ATTACHMENTS = Path(__file__).parent / "attachments"
SCALE = 4
INK, GREY, PAPER = "#172b4d", "#6b778c", "#ffffff"
BLUE, GREEN, AMBER, RED, PURPLE = "#0c66e4", "#22a06b", "#e2b203", "#c9372c", "#6e5dc6"
PALE = {BLUE: "#e9f2ff", GREEN: "#dcfff1", AMBER: "#fff7d6", RED: "#ffeceb", PURPLE: "#f3f0ff"}

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels of the result


class Sheet:
    """A drawing in pixels of the result."""

    def __init__(self, width: int, height: int, fill: str = PAPER) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), fill)
        self.pen = ImageDraw.Draw(self.image)

    def box(
        self, box: Box, fill: str, outline: str | None = None, radius: float = 8, width: float = 1.5
    ) -> None:
        self.pen.rounded_rectangle(
            [side * SCALE for side in box],
            radius * SCALE,
            fill,
            outline,
            round(width * SCALE) if outline else 0,
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 14,
        fill: str = INK,
        bold: bool = False,
        anchor: str = "mm",
        mono: bool = False,
    ) -> None:
        name = "DejaVuSansMono.ttf" if mono else "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
        font = ImageFont.truetype(name, round(size * SCALE))
        self.pen.text((x * SCALE, y * SCALE), words, fill, font, anchor)

    def line(
        self, points: Sequence[tuple[float, float]], fill: str = GREY, width: float = 2
    ) -> None:
        self.pen.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE))

    def arrow(self, points: Sequence[tuple[float, float]], fill: str = GREY) -> None:
        self.line(points, fill)
        (x0, y0), (x1, y1) = points[-2:]
        angle = math.atan2(y1 - y0, x1 - x0)
        wings = [
            (x1 - 10 * math.cos(angle + turn), y1 - 10 * math.sin(angle + turn))
            for turn in (0.45, -0.45)
        ]
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in [(x1, y1), *wings]], fill)

    def finished(self) -> Image.Image:
        return self.image.resize(self.size, Image.Resampling.LANCZOS)

    def save(self, file: str) -> None:
        path = ATTACHMENTS / file
        path.parent.mkdir(parents=True, exist_ok=True)
        self.finished().quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def node(sheet: Sheet, x: float, y: float, title: str, note: str, colour: str) -> None:
    sheet.box((x - 85, y - 32, x + 85, y + 32), PALE[colour], colour)
    sheet.text(x, y - 9, title, 15, bold=True)
    sheet.text(x, y + 13, note, 11, GREY)


def architecture() -> None:
    sheet = Sheet(1040, 520)
    sheet.box((24, 24, 1016, 496), "#f7f8f9", "#dcdfe4", 16)
    sheet.text(48, 52, "Lighthouse: from the buoy to the bridge", 18, bold=True, anchor="lm")
    sheet.arrow([(220, 160), (325, 160)])
    sheet.arrow([(220, 270), (265, 270), (265, 180), (325, 180)])
    sheet.arrow([(495, 160), (600, 160)])
    sheet.arrow([(410, 192), (410, 338)])
    sheet.arrow([(685, 192), (685, 228)])
    sheet.arrow([(685, 292), (685, 338)])
    sheet.arrow([(770, 260), (805, 260)])
    sheet.arrow([(495, 370), (600, 370)])
    sheet.arrow([(770, 370), (890, 370), (890, 292)])
    node(sheet, 135, 160, "Buoys", "4 200, over LoRa", GREEN)
    node(sheet, 135, 270, "Vessels", "AIS feed", GREEN)
    node(sheet, 410, 160, "Gateway", "Go, 3 regions", BLUE)
    node(sheet, 685, 160, "Stream", "Kafka, 7 days", PURPLE)
    node(sheet, 685, 260, "Forecast", "Python, every 5 min", BLUE)
    node(sheet, 410, 370, "Cold store", "Parquet, 10 years", AMBER)
    node(sheet, 685, 370, "Archive API", "read only", AMBER)
    node(sheet, 890, 260, "Bridge", "what pilots see", RED)
    sheet.text(
        48,
        466,
        "Solid lines carry messages. Each box has an owner in the service catalogue.",
        12,
        GREY,
        anchor="lm",
    )
    sheet.save("65542/architecture.png")


def release_flow() -> None:
    sheet = Sheet(900, 210)
    steps = [("Branch", BLUE), ("Review", BLUE), ("Rehearse", AMBER), ("Release", GREEN)]
    for index, (title, colour) in enumerate(steps):
        x = 115 + index * 223
        if index:
            sheet.arrow([(x - 138, 85), (x - 87, 85)])
        node(sheet, x, 85, title, f"step {index + 1} of 4", colour)
    sheet.line([(784, 117), (784, 172), (338, 172)], RED)
    sheet.arrow([(338, 172), (338, 119)], RED)
    sheet.text(560, 190, "roll back within ten minutes", 12, RED)
    sheet.save("65542/release-flow.drawio.png")


def requests() -> None:
    sheet = Sheet(760, 400)
    weeks = [412, 438, 397, 520, 561, 544, 618, 702, 690, 745, 811, 868]
    sheet.text(40, 28, "Forecast requests per week, in thousands", 16, bold=True, anchor="lm")
    for value in range(0, 1000, 200):
        y = 350 - value * 0.32
        sheet.line([(70, y), (735, y)], "#dcdfe4", 1)
        sheet.text(60, y, str(value), 11, GREY, anchor="rm")
    for index, value in enumerate(weeks):
        x = 84 + index * 55
        colour = GREEN if value == max(weeks) else BLUE
        sheet.box((x, 350 - value * 0.32, x + 36, 350), colour, radius=3)
        sheet.text(x + 18, 366, f"W{index + 1}", 11, GREY)
        sheet.text(x + 18, 340 - value * 0.32, str(value), 10, INK)
    sheet.save("65543/requests-per-week.png")


def screenshot() -> None:
    sheet = Sheet(1200, 720, "#f7f8f9")
    sheet.box((0, 0, 1200, 56), INK, radius=0)
    sheet.text(28, 28, "◉ Lighthouse Bridge", 17, PAPER, bold=True, anchor="lm")
    sheet.text(1172, 28, "Harbour of Skagen · 14:32 UTC", 13, "#b3b9c4", anchor="rm")
    sheet.box((0, 56, 210, 720), PAPER, radius=0)
    for index, entry in enumerate(["Overview", "Vessels", "Buoys", "Forecast", "Alerts", "Logs"]):
        y = 100 + index * 46
        if index == 3:
            sheet.box((12, y - 19, 198, y + 19), PALE[BLUE])
        sheet.text(36, y, entry, 14, BLUE if index == 3 else INK, index == 3, "lm")
    cards = [
        ("Wave height", "2.4 m", AMBER),
        ("Wind", "17 kn NW", GREEN),
        ("Visibility", "0.8 nm", RED),
    ]
    for index, (title, value, colour) in enumerate(cards):
        x = 240 + index * 316
        sheet.box((x, 84, x + 292, 194), PAPER, "#dcdfe4")
        sheet.box((x, 84, x + 8, 194), colour, radius=3)
        sheet.text(x + 30, 114, title, 13, GREY, anchor="lm")
        sheet.text(x + 30, 156, value, 28, bold=True, anchor="lm")
    sheet.box((240, 220, 1164, 560), PAPER, "#dcdfe4")
    sheet.text(264, 250, "Wave height, next 48 hours", 14, bold=True, anchor="lm")
    curve = [
        (270 + step * 6, 430 - 70 * math.sin(step / 17) - 34 * math.sin(step / 6.3))
        for step in range(146)
    ]
    sheet.pen.polygon(
        [(x * SCALE, y * SCALE) for x, y in [(270, 530), *curve, (1140, 530)]], PALE[BLUE]
    )
    sheet.line(curve, BLUE, 3)
    sheet.line([(270, 360), (1140, 360)], RED, 1.5)
    sheet.text(1136, 346, "pilot limit", 12, RED, anchor="rm")
    sheet.box((240, 586, 1164, 692), "#282e33")
    for index, line in enumerate(
        [
            "$ bridge login --harbour skagen",
            "Signed in as pilot-7. Token is good for 8 hours.",
            "$ bridge forecast --hours 48 --limit 2.5",
        ]
    ):
        sheet.text(
            264,
            612 + index * 26,
            line,
            14,
            "#b3df72" if line[0] == "$" else PAPER,
            anchor="lm",
            mono=True,
        )
    sheet.save("65540/bridge-screenshot.png")


def badge() -> None:
    sheet = Sheet(300, 300)
    for radius, colour in ((140, BLUE), (126, PAPER), (120, PALE[BLUE])):
        sheet.pen.ellipse([(150 - radius) * SCALE] * 2 + [(150 + radius) * SCALE] * 2, colour)
    sheet.pen.polygon(
        [(x * SCALE, y * SCALE) for x, y in [(118, 222), (182, 222), (170, 112), (130, 112)]],
        PAPER,
        RED,
        8,
    )
    sheet.box((126, 150, 174, 172), RED, radius=0)
    sheet.box((128, 86, 172, 112), AMBER, INK, 3)
    sheet.pen.polygon([(x * SCALE, y * SCALE) for x, y in [(122, 86), (178, 86), (150, 60)]], INK)
    sheet.line([(172, 98), (236, 80)], AMBER, 5)
    sheet.line([(172, 102), (240, 112)], AMBER, 5)
    sheet.text(150, 244, "DUTY PILOT", 15, BLUE, bold=True)
    sheet.save("65540/duty-badge.png")


def harbour() -> None:
    """A landscape that looks like a photograph: gradients, haze and grain."""
    width, height, horizon = 1280, 480, 290
    chance = random.Random(65537)
    image = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(image)
    for y in range(height):
        if y < horizon:
            part = y / horizon
            colour = (int(46 + 205 * part), int(74 + 112 * part), int(128 + 8 * part))
        else:
            part = (y - horizon) / (height - horizon)
            colour = (int(206 - 180 * part), int(150 - 96 * part), int(128 - 38 * part))
        pen.line([(0, y), (width, y)], colour)
    pen.ellipse((850, 205, 950, 305), (255, 232, 176))
    image = image.filter(ImageFilter.GaussianBlur(5))
    pen = ImageDraw.Draw(image)
    for layer, shade in enumerate([(126, 110, 132), (88, 82, 110), (46, 50, 76)]):
        ridge = [
            (
                x,
                horizon
                - 54
                + layer * 26
                + 24 * math.sin(x / (150 - 30 * layer) + 2 * layer)
                + 8 * math.sin(x / 37 + layer)
                - (24 if x < 520 and layer == 2 else 0),
            )
            for x in range(0, (width, 940, 600)[layer], 4)
        ]
        pen.polygon([(0, horizon), *ridge, (ridge[-1][0] + 60, horizon)], shade)
    pen.rectangle((0, horizon, width, horizon + 1), (120, 96, 100))
    for y in range(horizon + 3, height, 3):
        for _ in range(26):
            x = chance.gauss(900, 60 + (y - horizon) * 1.6)
            length = 4 + (y - horizon) / 9
            pen.line([(x, y), (x + length, y)], (250, 205, 150))
    pen.polygon([(428, 240), (464, 240), (458, 108), (434, 108)], (238, 230, 222))
    pen.rectangle((432, 150, 460, 176), (178, 64, 52))
    pen.rectangle((434, 88, 458, 108), (255, 236, 150))
    pen.polygon([(430, 88), (462, 88), (446, 68)], (60, 40, 50))
    image = image.filter(ImageFilter.GaussianBlur(0.8))
    grain = Image.effect_noise((width, height), 18).convert("RGB")
    image = Image.blend(image, grain, 0.06)
    path = ATTACHMENTS / "65537/harbour.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, quality=84)


def lamp() -> None:
    frames = []
    for step in range(12):
        sheet = Sheet(240, 160, "#101c33")
        angle = step * math.pi / 6
        for side in (0, math.pi):
            tip = [
                (120 + 170 * math.cos(angle + side + turn), 66 + 60 * math.sin(angle + side + turn))
                for turn in (-0.25, 0.25)
            ]
            sheet.pen.polygon([(x * SCALE, y * SCALE) for x, y in [(120, 66), *tip]], "#5c5a3c")
        sheet.pen.polygon(
            [(x * SCALE, y * SCALE) for x, y in [(100, 160), (140, 160), (132, 78), (108, 78)]],
            "#e8e4da",
        )
        sheet.box((108, 54, 132, 78), "#ffe98a", radius=2)
        frames.append(sheet.finished().quantize(32, dither=Image.Dither.NONE))
    path = ATTACHMENTS / "65542/lamp.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=90, loop=0)


def topology() -> None:
    regions = [("North", 130, "#0c66e4"), ("Baltic", 350, "#22a06b"), ("Atlantic", 570, "#6e5dc6")]
    shapes = "".join(
        f'<path d="M350 76 L{x} 168" stroke="#6b778c" stroke-width="2"/>'
        f'<circle cx="{x}" cy="200" r="44" fill="{colour}" fill-opacity="0.15" stroke="{colour}"'
        f' stroke-width="2"/><text x="{x}" y="205">{name}</text>'
        for name, x, colour in regions
    )
    (ATTACHMENTS / "65542/topology.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="270" viewBox="0 0 700 270"'
        ' font-family="sans-serif" font-size="16" text-anchor="middle" fill="#172b4d">'
        f'<rect width="700" height="270" fill="#f7f8f9"/>{shapes}'
        '<rect x="270" y="30" width="160" height="52" rx="8" fill="#fff" stroke="#172b4d"'
        ' stroke-width="2"/><text x="350" y="61">Control room</text></svg>\n',
        encoding="utf-8",
    )


def office() -> None:
    """The floor plan of the Japanese page, with Latin letters: no CJK font is needed to draw it."""
    sheet = Sheet(640, 320)
    rooms = [
        ((20, 20, 250, 180), "A  Desks", BLUE),
        ((250, 20, 430, 180), "B  Meeting", GREEN),
        ((430, 20, 620, 300), "C  Workshop", AMBER),
        ((20, 180, 250, 300), "D  Kitchen", PURPLE),
        ((250, 180, 430, 300), "E  Quiet", RED),
    ]
    for room, name, colour in rooms:
        sheet.box(room, PALE[colour], INK, 0, 3)
        sheet.text((room[0] + room[2]) / 2, (room[1] + room[3]) / 2, name, 16, bold=True)
    sheet.save("65548/yokohama-office.png")


def plain_files() -> None:
    """A PDF, a table and an archive to download, a clip without content, and a broken picture."""
    sheet = Sheet(595, 842)
    sheet.text(60, 80, "Onboarding checklist", 24, bold=True, anchor="lm")
    for index, step in enumerate(
        ["Badge and keys", "Laptop enrolled", "Account on the bridge", "Safety briefing", "Lunch"]
    ):
        sheet.box((60, 130 + index * 44, 80, 150 + index * 44), PAPER, INK, 3)
        sheet.text(96, 140 + index * 44, step, 15, anchor="lm")
    path = ATTACHMENTS / "65539/onboarding-checklist.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    day = time.gmtime(0)  # else every run would give another file
    sheet.finished().convert("L").save(path, resolution=72.0, creationDate=day, modDate=day)

    (ATTACHMENTS / "65544").mkdir(exist_ok=True)
    rows = [
        "service,owner,language",
        "gateway,Tide,Go",
        "forecast,Swell,Python",
        "bridge,Pier,TypeScript",
    ]
    (ATTACHMENTS / "65544/services.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(zipfile.ZipInfo("bridge.toml"), '[bridge]\nharbour = "skagen"\n')
    (ATTACHMENTS / "65540/settings.zip").write_bytes(archive.getvalue())

    (ATTACHMENTS / "65545").mkdir(exist_ok=True)
    clip = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free"
    (ATTACHMENTS / "65545/fog-horn.mp4").write_bytes(clip)
    (ATTACHMENTS / "65545/broken.png").write_text(
        "This file has the name of a picture, and it is none.\n", encoding="utf-8"
    )


def lantern() -> None:
    sheet = Sheet(600, 400, "#fdf6e3")
    for turn in range(-3, 4):
        sheet.line(
            [(300, 150), (300 + 320 * math.sin(turn / 2.2), 60 - 40 * turn * turn)], AMBER, 3
        )
    sheet.box((230, 250, 370, 390), "#e8e4da", INK, 4)
    sheet.box((210, 236, 390, 256), INK, radius=2)
    sheet.box((250, 110, 350, 236), "#fff3b0", INK, 4)
    for x in (275, 300, 325):
        sheet.line([(x, 110), (x, 236)], INK, 1.5)
    sheet.pen.polygon([(x * SCALE, y * SCALE) for x, y in [(236, 110), (364, 110), (300, 56)]], RED)
    sheet.save("65556/lantern.png")


def buoy() -> None:
    sheet = Sheet(240, 240, "#e9f2ff")
    sheet.box((0, 170, 240, 240), BLUE, radius=0)
    sheet.pen.polygon(
        [(x * SCALE, y * SCALE) for x, y in [(78, 176), (162, 176), (138, 84), (102, 84)]], RED
    )
    sheet.box((92, 124, 148, 146), PAPER, radius=0)
    sheet.line([(120, 84), (120, 44)], INK, 4)
    sheet.box((110, 32, 130, 52), AMBER, INK, 10)
    sheet.save("65556/buoy.png")


def mast() -> None:
    """A picture far taller than any sheet: what stands on the mast of the station, in metres."""
    sheet = Sheet(360, 2400, "#f7f8f9")
    sheet.line([(120, 60), (120, 2340)], INK, 8)
    gear = ["Top light", "Wind", "AIS antenna", "Radar", "Fog detector", "LoRa", "Camera", "Horn"]
    for metre in range(0, 47, 2):
        y = 2340 - metre * 48
        sheet.line([(104, y), (136, y)], GREY, 2)
        sheet.text(88, y, str(metre), 15, GREY, anchor="rm")
    for index, name in enumerate(gear):
        y = 96 + index * 290
        sheet.line([(120, y), (190, y)], RED, 3)
        sheet.box((190, y - 24, 340, y + 24), PALE[BLUE], BLUE)
        sheet.text(265, y, name, 15, bold=True)
    sheet.save("65556/mast.png")


def beam_range() -> None:
    """A picture of more pixels than any sheet can show: range of the light by weather."""
    sheet = Sheet(1050, 700)
    sheet.text(60, 50, "How far the light of Skagen is seen", 26, bold=True, anchor="lm")
    for step in range(7):
        y = 620 - step * 85
        sheet.line([(100, y), (1000, y)], "#dcdfe4", 1)
        sheet.text(88, y, f"{step * 4} nm", 14, GREY, anchor="rm")
    for index, (sky, miles) in enumerate(
        [("Clear", 22), ("Haze", 15), ("Rain", 11), ("Snow", 6), ("Fog", 1)]
    ):
        x = 150 + index * 175
        sheet.box((x, 620 - miles * 21.25, x + 90, 620), (BLUE, GREEN, AMBER, PURPLE, RED)[index])
        sheet.text(x + 45, 645, sky, 18, bold=True)
        sheet.text(x + 45, 605 - miles * 21.25, f"{miles} nm", 16)
    path = ATTACHMENTS / "65556/beam-range.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Kept at the size it was drawn in: 4200 by 2800 pixels.
    sheet.image.quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)


def flags() -> None:
    shapes = (
        '<g><rect width="120" height="80" fill="#ffd23f"/><rect x="60" width="60" height="80"'
        ' fill="#1c4fa0"/><text x="60" y="104">K</text></g>'
        '<g transform="translate(160)"><rect width="120" height="80" fill="#d7263d"/>'
        '<path d="M0 0 L120 80 M120 0 L0 80" stroke="#fff" stroke-width="18"/>'
        '<text x="60" y="104">V</text></g>'
        '<g transform="translate(320)"><rect width="120" height="80" fill="#fff" stroke="#172b4d"/>'
        '<rect x="40" y="27" width="40" height="26" fill="#1c4fa0"/>'
        '<text x="60" y="104">S</text></g>'
    )
    (ATTACHMENTS / "65556/flags.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="460" height="120" viewBox="-10 -4 460 120"'
        f' font-family="sans-serif" font-size="18" text-anchor="middle" fill="#172b4d">{shapes}'
        "</svg>\n",
        encoding="utf-8",
    )


def regions() -> None:
    """Three small pictures for the gallery."""
    for name, colour, depth in (("north", BLUE, 3), ("baltic", GREEN, 5), ("atlantic", PURPLE, 8)):
        sheet = Sheet(320, 220, PALE[colour])
        for wave in range(4):
            crest = [
                (x, 90 + wave * 34 + depth * math.sin(x / 18 + wave)) for x in range(-4, 330, 4)
            ]
            sheet.line(crest, colour, 5)
        sheet.text(160, 44, name.capitalize(), 22, INK, bold=True)
        sheet.save(f"65563/{name}.png")


def app_previews() -> None:
    """The pictures that drawing apps keep beside their drawings."""
    sheet = Sheet(760, 240)
    for index, (berth, ship, colour) in enumerate(
        [("Berth 1", "Pilot boat", GREEN), ("Berth 2", "free", AMBER), ("Berth 3", "Tug", RED)]
    ):
        x = 30 + index * 240
        sheet.box((x, 40, x + 220, 150), PALE[colour], colour)
        sheet.text(x + 110, 78, berth, 18, bold=True)
        sheet.text(x + 110, 112, ship, 14, GREY)
    sheet.line([(20, 180), (740, 180)], INK, 6)
    sheet.text(380, 208, "Quay", 15, GREY)
    sheet.save("65565/berths.drawio.png")

    sheet = Sheet(560, 200)
    sheet.arrow([(190, 100), (285, 100)])
    sheet.arrow([(455, 100), (535, 100)], RED)
    node(sheet, 105, 100, "Day watch", "08 to 20", AMBER)
    node(sheet, 370, 100, "Night desk", "20 to 08", PURPLE)
    sheet.save("65565/watches.png")


def office_files() -> None:
    """Files that no printer can show: each becomes a card with its name, kind and size."""
    folder = ATTACHMENTS / "65564"
    folder.mkdir(exist_ok=True)
    chance = random.Random(65564)
    (folder / "approach.mp4").write_bytes(
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + chance.randbytes(24_000)
    )
    (folder / "fog-signal.mp3").write_bytes(b"ID3\4\0\0\0\0\0\0" + chance.randbytes(9_000))
    for name, part, content in (
        ("tide-tables.xlsx", "xl/workbook.xml", "<workbook/>"),
        ("harbour-rules.docx", "word/document.xml", "<document/>"),
        ("chart-symbols.zip", "symbols.txt", "Wreck, rock, anchorage, and thirty more.\n"),
    ):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr(zipfile.ZipInfo(part), content)
        (folder / name).write_bytes(archive.getvalue())
    rota = ["week,day watch,night desk", "48,Astrid,Bastian", "49,Mina,Astrid"]
    (ATTACHMENTS / "65563/watch-rota.csv").write_text("\n".join(rota) + "\n", encoding="utf-8")
    (ATTACHMENTS / "65556/torn.png").write_text("Torn in two, and no picture.\n", encoding="utf-8")


if __name__ == "__main__":
    for draw in (
        harbour,
        screenshot,
        badge,
        architecture,
        release_flow,
        lamp,
        topology,
        requests,
        office,
        plain_files,
        lantern,
        buoy,
        mast,
        beam_range,
        flags,
        regions,
        app_previews,
        office_files,
    ):
        draw()
