"""Compile the hot modules of WeasyPrint, and of what it stands on, beside their sources.

Python takes the compiled module where both are there. The files are written into each package's
RECORD, so pip removes them when another version comes: an old one never stays behind.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension
from setuptools.dist import Distribution as Build

# What a profile of printing names, but for weasyprint.layout.preferred: Cython refuses one line.
HOT = {
    "weasyprint": """
        anchors css.__init__ css.computed_values css.counters css.functions css.targets document
        draw.__init__ draw.border draw.text formatting_structure.boxes formatting_structure.build
        layout.__init__ layout.absolute layout.block layout.float layout.inline layout.min_max
        layout.page layout.percent layout.replaced layout.table matrix pdf.anchors pdf.fonts
        pdf.stream stacking text.fonts text.line_break""",
    "cssselect2": "compiler tree",
    "tinycss2": "ast tokenizer",
    "tinyhtml5": "inputstream parser tokenizer treebuilder",
}
# As Python understands it: annotations are no types, functions keep names and signatures.
DIRECTIVES = {
    "annotation_typing": False,
    "binding": True,
    "infer_types": False,
    "language_level": 3,
}


def main() -> None:
    os.chdir(str(distribution("weasyprint").locate_file("")))
    names = {package: [f"{package}.{name}" for name in HOT[package].split()] for package in HOT}
    extensions = [_extension(name) for package in names for name in names[package]]
    with tempfile.TemporaryDirectory() as work:
        modules = cythonize(extensions, build_dir=work, compiler_directives=DIRECTIVES, quiet=True)
        build = Build({"ext_modules": modules}).get_command_obj("build_ext")
        build.inplace, build.parallel, build.build_temp = True, os.cpu_count(), work
        build.ensure_finalized()
        build.run()
    for package in names:
        _record(distribution(package), [build.get_ext_filename(name) for name in names[package]])
    sys.stderr.write(f"Compiled: {len(extensions)} modules of {', '.join(names)}\n")


def _extension(name: str) -> Extension:
    source = name.replace(".", "/") + ".py"
    return Extension(name, [source], extra_compile_args=["-O2", "-g0", "-w"])


def _record(owner: Distribution, files: list[str]) -> None:
    """Tell pip whose files these are."""
    record = next(file for file in owner.files or () if file.name == "RECORD")
    path = Path(str(owner.locate_file(record)))
    lines = path.read_text("utf-8").splitlines()
    lines += [line for line in (f"{file},," for file in files) if line not in lines]
    path.write_text("\n".join([*lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
