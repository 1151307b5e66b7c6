"""Code 128 bars (ISO/IEC 15417) as widths in modules, for a drawing of any kind."""

# Widths of bar, space, bar, space, bar, space for the symbol values 0 to 105, and the stop with its closing bar.
WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
SYMBOLS = [WIDTHS[at : at + 6] for at in range(0, len(WIDTHS), 6)]
STOP = "2331112"
CODE_C, CODE_B = 99, 100
START_B, START_C = 104, 105


def _digits(text: str, at: int) -> int:
    """Return how many digits stand in a row from here."""
    end = at
    while end < len(text) and text[end].isascii() and text[end].isdigit():
        end += 1
    return end - at


def symbol_values(text: str) -> list[int]:
    """Return the symbol values from start to check, runs of digits packed two to a symbol.

    :raises ValueError: empty, or a character outside printable ASCII.
    """
    if not text or any(not " " <= one <= "~" for one in text):
        raise ValueError(f"Code 128 here takes printable ASCII, not {text!r}.")
    values: list[int] = []
    packed = False
    at = 0
    while at < len(text):
        run = _digits(text, at)
        # Packing pays from four digits at an end, from six in the middle (ISO/IEC 15417, annex E).
        ends = at == 0 or at + run == len(text)
        if not packed and run >= (4 if ends else 6):
            if run % 2:
                values += ([] if values else [START_B]) + [ord(text[at]) - 32]
                at += 1
            values.append(CODE_C if values else START_C)
            packed = True
        elif packed and run < 2:
            values.append(CODE_B)
            packed = False
        elif not values:
            values.append(START_B)
        if packed:
            values.append(int(text[at : at + 2]))
            at += 2
        else:
            values.append(ord(text[at]) - 32)
            at += 1
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], start=1))) % 103
    return [*values, check]


def module_widths(text: str) -> list[int]:
    """Return the widths in modules, a bar first, then a space, and so on; without the quiet zones of 10 modules.

    :raises ValueError: as :func:`symbol_values`.
    """
    pattern = "".join(SYMBOLS[value] for value in symbol_values(text)) + STOP
    return [int(width) for width in pattern]
