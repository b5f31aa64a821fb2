"""Draws the illustrations of the example newsroom: flat, layered, the same pictures on every run.

`python scripts/draw_images.py [FOLDER]` needs Pillow only. A picture is a function that paints, far things first;
several colours are a gradient, top first. Coordinates are those of the finished picture; painting is done at twice
its size, which smooths the edges.
"""

import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE, FULL = 1200, 675, 2, (0, 0, 1200, 675)
Canvas = Image.Image
Point = tuple[float, float]
Points = Sequence[Point]
Box = tuple[float, float, float, float]

INK, CREAM, SAND, GOLD, OCHRE, CLAY = "#0d1b2a", "#fbeed3", "#f0cf9b", "#f2b544", "#cf8a34", "#bf5a3c"
WINE, DUSK, ROSE, PINE = "#5a2a42", "#6b5584", "#e58f7b", "#12332f"


def main() -> None:
    """Draws every picture into the folder given, or into the example newsroom."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "config" / "articles" / "images")
    folder.mkdir(parents=True, exist_ok=True)
    for draw in PICTURES:
        name = draw.__name__.replace("_", "-")
        rng = random.Random(name)  # noqa: S311 - a pattern that repeats is what we want
        image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        draw(image, rng)
        finish(image, rng).save(folder / f"{name}.jpg", quality=82, optimize=True, progressive=True)


def finish(image: Canvas, rng: random.Random) -> Canvas:
    """The picture at its final size, with soft grain and slightly darker corners."""
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    noise = Image.frombytes("L", small.size, rng.randbytes(WIDTH * HEIGHT)).filter(ImageFilter.GaussianBlur(1))
    grainy = Image.blend(small, ImageChops.soft_light(small, Image.merge("RGB", [noise] * 3)), 0.13)
    corners = Image.radial_gradient("L").resize(small.size).point([max(0, value - 130) // 3 for value in range(256)])
    grainy.paste(Image.new("RGB", small.size, INK), mask=corners)
    return grainy


def fade(colours: Sequence[str], size: tuple[int, int]) -> Canvas:
    """A gradient through the colours, top first."""
    column = Image.new("RGB", (1, len(colours)))
    column.putdata([ImageColor.getrgb(colour) for colour in colours])
    return column.resize(size, Image.Resampling.BICUBIC)


def block(image: Canvas, box: Box, *colours: str, alpha: int = 255, oval: bool = False) -> None:
    """Paints an upright rectangle, or the ellipse in it."""
    left, top, right, bottom = (round(value * SCALE) for value in box)
    size = (max(1, right - left), max(1, bottom - top))
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    (pen.ellipse if oval else pen.rectangle)((0, 0, size[0] - 1, size[1] - 1), fill=alpha)
    image.paste(fade(colours, size), (left, top), mask)


def disc(image: Canvas, centre: Point, radius: float, *colours: str, alpha: int = 255, flat: float = 1) -> None:
    """Paints a circle, or with `flat` less than 1 one that is seen from the side."""
    (x, y), high = centre, radius * flat
    block(image, (x - radius, y - high, x + radius, y + high), *colours, alpha=alpha, oval=True)


def shape(image: Canvas, points: Points, *colours: str, alpha: int = 255, blur: float = 0, width: float = 0) -> None:
    """Paints a polygon, or with a `width` the line through the points."""
    mask = Image.new("L", image.size)
    pen, scaled = ImageDraw.Draw(mask), [(x * SCALE, y * SCALE) for x, y in points]
    if width:
        pen.line(scaled, fill=alpha, width=max(1, round(width * SCALE)), joint="curve")
    else:
        pen.polygon(scaled, fill=alpha)
    mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE)) if blur else mask
    if box := mask.getbbox():
        image.paste(fade(colours, (box[2] - box[0], box[3] - box[1])), box, mask.crop(box))


def path(text: str) -> list[Point]:
    """Points written as in SVG: `"10,20 30,40"`."""
    return [(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in text.split())]


def moved(points: Points, to: Point, size: float = 1, turn: float = 0, side: int = 1) -> list[Point]:
    """The points around (0, 0), sized, mirrored where `side` is -1, turned, and moved."""
    sin, cos = math.sin(turn) * size, math.cos(turn) * size
    return [(to[0] + side * x * cos - y * sin, to[1] + side * x * sin + y * cos) for x, y in points]


def smooth(points: Points, *, closed: bool = False, steps: int = 14) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    ring = [points[-1], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    curve: list[Point] = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        for t in (step / steps for step in range(steps)):
            a, b, c, d = -t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2
            curve.append(((a * ax + b * bx + c * cx + d * dx) / 2, (a * ay + b * by + c * cy + d * dy) / 2))
    return curve


def glow(image: Canvas, centre: Point, radius: float, colour: str, core: float = 0) -> None:
    """Lays a soft round light on the picture; with a `core`, the sun or the moon that it comes from."""
    size = round(2 * radius * SCALE)
    falloff = [round(max(0, 181 - value) ** 2 / 128 * 0.8) for value in range(256)]  # 181: its value at the edge
    light = Image.radial_gradient("L").resize((size, size)).point(falloff)
    left, top = (round((value - radius) * SCALE) for value in centre)
    image.paste(Image.new("RGB", (size, size), colour), (left, top), light)
    disc(image, centre, core, colour, alpha=255 if core else 0)


def ridge(image: Canvas, rng: random.Random, y: float, height: float, *colours: str) -> None:
    """A chain of hills over the whole width: noise in layers, each finer and weaker than the one before."""
    crest = [y] * 202
    for octave in range(5):
        knots = [rng.random() for _ in range(3 * 2**octave + 2)]
        for index in range(len(crest)):
            left, part = divmod(index / len(crest) * (len(knots) - 2), 1)
            ease = part * part * (3 - 2 * part)
            crest[index] -= height * (knots[int(left)] * (1 - ease) + knots[int(left) + 1] * ease) / 2**octave / 1.9
    shape(image, [*((step * 6, top) for step, top in enumerate(crest)), (WIDTH, HEIGHT), (0, HEIGHT)], *colours)


def water(image: Canvas, rng: random.Random, y: float, *colours: str, light: float = -999) -> None:
    """Water from `y` to the lower edge, with glints that grow nearer to us and the reflection of a `light`."""
    block(image, (0, y, WIDTH, HEIGHT), *colours)
    for step in range(9, HEIGHT - round(y), 9):
        half = (16 + step * 0.25) * rng.uniform(0.6, 1)
        block(image, (light - half, y + step, light + half, y + step + 3), "#ffedc4", alpha=100)
    for _ in range(110):
        x, depth = rng.gauss(600, 330), rng.random() ** 1.6
        line = y + 4 + depth * (HEIGHT - y)
        block(image, (x, line, x + 14 + 130 * depth * rng.random(), line + 1 + 2.4 * depth), CREAM, alpha=46)


def gold_river(image: Canvas, rng: random.Random) -> None:
    """A golden river coming out of mountains at dawn."""
    block(image, FULL, "#3f6f86", "#b9c4b2", SAND, "#f7c98b")
    glow(image, (700, 190), 276, "#fff3d0", core=46)
    ridge(image, rng, 390, 250, "#a9b3ab", "#d9cfae")
    ridge(image, rng, 450, 120, "#3f6b72", "#6d9183")
    ridge(image, rng, 440, 40, "#2c5a55", PINE)
    banks: list[Point] = []
    for near in (step / 59 for step in range(60)):
        x, y, half = 660 + math.sin(near * 8.2) * (14 + 170 * near), 420 + 270 * near**1.25, 3 + 190 * near**1.9
        banks = [(x - half, y), *banks, (x + half, y)]
    shape(image, banks, "#fff0c0", GOLD, OCHRE)
    for x, top, size in ((70, 430, 1.0), (180, 500, 0.75), (1120, 450, 0.95)):
        shape(image, smooth([(x - 20, 690), (x - 4, 580), (x, top)]), INK, width=9 * size)
        for turn in (-2.5, -1.7, -0.9, -0.1, 0.6, 3.7):
            shape(image, moved(smooth(path("0,0 50,-16 104,10 56,4"), closed=True), (x, top), size, turn), INK)


def route_map(image: Canvas, rng: random.Random) -> None:
    """A coast without names, and a route across it."""
    block(image, FULL, "#1d4a5e", "#17384f", "#122b42")
    coast = path("-230,-370 -370,-250 -340,-140 -450,-30 -370,100 -400,230 -280,390 450,390 360,230 420,90")
    coast += path("300,-20 360,-140 230,-230 260,-370")
    land = {1.06: "#2b6273", 1: "#d9c79a", 0.82: "#cbb787", 0.62: "#bda777", 0.4: "#ad9468", 0.2: "#9b8159"}
    for size, tone in land.items():
        ring = [(700 + x * size * rng.uniform(0.94, 1.06), 330 + y * size) for x, y in coast]
        shape(image, smooth(ring, closed=True), tone)
    shape(image, smooth(path("720,320 640,360 600,430 500,450 310,500")), "#3c7686", width=4)
    stops = path("640,360 560,260 690,160 860,300 1030,440 1150,330")
    for place in smooth(stops, steps=16)[::2]:
        disc(image, place, 4, CLAY)
    for place in stops:
        glow(image, place, 46, GOLD)
        disc(image, place, 11, WINE)
        disc(image, place, 6, CREAM)


def port_cranes(image: Canvas, rng: random.Random) -> None:
    """Cranes over a quay at sunset."""
    block(image, FULL, "#3b3560", "#8d5578", ROSE, "#f9cd8c")
    glow(image, (420, 410), 372, "#ffe6a8", core=62)
    ridge(image, rng, 470, 90, "#a8637b", "#d98a79")
    water(image, rng, 480, "#c9757a", "#6a4668", "#2d2748", light=420)
    beams = {9: ("-45,0 -35,-330", "65,0 50,-250"), 8: ("-42,-110 60,-110",), 11: ("-330,-222 120,-222",)}
    beams[4] = ("-42,-110 56,-215", "110,-224 -35,-330 -310,-224", "-35,-330 -170,-224", "-210,-222 -210,-140")
    for x, size, tone in ((1090, 0.7, "#4a3560"), (940, 0.85, "#382a4e"), (690, 1.0, "#241c38")):
        for width, lines in beams.items():
            for line in lines:
                shape(image, moved(path(line), (x, 500), size), tone, width=width * size)
        shape(image, moved(path("-236,-140 -184,-140 -184,-118 -236,-118"), (x, 500), size), CLAY)
        shape(image, moved(path("60,-250 112,-250 112,-222 60,-222"), (x, 500), size), tone)
    shape(image, path("60,448 560,448 534,508 100,508"), "#2b2140", "#1b1530")
    for column in range(12):
        for row in range(rng.randint(1, 4)):
            left, top = 118 + column * 31, 430 - row * 19
            block(image, (left, top, left + 29, top + 17), rng.choice((CLAY, "#8c4a5a", "#3d4f78", "#d48b4a", DUSK)))
    block(image, (506, 372, 540, 448), "#43345a", "#2b2140")
    block(image, (0, 500, WIDTH, 526), "#221a36", "#171228")


def containers(image: Canvas, rng: random.Random) -> None:
    """A wall of containers at night, one of them open and full of light."""
    block(image, FULL, "#12263d", "#24506b", "#5f8f98")
    for column, rows in enumerate((3, 4, 3, 5, 5, 4)):
        for row in range(rows):
            left, top = column * 206 - 14, 492 - row * 118
            light, dark = rng.choice(((CLAY, "#8f3f2d"), ("#2f7480", "#1d4c5b"), (OCHRE, "#96602a"), (DUSK, WINE)))
            block(image, (left, top, left + 202, top + 115), light, light, dark)
            for rib in range(left + 12, left + 196, 13):
                block(image, (rib, top + 9, rib + 5, top + 106), dark, alpha=105)
    glow(image, (705, 556), 230, GOLD)
    block(image, (622, 497, 790, 608), "#fff2c4", GOLD, OCHRE)
    shape(image, path("622,495 590,480 590,634 622,608"), "#3c1b2e", INK)
    shape(image, path("790,495 822,480 822,634 790,608"), "#3c1b2e", INK)
    block(image, (0, 610, WIDTH, HEIGHT), "#1a2c40", INK)
    shape(image, path("622,610 790,610 900,675 512,675"), GOLD, "#4b4234", alpha=190, blur=5)


def mine_pit(image: Canvas, rng: random.Random) -> None:
    """An open pit from above: forest, terraces, a pool."""
    block(image, FULL, "#2d6152", "#1f4a42", "#173a37")
    for _ in range(700):
        tone = rng.choice(("#2f6b57", "#3c7a60", "#255548", "#1b443d"))
        disc(image, (rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)), rng.uniform(12, 30), tone, flat=0.8)
    bends = [rng.uniform(0.86, 1.12) for _ in range(13)]
    tones = ("#e8c58c", "#c98f54", "#dfb377", "#b77746", "#d39c60", "#a0623b", "#c28450", "#874d32", "#6f3d2b")
    for step, tone in enumerate(tones):
        turns = [(bend * (1 - step * 0.078), index * math.tau / 13) for index, bend in enumerate(bends)]
        rim = [(500 * far * math.cos(turn), 275 * far * math.sin(turn)) for far, turn in turns]
        edge = smooth(moved(rim, (610 + step * 9, 340 + step * 5)), closed=True)
        shape(image, moved(edge, (5, 9)), "#2b1a17", alpha=90, blur=5)
        shape(image, edge, tone)
        bends = [bend + rng.uniform(-0.05, 0.05) for bend in bends]
    pool = path("600,370 660,335 740,345 800,385 780,425 700,440 630,420")
    shape(image, smooth(pool, closed=True), "#9fe0cf", "#3fa3a0", "#1f6f7c")


def prison_wall(image: Canvas, rng: random.Random) -> None:
    """A wall with wire and a watchtower under the moon."""
    block(image, FULL, "#141c38", "#33345f", "#7a5a7e", "#c98579")
    for _ in range(90):
        disc(image, (rng.uniform(0, WIDTH), rng.uniform(0, 260)), 1, CREAM, alpha=rng.randint(60, 190))
    glow(image, (250, 150), 228, "#fdf0d0", core=38)
    ridge(image, rng, 470, 120, "#5c4a72", "#9a6a78")
    shape(image, path("905,180 1600,330 1600,620"), "#ffe9ad", alpha=70, blur=8)
    shape(image, path("0,330 1200,420 1200,675 0,675"), "#8b6f74", "#5b4a5c", "#2a2338")
    coil = [(t * 5.2 + 15 * math.cos(t * 0.9), 316 + t * 0.39 + 15 * math.sin(t * 0.9)) for t in range(236)]
    shape(image, smooth(coil, steps=4), "#1c1830", width=2)
    shape(image, path("815,675 835,230 965,230 985,675"), "#4f4056", "#1d192c")
    block(image, (806, 150, 994, 238), "#3a3047", "#2a2338")
    for x in range(826, 974, 38):
        block(image, (x, 166, x + 32, 204), "#fff0bd", GOLD)
    shape(image, path("786,152 900,96 1014,152"), "#2a2338", "#1d192c")
    glow(image, (900, 186), 150, GOLD)


def forest_canopy(image: Canvas, rng: random.Random) -> None:
    """Tree tops in mist, layer behind layer."""
    block(image, FULL, "#f3d9a6", "#f1e3bf", "#d7dfc4")
    glow(image, (330, 150), 312, "#fff8e0", core=52)
    ridge(image, rng, 330, 150, "#b5c9b4", "#dfe3c6")
    tones = ("#9fbda5", "#d4dcbf"), ("#72a08b", "#b2c8ac"), ("#477f70", "#86a890"), ("#28594f", "#4f8270"), (PINE, INK)
    for depth, (tone, mist) in enumerate(tones):
        y, size = 300.0 + depth * 81, 24.0 + depth * 10
        for _ in range(3):
            x, top = rng.uniform(60, 1140), y - size * rng.uniform(1.8, 2.6)
            shape(image, [(x, y + size), (x, top)], tone, width=size * 0.13)
            for part in (-0.9, -0.3, 0.3, 0.9):
                disc(image, (x + part * size, top), size * (1.05 - abs(part) * 0.35), tone, flat=0.4)
        for foot in range(-20, WIDTH + 20, round(size * 0.5)):
            disc(image, (foot, y + size * rng.uniform(0, 0.9)), size * rng.uniform(0.6, 1), tone)
        block(image, (0, y + size, WIDTH, HEIGHT), tone, mist)
    wings = smooth(path("-30,-8 -15,-13 0,1 15,-14 30,-10 15,-8 0,6 -15,-7"), closed=True)
    for x, y, size in ((640, 190, 1.0), (710, 165, 0.7), (765, 205, 0.9), (830, 150, 0.6), (590, 235, 0.6)):
        shape(image, moved(wings, (x, y), size), "#3c5f58")


def night_city(image: Canvas, rng: random.Random) -> None:
    """Towers at night, most of their windows dark."""
    block(image, FULL, "#0f1b38", "#2b2f5e", "#6a4d7c", "#d98b7d")
    glow(image, (860, 470), 420, "#f7b58a")
    rows = ("#5d4a7a", "#8a637f", 250, 0.05), ("#36325f", "#57466f", 360, 0.1), ("#171c3d", "#232648", 300, 0.14)
    for tone, foot, tall, lit in rows:
        left = -20
        while left < WIDTH:
            right, top = left + rng.randint(56, 120), round(600 - tall * rng.uniform(0.35, 1))
            block(image, (left, top, right, HEIGHT), tone, foot)
            for y in range(top + 14, 590, 19):
                for x in range(left + 10, right - 12, 16):
                    light = rng.random() < lit
                    block(image, (x, y, x + 8, y + 11), GOLD if light else INK, alpha=240 if light else 46)
            left = right + rng.choice((-8, 0, 0, 22))
    water(image, rng, 598, "#2b2f5e", "#0a0f22")


def bar_chart(image: Canvas, rng: random.Random) -> None:
    """Bars that rise like a skyline out of the sea."""
    block(image, FULL, "#163449", "#1f5063", "#4f8a8b", "#a9c3ab")
    glow(image, (930, 190), 348, "#ffe9b8", core=58)
    ridge(image, rng, 500, 150, "#3f7b80", "#7aa79a")
    water(image, rng, 566, "#1d4a5e", "#0f2a3f")
    for index, tall in enumerate((96, 132, 118, 170, 205, 190, 262, 318, 300, 402)):
        left, top = 92 + index * 104, 566 - tall
        light, dark = (CREAM, "#8db0a2") if tall < 300 else (GOLD, CLAY)  # noqa: PLR2004 - the tall ones are gold
        shape(image, moved(path(f"0,0 18,-10 18,{tall} 0,{tall}"), (left + 64, top)), INK, alpha=120)
        block(image, (left, top, left + 64, 566), light, dark)
        block(image, (left, 568, left + 64, 568 + tall * 0.22), dark, "#0f2a3f", alpha=110)


def fishing_boats(image: Canvas, rng: random.Random) -> None:
    """Boats at anchor before dawn."""
    block(image, FULL, "#1b3a57", "#3f6d86", "#9db5b0", "#f3cfa4")
    glow(image, (820, 330), 204, "#fff1cf", core=34)
    ridge(image, rng, 372, 70, "#557f8e", "#98aca6")
    water(image, rng, 372, "#d9b896", "#5f8d97", "#24566e", "#12324c", light=820)
    for x, y, size, tone in ((1010, 408, 0.42, "#2b4d61"), (560, 430, 0.6, "#274a5e"), (250, 492, 0.95, "#7b3b3a")):
        rim = smooth(path("-150,-42 -80,-26 60,-28 172,-58"))
        shape(image, moved(path("-120,4 128,4 70,52 -70,46"), (x, y), size), INK, alpha=80, blur=3)
        shape(image, moved([*rim, (118, 8), (-112, 8)], (x, y), size), tone, INK)
        shape(image, moved(rim, (x, y), size), GOLD, width=4 * size, alpha=220)
        shape(image, moved(path("-62,-84 4,-84 4,-26 -62,-26"), (x, y), size), CREAM, "#b9a98c")
        shape(image, moved(path("30,-28 30,-170"), (x, y), size), INK, width=4 * size)
        shape(image, moved(smooth(path("30,-166 96,-116 166,-58")), (x, y), size), INK, width=1.6 * size)


def macaws(image: Canvas, rng: random.Random) -> None:
    """Two macaws on a branch among large leaves."""
    block(image, FULL, "#f2dcae", "#cfd9b2", "#8fb59a")
    glow(image, (640, 240), 430, "#fff6da")
    leaf = smooth(path("0,0 34,70 40,150 0,270 -40,150 -34,70"), closed=True)
    for index in range(32):
        spot = (rng.choice((rng.uniform(-40, 330), rng.uniform(900, 1240))), rng.uniform(60, 660))
        tone = ("#86ad90", "#4f8873", "#2b5f54", "#12383a")[index // 8]
        shape(image, moved(leaf, spot, turn=rng.uniform(-0.9, 0.9)), tone)
    shape(image, smooth(path("-20,470 250,448 600,476 900,452 1220,486")), "#7a5a44", "#3a2a24", width=24)
    parts = ["-70,150 -30,170 -52,300 -92,390 -88,280"]
    parts += ["0,-46 40,-26 46,20 40,90 16,170 -40,200 -78,150 -70,70 -44,-10"]
    parts += ["-36,40 6,70 -4,140 -60,236 -86,250 -82,150", "6,-30 38,-22 42,12 22,22 4,4"]
    parts += ["34,-26 64,-16 72,14 56,40 50,14 36,10", "15,-7 21,-13 27,-7 21,-1"]
    for x, side, red, dark, tip in ((520, 1, "#d9573f", "#a63a33", "#2f7a8c"), (748, -1, "#2f86a0", "#1d5a7c", OCHRE)):
        tones = (dark, tip), (red, dark), (red, GOLD, tip), ("#fff6e4",), (INK,), (INK,)
        for part, colours in zip(parts, tones, strict=True):
            shape(image, moved(smooth(path(part), closed=True), (x, 276), side=side), *colours)


PICTURES = [gold_river, route_map, port_cranes, containers, mine_pit, prison_wall, forest_canopy]
PICTURES += [night_city, bar_chart, fishing_boats, macaws]

if __name__ == "__main__":
    main()
