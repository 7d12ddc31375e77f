"""Where uploads and reports are written: whole, or not at all."""

import contextlib
import errno
import os
from typing import Any

from django.core.files.storage import FileSystemStorage

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def is_full(error: OSError) -> bool:
    """Whether a file could not be written because there is no room for it, or the disk is read-only."""
    return error.errno in NO_ROOM


class WholeFiles(FileSystemStorage):
    """Files in MEDIA_ROOT. What could not be written to its end, as on a full disk, is taken away again."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except OSError:
            # The name was free a moment ago, so what lies there now is our beginning.
            with contextlib.suppress(OSError):
                os.remove(self.path(name))
            raise
