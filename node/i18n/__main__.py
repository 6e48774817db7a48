"""`python -m node.i18n extract | compile | check`: what `make messages` runs."""

import sys

from node.i18n import catalogues


def main(arguments: list[str]) -> int:
    """Do each named step in turn; 1 if a check found something, 2 for an unknown step."""
    steps = {"extract": _extract, "compile": _compile, "check": _check}
    unknown = [step for step in arguments if step not in steps]
    if unknown or not arguments:
        sys.stderr.write("usage: python -m node.i18n extract|compile|check ...\n")
        return 2
    return max(steps[step]() for step in arguments)


def _extract() -> int:
    template = catalogues.extract()
    for locale in catalogues.locales():
        catalogues.update(locale, template)
    return 0


def _compile() -> int:
    catalogues.compile_all()
    return 0


def _check() -> int:
    template = catalogues.extract()
    found = 0
    for locale in catalogues.locales():
        for text in catalogues.missing(locale, template):
            found += 1
            sys.stdout.write(f"{locale}: no translation of {text!r}\n")
        for text in catalogues.wrong_fields(locale):
            found += 1
            sys.stdout.write(f"{locale}: other fields than in {text!r}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
