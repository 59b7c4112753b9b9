"""Pages as scanners and telephones bring them: tilted, in perspective, blurred, noisy, badly lit, upside down."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter


def page_of(pdf: bytes, number: int = 0, dpi: int = 200) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=dpi / 72).to_pil().convert("RGB")


def scribble(image: Image.Image, box: tuple[float, float, float, float], seed: int, dpi: int = 200) -> None:
    """A signature: a few strokes of a pen, within the box in millimetres."""
    rng, dots = random.Random(seed), dpi / 25.4
    left, top, width, height = (side * dots for side in box)
    points = [
        (left + width * (0.15 + 0.7 * n / 9), top + height * rng.uniform(0.25, 0.75)) for n in range(10)
    ]  # fmt: skip
    colour = rng.choice([(20, 20, 25), (30, 40, 140), (60, 60, 70)])
    ImageDraw.Draw(image).line(points, fill=colour, width=round(0.5 * dots), joint="curve")


def distort(image: Image.Image, seed: int, *, phone: bool) -> Image.Image:
    """One way in which this page may come back; every third one upside down."""
    rng = random.Random(seed)
    image = image.convert("L")
    if seed % 3 == 2:
        image = image.rotate(180)
    image = image.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC, fillcolor=255)
    if phone:
        image = _in_perspective(image, rng)
    image = _lit(image, rng, 0.35 if phone else 0.08)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.6 if phone else 0.8)))
    image = _noisy(image, seed, rng.uniform(2, 9))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=rng.randint(40, 90))
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def as_file(image: Image.Image, path: Any, kind: str = "JPEG") -> Any:
    image.save(path, kind, **({"quality": 90} if kind == "JPEG" else {}))
    return path


def _in_perspective(image: Image.Image, rng: random.Random) -> Image.Image:
    """Up to five percent of a side at each corner, inwards, as when the telephone is not held level."""
    width, height = image.size
    target = [
        (abs(x - rng.uniform(0, 0.05) * width), abs(y - rng.uniform(0, 0.05) * height))
        for x, y in ((0, 0), (width, 0), (width, height), (0, height))
    ]
    rows, values = [], []
    for (x, y), (u, v) in zip(target, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        values += [u, v]
    coefficients = np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float)).tolist()
    return image.transform(image.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC,
                           fillcolor=80)  # fmt: skip


def _lit(image: Image.Image, rng: random.Random, depth: float) -> Image.Image:
    """Brighter on one side than on the other."""
    width, height = image.size
    across = np.linspace(0, rng.uniform(-1, 1), width)[None, :] + np.linspace(0, rng.uniform(-1, 1), height)[:, None]
    shade = (1 - depth * (across - across.min()) / max(np.ptp(across), 1e-9)).astype(np.float32)
    return Image.fromarray((np.asarray(image) * shade).astype(np.uint8))


def _noisy(image: Image.Image, seed: int, sigma: float) -> Image.Image:
    tile = np.random.default_rng(seed).normal(0, sigma, (256, 256)).astype(np.int16)
    noise = np.tile(tile, (image.height // 256 + 1, image.width // 256 + 1))[: image.height, : image.width]
    return Image.fromarray(np.clip(np.asarray(image).astype(np.int16) + noise, 0, 255).astype(np.uint8))
