"""Recordings: what is known of them, the sound itself, deletion."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sandbox.calls import Recording
from sandbox.errors import ApiError
from sandbox.leg import RunningRecording
from sandbox.rest import calls
from sandbox.rest.front import Ask, newest_first, page
from sandbox.sound import wav


def find(ask: Ask) -> Recording:
    recording = ask.carrier.store.recordings.get(ask.path["sid"])
    if recording is None or recording.account_sid != ask.account.sid:
        raise ApiError(20404, f"The requested resource /Recordings/{ask.path['sid']} was not found")
    return recording


def fetch(ask: Ask) -> tuple[int, dict[str, Any]]:
    return 200, find(ask).json()


def listing(ask: Ask) -> tuple[int, dict[str, Any]]:
    call = ask.path.get("sid") or ask.asked("CallSid")
    rows = newest_first(ask.carrier.store.recordings.values(), ask.account)
    path = f"Calls/{call}/Recordings" if "sid" in ask.path else "Recordings"
    return page(ask, "recordings", path, (row for row in rows if not call or row.call_sid == call))


def media(ask: Ask) -> Response:
    """The recording as WAV. The sandbox keeps no MP3; Twilio would."""
    recording = find(ask)
    if recording.status != "completed":
        raise ApiError(20404, "The recording is not ready yet")
    sound = wav(recording.sid, recording.duration or 0, recording.channels)
    return Response(sound, media_type="audio/x-wav", headers={"Cache-Control": "private, max-age=3600"})


def no_media(ask: Ask) -> Response:
    raise ApiError(20404, "The sandbox carrier keeps recordings as .wav only")


def delete(ask: Ask) -> tuple[int, dict[str, Any]]:
    ask.carrier.store.delete_recording(find(ask))
    return 204, {}


def start(ask: Ask) -> tuple[int, dict[str, Any]]:
    """Begin to record a live call."""
    call = calls.find(ask)
    leg = ask.carrier.exchange.legs.get(call.sid)
    if leg is None or call.status != "in-progress":
        raise ApiError(21220, "The call is not in progress; it cannot be recorded")
    running = ask.carrier.exchange.start_recording(
        leg, "StartCallRecordingAPI", channels=2 if ask.value("RecordingChannels") == "dual" else 1,
        track=ask.value("RecordingTrack", "both"), callback=ask.value("RecordingStatusCallback"),
        method=ask.value("RecordingStatusCallbackMethod", "POST"),
        events=frozenset(ask.values("RecordingStatusCallbackEvent") or ["completed"]),
    )  # fmt: skip
    return 201, running.recording.json()


def stop(ask: Ask) -> tuple[int, dict[str, Any]]:
    """Stop a recording of a live call; the sandbox does not pause."""
    call = calls.find(ask)
    leg = ask.carrier.exchange.legs.get(call.sid)
    running = _running(leg.recordings if leg else [], ask.path["recording"])
    if leg is None or running is None:
        raise ApiError(21220, "That recording is not running")
    if ask.value("Status") != "stopped":
        raise ApiError(20001, "The sandbox carrier knows Status=stopped only")
    return 200, ask.carrier.exchange.stop_recording(leg, running).json()


def _running(recordings: list[RunningRecording], sid: str) -> RunningRecording | None:
    return next((running for running in recordings if sid in (running.recording.sid, "Twilio.CURRENT")), None)
