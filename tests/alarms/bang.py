"""Extensions for crawls that go wrong: enabled by a test with -s EXTENSIONS."""

from __future__ import annotations

import logging
import warnings
from typing import Self


class Bang:
    """Logs an exception and a warning over several lines, with all that a hostile page could put into a line."""

    @classmethod
    def from_crawler(cls, crawler: object) -> Self:
        del crawler
        try:
            raise RuntimeError("two\nlines \x1b[31m\u2028\u202e \ud800 {")  # noqa: TRY301
        except RuntimeError:
            logging.getLogger("bang").exception('it went\r\nwrong\x1b[0m at https://www.hlbe.gov.cn/a?b=1, 政府"')
        warnings.warn("of\nmany lines", stacklevel=1)
        return cls()
