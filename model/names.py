"""Fictional names for people, schools, boards, towns and samenwerkingsverbanden.

Names are looked up by number, never drawn, so that the same row always carries the same name.
"""

from __future__ import annotations


def _words(text: str, by: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(by))


FIRST_NAMES = _words(
    """
    Fatima Joost Ingrid Samira Daan Marieke Youssef Anouk Bram Soraya Pieter Naima Lotte Mehmet Sanne Ruben Aisha Thijs Esra Hanneke
    Jeroen Chantal Omar Wilma Sven Ayşe Marloes Kwame Femke Tariq Ilse Dewi Koen Malika Roos Emre Tineke Rachid Evi Jayden
    Nienke Hassan Margriet Ravi Liesbeth Ismail Judith Giovanni Sjoukje Karim Amber Hendrik Shanti Maarten Nadia Floor Ibrahim Petra
    Tobias
    Zeynep Wouter Meryem Gijs Annelies Said Lisanne Rajesh Doutzen Mustafa Carla Niels Hafida Bas Mei Jurre Latifa Stijn Yvonne Ali Noor
    Frank Salma Ewout Priya Martijn Hülya Sietske Jamal Renske Dirk Leila Casper Miranda Bilal Astrid Sem Khadija Rob Elif Truus
    Mohamed Janneke Kofi Suzanne Arjen Yasmina Tim Gülsüm Jelle Anita Hamza Saskia Rik Farida Menno Linh Boris Loubna Gerda Teun
    Nilüfer Ad Ferdi Babette Ilyas Corrie Nabil Danielle Onno Jasmijn Redouan Mirjam Luuk Hatice Guus Ebru Klaas Rosa Selim Tessa
    Vincent Asma Freek Marijke Ahmed Bente Nico Sevda Jasper Geertje Adil Iris Rens Malak Evert Pooja Lars Wendy Yusuf Brechtje
    Sander Imane Kees Monique Idris Hilde Joris Shirin Matthijs Ria Anwar Tamara Olaf Meltem Diederik Lieke Zakaria Irene Pim Ouarda
    Roelof Dilan Erwin Jolanda Murat Sofie Harm Nisrine Ronald Vera Abdel Willemijn Mark Sibel Hidde Agnes Reda Manon Gert Naomi
    Jorrit Amina Siebe Karin Burak Merel Tjeerd Warda Steven Ellen Malik Paulien Rutger Songül Bart Trijntje Amir Eva Job Charissa
    Leon Hind Auke Desiree Rayan Heleen Michiel Fenna Cem Geraldine Wessel Safae Arno Machteld Driss Puck Robin Yara Otto Nel
    Walid Elske Jurgen Mina Stefan Aleid Faisal Bianca Gerben Rania Eelco Dina Lodewijk Anisa Tijmen Sharon Okan Fleur Douwe Zohra
    Ernst Marisol Taco Nevin Hugo Joyce
    """
)
"""First names as one hears them in Dutch staff rooms; no surname ever goes with them."""

_SPELL_STEP = 89
"""Rows a newcomer's name lies ahead: larger than nearly every school, so that colleagues seldom share a name."""

_SCHOOLS = _words(
    "De Wilg|Het Kompas|De Vlieger|De Brink|Het Baken|De Zeven Linden|De Regenboog|De Klimop|Het Palet|De Windroos|De Springplank|"
    "Het Mozaïek|De Beuk|De Zonnebloem|Het Anker|De Ark|De Vuurtoren|Het Talent|De Horizon|De Boomgaard|De Kring|Het Web|De Stroom|"
    "De Golfslag|Het Drieluik|De Schakel|De Meander|Het Startblok|De Wegwijzer|De Leeuwerik|Het Vogelnest|De Ooievaar|De Wissel|"
    "Het Lichtpunt|De Bron|De Parel|Het Avontuur|De Ladder|De Tandem|Het Zonnewiel|De Eekhoorn|De Rietkraag|Het Veerhuis|De Molenwiek|"
    "De Hazelaar|Het Duet|De Sleutel|De Sterrenkijker|Het Kleurrijk|De Waterlelie|De Toermalijn|Het Nest|De Iep|De Veldbloem|"
    "Het Kristal|De Polder|De Boeg|Het Spoor|De Kastanje|De Terp|Het Prisma|De Zwaluw|De Esdoorn|Het Landje|De Tuimelaar|De Bolster|"
    "Het Zeil|De Akker|De Spreeuw|Het Podium|De Kei|De Braam|Het Schip|De Libel|De Wending|Het Octaaf|De Duif|De Kameleon|Het Plein|"
    "De Ranonkel|De Klaver|Het Lint|De Ruimte|De Toren|Het Klokhuis|De Pionier|De Beek|Het Ravelijn|De Berk|De Haven",
    "|",
)
_KINDS = _words(
    "Groene|Gouden|Blauwe|Kleine|Grote|Rode|Oude|Nieuwe|Witte|Bonte|Hoge|Stille|Vrolijke|Wijde|Vrije|Brede|Zilveren|Open|Dappere|"
    "Lichte|Verre|Slimme|Warme|Frisse|Jonge|Trotse|Zachte|Heldere|Sterke|Ronde",
    "|",
)
_PLACES = _words("Linde Rogge Zilver Mane Vlas Wikke Kiekendief Boekweit Haver Zwanen Merel Klaver Sparre Otter Vinke Kamille Reiger Tarwe")
_SOILS = _words("veen brink rade hoek donk burcht meet hage gaarde sluis zoom stee vliet kreek heuvel oord wold rak mare")
_BOARDS = _words(
    "Weidekracht Samenspan Meerstroom Wijdzicht Vlechtwerk Rondom Kiemkracht Waterland-Oost Grondtoon Opmaat Veldwijs Lichtweide"
)
_SWVS = _words("Rijnveld Duinzoom Waardenland Heidekring Maasbocht Plassenland Zuiderwold Noorderkreek Oeverland Hoogveld Terpland Vennen")


def fictional_name(row: int, spell: int = 0) -> str:
    """A first name for whoever holds a place: `row` of the region, `spell` the how-manieth holder (0: the first).

    People of the first spell in one school differ in name up to the length of the list (over 250 people).
    """
    return FIRST_NAMES[(row + _SPELL_STEP * spell) % len(FIRST_NAMES)]


def school_name(index: int) -> str:
    """A school's name; all names below 2,700 differ plainly, after that they are numbered."""
    turn, at = divmod(index, len(_SCHOOLS))
    article, noun = _SCHOOLS[at].split(" ", 1)
    if turn == 0:
        return f"{article} {noun}"
    again, kind = divmod(turn - 1, len(_KINDS))
    return _numbered(f"{article} {_KINDS[kind]} {noun}", again)


def town_name(index: int) -> str:
    """A town's name, put together so that neighbours in the list share neither half."""
    again, at = divmod(index, len(_PLACES) * len(_SOILS))
    return _numbered(_PLACES[at % len(_PLACES)] + _SOILS[at % len(_SOILS)], again)


def board_name(index: int) -> str:
    """A board's name (stichting)."""
    again, at = divmod(index, len(_BOARDS))
    return _numbered(f"Stichting {_BOARDS[at]}", again)


def swv_name(index: int) -> str:
    """A samenwerkingsverband's name."""
    again, at = divmod(index, len(_SWVS))
    return _numbered(f"Samenwerkingsverband {_SWVS[at]}", again)


def _numbered(name: str, again: int) -> str:
    return name if again == 0 else f"{name} {again + 1}"
