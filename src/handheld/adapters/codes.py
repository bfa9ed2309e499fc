"""QR codes (ISO/IEC 18004) as drawings for a page."""

from __future__ import annotations

import segno


def code_svg(text: str) -> str:
    """A code as SVG without a size of its own: the page's style gives it one.

    What is drawn is paths alone: the text stands in it only as black and white.
    """
    return segno.make(text, error="m", micro=False).svg_inline(scale=4, omitsize=True)
