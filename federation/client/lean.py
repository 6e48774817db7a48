"""httpx without its command line, which brings two large libraries along that nobody here uses (3 MiB).

Imported before httpx is: what stands as None in `sys.modules` counts as not installed.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
