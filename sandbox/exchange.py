"""The life of a call: queued, initiated, ringing, in progress, over. One task a leg, waits in human seconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from typing import Any

from sandbox.calls import Account, Call, Form, Recording, billed_minutes
from sandbox.clock import Clock, rfc2822
from sandbox.faults import Faults
from sandbox.interpreter import Interpreter
from sandbox.journal import Witness
from sandbox.leg import CallOver, Leg, RunningRecording, Source, speech_seconds
from sandbox.personas import Cast, Persona
from sandbox.store import Store
from sandbox.webhooks import Webhooks

SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}
LONGEST_CALL = 4 * 3600


class Exchange:
    def __init__(
        self, clock: Clock, store: Store, faults: Faults, witness: Witness, cast: Cast, webhooks: Webhooks
    ) -> None:
        self.clock = clock
        self.store = store
        self.faults = faults
        self.witness = witness
        self.cast = cast
        self.webhooks = webhooks
        self.legs: dict[str, Leg] = {}
        self.half_open: list[Any] = []  # sockets that a fault left dead but open, until the carrier stops
        self._queues: dict[str, deque[Leg]] = {}
        self._pacers: dict[str, asyncio.Task[Any]] = {}
        self._next_start: dict[str, float] = {}  # account -> human seconds

    # -- beginnings

    def persona_for(self, number: str) -> Persona:
        chosen = self.store.personas.get(number)
        return self.cast.personas[chosen] if chosen else self.cast.for_number(number)

    def leg_for(self, call: Call, account: Account, persona: Persona | None = None) -> Leg:
        persona = persona or self.persona_for(call.from_ if call.direction == "inbound" else call.to)
        call.persona = persona.name
        leg = Leg(call, account, persona, random.Random(f"{self.store.seed}:{call.sid}"))
        self.legs[call.sid] = leg
        return leg

    def place(self, account: Account, to: str, from_: str, params: dict[str, Any]) -> Call:
        """Accept an outbound call; it starts when the account's calls a second allow."""
        number = self.store.owned(from_, account.sid)
        call = Call(
            sid=self.store.new_sid("CA"), account_sid=account.sid, to=to, from_=from_, direction="outbound-api",
            params=params, number_sid=number.sid if number else None,
        )  # fmt: skip
        leg = self.leg_for(call, account)
        stuck = self.faults.queue(account.sid, to)
        hold = (stuck.seconds if stuck.seconds is not None else 600.0) if stuck else 0.0
        call.queue_time = round(1000 * (hold or self.queue_seconds(account)))
        self.store.add_call(call)
        if stuck:
            self.witness.note(
                "fault", fault=stuck.id, fault_kind=stuck.kind, sid=call.sid, to=to, account=account.sid
            )
            leg.task = self.webhooks.later(self._held_back(leg, hold))
        else:
            self._enqueue(leg)
        return call

    def queue_seconds(self, account: Account) -> float:
        """How long a call accepted now would wait for its start, in human seconds."""
        if not account.cps:
            return 0.0
        waiting = len(self._queues.get(account.sid, ())) / account.cps
        return max(0.0, self._next_start.get(account.sid, 0.0) - self.clock.human()) + waiting

    async def _held_back(self, leg: Leg, seconds: float) -> None:
        await self.clock.sleep(seconds)
        if not leg.call.is_over:
            self._enqueue(leg)

    def _enqueue(self, leg: Leg) -> None:
        account = leg.account
        if not account.cps:
            self._start(leg)
            return
        self._queues.setdefault(account.sid, deque()).append(leg)
        pacer = self._pacers.get(account.sid)
        if pacer is None or pacer.done():
            self._pacers[account.sid] = self.webhooks.later(self._pace(account))

    async def _pace(self, account: Account) -> None:
        queue = self._queues[account.sid]
        while queue:
            wait = self._next_start.get(account.sid, 0.0) - self.clock.human()
            if wait > 0:
                await self.clock.sleep(wait)
                continue
            leg = queue.popleft()
            if leg.call.is_over:
                continue
            if account.cps:
                now = self.clock.human()
                due = self._next_start.get(account.sid, 0.0)
                # Keep the rhythm when the timer was late, without a burst after a pause.
                self._next_start[account.sid] = max(due, now - 0.05) + 1 / account.cps
            self._start(leg)

    def _start(self, leg: Leg) -> None:
        leg.task = self.webhooks.later(self._live(leg))

    def ring_in(self, account: Account, number: Any, caller: str, persona: Persona) -> Call:
        """Somebody calls a number of ours."""
        params = {
            "Url": number.settings.get("VoiceUrl", ""), "Method": number.settings.get("VoiceMethod", "POST"),
            "FallbackUrl": number.settings.get("VoiceFallbackUrl", ""),
            "FallbackMethod": number.settings.get("VoiceFallbackMethod", "POST"),
            "StatusCallback": number.settings.get("StatusCallback", ""),
            "StatusCallbackMethod": number.settings.get("StatusCallbackMethod", "POST"),
        }  # fmt: skip
        call = Call(
            sid=self.store.new_sid("CA"), account_sid=account.sid, to=number.number, from_=caller,
            direction="inbound", status="ringing", started=time.time(), params=params, number_sid=number.sid,
        )  # fmt: skip
        leg = self.leg_for(call, account, persona)
        self.store.add_call(call)
        self.witness.note(
            "inbound", sid=call.sid, account=account.sid, to=call.to, from_=caller, persona=persona.name
        )
        self._start(leg)
        return call

    # -- the life of a leg

    async def _live(self, leg: Leg) -> None:
        try:
            if leg.call.is_outbound:
                status = await self.ring(leg)
                if status != "in-progress":
                    self.finish(leg, status)
                    return
                self.answer(leg)
            await self._talk(leg)
        finally:
            if not leg.stopped:
                self.legs.pop(leg.call.sid, None)

    async def ring(self, leg: Leg) -> str:
        """Dial out and let it ring; the status that comes of it. Rings are noted as they begin."""
        call, persona = leg.call, leg.persona
        self.store.change_call(call, started=time.time())
        self.progress(leg, "initiated")
        await self.clock.sleep(0.4)
        if persona.answer == "failed":
            await self.clock.sleep(persona.rings)
            return "failed"
        self.store.change_call(call, status="ringing")
        self.witness.note(
            "ring", sid=call.sid, account=call.account_sid, to=call.to, from_=call.from_, direction=call.direction,
            url=call.params.get("Url"), status_callback=call.params.get("StatusCallback"), persona=persona.name,
        )  # fmt: skip
        self.progress(leg, "ringing")
        patience = float(call.params.get("Timeout") or 60)
        if persona.answer == "no-answer" or persona.rings > patience:
            await self.clock.sleep(patience)
            return "no-answer"
        await self.clock.sleep(persona.rings)
        return "busy" if persona.answer == "busy" else "in-progress"

    def answer(self, leg: Leg) -> None:
        """The phone is picked up."""
        if leg.answered_at is not None:
            return
        leg.answered_at = self.clock.human()
        self.store.change_call(leg.call, status="in-progress")
        self.progress(leg, "answered")
        limit = float(leg.call.params.get("TimeLimit") or LONGEST_CALL)
        self.webhooks.later(self._stop_after(leg, limit))
        if leg.persona.hang_up_after:
            self.webhooks.later(self._stop_after(leg, leg.persona.hang_up_after))

    async def _stop_after(self, leg: Leg, seconds: float) -> None:
        stopper = asyncio.create_task(self.clock.sleep(seconds))
        life = leg.task
        # The timer must not outlive the call by hours.
        await asyncio.wait({stopper, life} if life else {stopper}, return_when=asyncio.FIRST_COMPLETED)
        stopper.cancel()
        if not leg.call.is_over:
            self.hang_up(leg, "completed")

    async def _talk(self, leg: Leg) -> None:
        source: Source | None = self._first_document(leg)
        if source is None:
            # A number without a VoiceUrl: Twilio fails the call and says nothing anywhere.
            self.finish(leg, "failed")
            return
        detect = self._detection(leg)
        if detect == "sync":
            leg.program = self.webhooks.later(self._detect(leg))
            await asyncio.wait({leg.program})
            if leg.stopped:
                return
        elif detect == "async":
            self.webhooks.later(self._detect(leg))
        while source and not leg.stopped:
            leg.program = self.webhooks.later(Interpreter(self, leg).run(source))
            await asyncio.wait({leg.program})
            error = None if leg.program.cancelled() else leg.program.exception()
            if error and not isinstance(error, CallOver):
                self.alert(leg, 0, f"the carrier itself failed: {type(error).__name__}: {error}")
                leg.ending = "failed"
            source, leg.redirect = leg.redirect, None
        if not leg.stopped:
            self.finish(leg, leg.ending)

    def _first_document(self, leg: Leg) -> Source | None:
        if leg.redirect:
            source, leg.redirect = leg.redirect, None
            return source
        params = leg.call.params
        if url := params.get("Url"):
            return Source(url=url, method=params.get("Method") or "POST")
        if twiml := params.get("Twiml"):
            return Source(inline=twiml)
        return None

    def hang_up(self, leg: Leg, status: str) -> None:
        """End a leg from outside the program: REST, the time limit, the person on the phone."""
        if leg.call.is_over:
            return
        leg.redirect = None
        self.finish(leg, status)
        leg.stopped = True
        queue = self._queues.get(leg.account.sid)
        if queue and leg in queue:
            queue.remove(leg)
        for task in (leg.program, leg.task):
            if task and not task.done():
                task.cancel()

    def redirect(self, leg: Leg, source: Source) -> None:
        """Run other TwiML on a live leg; before the answer it replaces the first document."""
        leg.redirect = source
        if leg.answered_at is not None:
            leg.interrupt_program()

    def finish(self, leg: Leg, status: str) -> None:
        """The leg is over: the record first, then the last words to the product."""
        call = leg.call
        if call.is_over:
            return
        seconds = 0
        if leg.answered_at is not None:
            seconds = max(1, round(self.clock.human() - leg.answered_at))
        self.store.change_call(call, status=status, ended=time.time(), duration=seconds)
        self.legs.pop(call.sid, None)
        recordings = [self.stop_recording(leg, running) for running in list(leg.recordings)]
        if call.params.get("Record") == "true" and leg.answered_at is not None and not leg.used_relay:
            recordings.append(self._whole_call_recording(leg, seconds))
        self.webhooks.later(
            self._part(leg, recordings[-1] if call.params.get("Record") == "true" and recordings else None)
        )

    async def _part(self, leg: Leg, recording: Recording | None) -> None:
        if leg.program:
            await asyncio.wait({leg.program})  # A session that is being closed has last words.
        await self.clock.sleep(0.4)
        if leg.parting:
            await leg.parting()
            await self.clock.sleep(0.4)
        self.progress(leg, "completed", recording)

    # -- telling the product

    def progress(self, leg: Leg, event: str, recording: Recording | None = None) -> None:
        """Post a status callback if it was asked for. ``event``: initiated, ringing, answered, completed."""
        call = leg.call
        url = call.params.get("StatusCallback") or ""
        if not url or event not in (call.params.get("StatusCallbackEvent") or ["completed"]):
            return
        form = self.progress_form(call, event, recording)
        self.webhooks.later(self._post_progress(leg, url, form, event))

    def progress_form(self, call: Call, event: str, recording: Recording | None = None) -> Form:
        status = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}.get(
            event, call.status
        )
        form = [
            *call.fields(status),
            ("Timestamp", rfc2822(time.time()) or ""),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(call.events_sent)),
        ]
        self.store.change_call(call, events_sent=call.events_sent + 1)
        if event in ("ringing", "answered") and call.is_outbound:
            form.append(("StirStatus", "A"))
        if event == "completed":
            form.append(("CallDuration", str(call.duration or 0)))
            if call.status == "completed":
                form.append(("Duration", str(billed_minutes(call.duration or 0))))
            if call.is_outbound:
                form.append(("SipResponseCode", SIP_CODES[call.status]))
            if recording:
                form += [
                    ("RecordingUrl", f"https://api.twilio.com{recording.path}"),
                    ("RecordingSid", recording.sid),
                    ("RecordingDuration", str(recording.duration or 0)),
                ]
        return form

    async def _post_progress(self, leg: Leg, url: str, form: Form, event: str) -> None:
        # As at Twilio, each event is a request of its own, and now and then a later one overtakes.
        overtaken = {"initiated": 0.15, "answered": 0.05}.get(event, 0.0)
        delay = leg.chance.uniform(0.02, 0.1)
        if leg.chance.random() < overtaken:
            delay += 0.9
        await self.clock.sleep(delay)
        await self.post(
            leg, url, form, "status", dict(form)["CallStatus"], leg.call.params.get("StatusCallbackMethod")
        )

    async def post(
        self, leg: Leg, url: str, form: Form, what: str, event: str, method: str | None = None
    ) -> None:
        await self.webhooks.callback(
            url, form, token=leg.account.token, what=what, event=event, sid=leg.call.sid,
            account=leg.account.sid, to=leg.call.to, method=method or "POST",
        )  # fmt: skip

    def alert(self, leg: Leg, code: int, message: str) -> None:
        """What Twilio shows only in its debugger."""
        self.witness.note("alert", sid=leg.call.sid, account=leg.account.sid, code=code, message=message)

    # -- who answered

    def _detection(self, leg: Leg) -> str:
        params = leg.call.params
        if leg.call.direction != "outbound-api" or params.get("SendDigits"):
            return ""
        if params.get("MachineDetection") not in ("Enable", "DetectMessageEnd"):
            return ""
        return "async" if params.get("AsyncAmd") == "true" else "sync"

    async def _detect(self, leg: Leg) -> None:
        params, persona = leg.call.params, leg.persona
        greeting = speech_seconds(persona.greeting)
        if persona.answer == "machine":
            at_once = params["MachineDetection"] == "Enable"
            seconds = min(3.6, greeting) if at_once else greeting + 0.5
            verdict = "machine_start" if at_once else persona.verdict
        else:
            seconds, verdict = 1.8, persona.verdict
            if verdict == "unknown":
                seconds = 4.0
        limit = float(params.get("MachineDetectionTimeout") or 30)
        if seconds > limit:
            seconds, verdict = limit, "unknown"
        await self.clock.sleep(seconds)
        self.store.change_call(leg.call, answered_by=verdict)
        if params.get("AsyncAmd") == "true" and (url := params.get("AsyncAmdStatusCallback")):
            form = [
                ("CallSid", leg.call.sid),
                ("AccountSid", leg.account.sid),
                ("AnsweredBy", verdict),
                ("MachineDetectionDuration", str(round(seconds * 1000))),
            ]
            await self.post(leg, url, form, "amd", verdict, params.get("AsyncAmdStatusCallbackMethod"))

    # -- recordings

    def start_recording(
        self, leg: Leg, source: str, *, channels: int = 1, track: str = "both", callback: str = "",
        method: str = "POST", events: frozenset[str] = frozenset({"completed"}),
    ) -> RunningRecording:  # fmt: skip
        recording = Recording(
            sid=self.store.new_sid("RE"), account_sid=leg.account.sid, call_sid=leg.call.sid, source=source,
            channels=channels, track=track,
        )  # fmt: skip
        self.store.add_recording(recording)
        running = RunningRecording(recording, self.clock.human(), callback, method, events)
        leg.recordings.append(running)
        if "in-progress" in events:
            self._tell_recording(leg, running)
        return running

    def stop_recording(self, leg: Leg, running: RunningRecording) -> Recording:
        leg.recordings.remove(running)
        seconds = max(1, round(self.clock.human() - running.begun))
        self.store.change_recording(running.recording, status="completed", duration=seconds)
        if "completed" in running.events:
            self._tell_recording(leg, running)
        return running.recording

    def _whole_call_recording(self, leg: Leg, seconds: int) -> Recording:
        params = leg.call.params
        running = self.start_recording(
            leg, "OutboundAPI", channels=2 if params.get("RecordingChannels") == "dual" else 1,
            callback=params.get("RecordingStatusCallback") or "",
            method=params.get("RecordingStatusCallbackMethod") or "POST",
            events=frozenset(params.get("RecordingStatusCallbackEvent") or ["completed"]),
        )  # fmt: skip
        running.begun -= seconds
        return self.stop_recording(leg, running)

    def _tell_recording(self, leg: Leg, running: RunningRecording) -> None:
        recording = running.recording
        form = [
            ("AccountSid", recording.account_sid),
            ("CallSid", recording.call_sid),
            ("RecordingSid", recording.sid),
            ("RecordingUrl", f"https://api.twilio.com{recording.path}"),
            ("RecordingStatus", recording.status),
            ("RecordingDuration", "-1" if recording.duration is None else str(recording.duration)),
            ("RecordingChannels", str(recording.channels)),
            ("RecordingStartTime", rfc2822(recording.started) or ""),
            ("RecordingSource", recording.source),
            ("RecordingTrack", recording.track),
        ]
        self.webhooks.later(self._post_recording(leg, running, form))

    async def _post_recording(self, leg: Leg, running: RunningRecording, form: Form) -> None:
        await self.clock.sleep(0.8)
        await self.post(
            leg, running.callback, form, "recording", dict(form)["RecordingStatus"], running.method
        )

    # -- restart and reset

    def forget(self) -> None:
        """Drop every leg and queue; their tasks have been cancelled."""
        self.legs.clear()
        self._queues.clear()
        self._pacers.clear()
        self._next_start.clear()

    def end_orphans(self) -> None:
        """Calls that were live when the carrier was killed end ``failed``, and the product hears of it."""
        for call in list(self.store.calls.values()):
            account = self.store.accounts.get(call.account_sid)
            if call.is_over or account is None:
                continue
            leg = self.leg_for(call, account, self.cast.personas.get(call.persona))
            self.finish(leg, "failed")
        for recording in self.store.recordings.values():
            if recording.status == "in-progress":
                self.store.change_recording(recording, status="absent", duration=0)
