"""Passwords that anybody would try first: known words with digits and signs around them, runs along the keyboard. Pure.

No list of stolen passwords is kept: the words below and what people do to them cover far more than the usual few
thousand entries.
"""

import re

_LISTED = """
password passwort passwd pass motdepasse mot de passe contrasena clave senha parola wachtwoord salasana secret
welcome bienvenue willkommen bienvenido hello bonjour hallo salam salaam bula kiaora malo talofa letmein changeme
change me default guest user username login signin admin administrator administrateur root system server master
test testing tester temp temporary demo example sample access account office company business
qwerty qwertz azerty qazwsx zxcvbn asdfgh keyboard computer internet network website email google facebook twitter
microsoft windows samsung android iphone apple linux ubuntu oracle mastodon fediverse
iloveyou love lovely loveme ilove you jesus christ god bless allah akbar bismillah inshallah mashallah muhammad
maria angel heaven family mother father mama papa baby sister brother friend friends forever together
sunshine summer winter spring autumn flower rainbow princess prince queen king dragon monkey tiger lion eagle
shadow freedom liberty peace hope happy lucky money cash rich love123 whatever nothing football soccer rugby
baseball basketball cricket hockey champion liverpool chelsea arsenal barcelona madrid manchester united
superman batman spiderman pokemon starwars matrix hunter killer ninja pirate wizard magic
michael jennifer jordan daniel david robert thomas george charlie jessica ashley nicole michelle andrew joshua
mohamed mohammed ahmed fatima ali hassan hussein ibrahim yusuf jean pierre marie jose carlos juan antonio
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
september october november december
government governance egovernance egovernment egov minister ministry parliament president country nation digital
public service community member network partner steward editor moderator talanoa practice event
africa europe asia america pacific fiji samoa tonga kenya nigeria ghana france germany spain india
my the our your is and new old big first one two three abc xyz
"""
_WORDS = frozenset(_LISTED.split())
_ROWS = ("1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn")
_SPELT = str.maketrans("0134578@$!€", "oieastbasie")
_LONGEST_WORD = max(map(len, _WORDS))
_MOST_WORDS = 4
_DIGITS_ALONE = 16


def is_guessable(password: str) -> bool:
    """Tell whether a password is among the first that a stranger would try.

    Spec: security A-11; ASVS 6.2.4.
    """
    plain = password.lower()
    if plain.isdigit() and len(plain) < _DIGITS_ALONE:
        return True
    if _is_walk(plain) or (_is_walk(plain[::2]) and _is_walk(plain[1::2])):
        return True
    return any(_is_words(_letters(text)) for text in (plain, plain.translate(_SPELT), _trimmed(plain)))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def _trimmed(text: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text).translate(_SPELT)


def _is_words(letters: str) -> bool:
    """Tell whether the letters are nothing but a few of the words, perhaps the same one again and again."""
    fewest: list[int | None] = [0]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - _LONGEST_WORD), end)
        counts = [
            count + 1 for start in starts if (count := fewest[start]) is not None and letters[start:end] in _WORDS
        ]
        fewest.append(min(counts, default=None))
    count = fewest[-1]
    distinct = len(set(letters))
    return count is not None and (count <= _MOST_WORDS or distinct <= count)


def _is_walk(text: str) -> bool:
    return _runs(text) * 4 <= len(text)


def _runs(text: str) -> int:
    """Count the pieces of a text that go on as the alphabet, a row of keys, or one key does."""
    return 1 + sum(1 for before, after in zip(text, text[1:], strict=False) if not _goes_on(before, after))


def _goes_on(before: str, after: str) -> bool:
    if abs(ord(before) - ord(after)) <= 1:
        return True
    return any(before + after in row or after + before in row for row in _ROWS)
