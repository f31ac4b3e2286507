"""Whether a message is written in Spanish: more of the commonest Spanish words than of the commonest English ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Words of grammar and of complaints that the other language does not have ("no", "me", "a", "son" say nothing).
SPANISH = frozenset(
    """el la los las un una unos unas de del al en con sin por para que y o pero porque cuando desde hace muy mucho mucha
    mi mis su sus yo tu usted se lo le les esta estoy esto soy es tengo tiene puedo puede quiero siento duele duelen
    dolor espalda pierna piernas orinar si hola gracias ayuda ayer hoy ahora noche semana semanas meses dia dias
    hablo espanol ingles pecho cuello cintura cadera rodilla fiebre nada todo todas todos tambien estan ha he hay ni ya
    quiere aqui como donde cuanto entre sobre hasta despues antes pastillas morir matar matarme miedo bien mal anos nunca
    suicidarme pensando tome hice encima duerme ingle mover brazo brazos cabeza pies sangre respirar""".split()
)
ENGLISH = frozenset(
    """the a an and or but of in on at to from for with without my your his her their i you he she it we they is are was
    were be been am have has had do does did can cant cannot could will would not dont this that there when since ago
    very much back leg legs pain hurt hurts numb pee feel felt days weeks months years yesterday today now yes hi hello
    thanks help please about after before because if so just like than then what where how why who""".split()
)
WORD = re.compile(r"[^\W\d_]+")


def is_spanish(text: str) -> bool:
    """Whether a message is in Spanish; a few words are enough, a single one ("no", "si") never is."""
    plain = unicodedata.normalize("NFKD", text.lower())
    words = WORD.findall("".join(each for each in plain if not unicodedata.combining(each)).replace("'", ""))
    spanish = sum(word in SPANISH for word in words)
    return spanish >= 2 and spanish > 2 * sum(word in ENGLISH for word in words)


def speaks_spanish(texts: Sequence[str]) -> bool:
    """Whether somebody writes in Spanish at the moment; short answers ("A", "si") change nothing. Newest text last."""
    for text in reversed(texts):
        if is_spanish(text):
            return True
        if len(WORD.findall(text)) > 2:
            return False
    return False
