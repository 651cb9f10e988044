"""Font programs: the parts that chunks embedded of a face in, one program of all of them out. Pure.

WeasyPrint embeds in every chunk the glyphs that stand on its sheets, under the numbers that they
have in the installed font. So the parts of one face differ only in which glyphs are filled, and
what they make together needs no look at the installed font: it is proven by the parts themselves.
"""
