"""Where uploads and reports are written: whole, or not at all."""

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = structlog.get_logger(__name__)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
NO_ROOM = (
    "There is no room on the disk to keep this file, so nothing of it was kept. "
    "Tell whoever runs Parley for you, and upload it again when there is room."
)


def is_full(error: OSError) -> bool:
    """Whether a file could not be written because there is no room for it, or the disk is read-only."""
    return error.errno in FULL


def no_room(error: OSError, at: str) -> str:
    """What somebody reads whose upload to the path `at` found no room; it is logged. Other errors are raised again."""
    if not is_full(error):
        raise error
    log.error("upload_not_stored", path=at, error=str(error))
    return NO_ROOM


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


class TemporaryFiles(TemporaryFileUploadHandler):
    """Uploads too large for memory. One without room gives it back at once; Django leaves that to the collector."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._whole():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        with self._whole():
            return super().file_complete(file_size)

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            # Closing writes what is still in the buffer, for which there is no room either; the name is gone by then.
            with contextlib.suppress(OSError):
                self.file.close()
            raise
