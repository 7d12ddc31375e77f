"""Prints one SVG sprite of the icons named in a list: `python3 sprite.py <folder of svg files> <list>`."""

import re
import sys
from pathlib import Path


def symbol(name: str, source: str) -> str:
    """The icon's drawing as a `<symbol>`; the 24 by 24 transparent square every Tabler icon begins with is left out."""
    drawing = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", source, flags=re.DOTALL)
    lines = (line.strip() for line in drawing.splitlines())
    shapes = "".join(line for line in lines if line and 'stroke="none" d="M0 0h24v24H0z"' not in line)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(folder: Path, names: list[str]) -> str:
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>'


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split()))
