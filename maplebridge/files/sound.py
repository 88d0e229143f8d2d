"""What a voice note must be, and how any becomes plain speech that carries nothing else."""

import io
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

import av
from av.error import FFmpegError
from django.utils.translation import gettext as _

from maplebridge.files.rules import is_hash
from maplebridge.kernel.errors import InvalidInput

MOST_VOICE_BYTES = 2 * 1024 * 1024
MOST_SECONDS = 180
VOICE_KIND = "audio/mp4"
# Speech, in the one format that every browser plays: about 4 kB a second.
RATE, BITS = 24_000, 32_000
CODECS = frozenset({"opus", "aac"})


@dataclass(frozen=True)
class CleanVoice:
    """AAC in MP4, one channel, without metadata."""

    data: bytes
    seconds: int

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def check_voice(announced: str, data: bytes) -> None:
    """InvalidInput("voice") unless the bytes are within bounds and have the announced hash."""
    if not is_hash(announced):
        raise InvalidInput("voice", _("A voice note is named by its SHA-256."))
    if not data:
        raise InvalidInput("voice", _("The voice note is empty."))
    if len(data) > MOST_VOICE_BYTES:
        raise InvalidInput("voice", _("The voice note is larger than 2 MB."))
    if sha256(data).hexdigest() != announced:
        raise InvalidInput("voice", _("The voice note did not arrive whole. Send it again."))


def clean_voice(data: bytes) -> CleanVoice:
    """Decode WebM, Ogg or MP4 with Opus or AAC and encode it anew, at most three minutes.

    Raises InvalidInput("voice") for anything else, and for what is broken or says nothing.
    """
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), format=_container(data)) as source:
            stream = _speech(source)
            samples = _encode(source, stream, out)
    except (FFmpegError, ValueError, EOFError, MemoryError, OverflowError):
        raise InvalidInput("voice", _("The voice note is damaged or cut off.")) from None
    if not samples:
        raise InvalidInput("voice", _("The voice note is empty."))
    return CleanVoice(out.getvalue(), -(-samples // RATE))


def _container(data: bytes) -> str:
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if data.startswith(b"OggS"):
        return "ogg"
    if data[4:8] == b"ftyp":
        return "mov"
    raise InvalidInput("voice", _("This is not a WebM, Ogg or MP4 voice note."))


def _speech(source: Any) -> Any:
    if len(source.streams) != 1 or len(source.streams.audio) != 1:
        raise InvalidInput("voice", _("A voice note holds one sound and nothing else."))
    stream = source.streams.audio[0]
    if stream.codec_context.name not in CODECS:
        raise InvalidInput("voice", _("This is not a WebM, Ogg or MP4 voice note."))
    if stream.codec_context.channels > 2 or stream.codec_context.sample_rate > 48_000:
        raise InvalidInput("voice", _("This is not a WebM, Ogg or MP4 voice note."))
    return stream


def _encode(source: Any, stream: Any, out: io.BytesIO) -> int:
    """Write the sound anew and give the number of its samples."""
    samples = 0
    with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target:
        made = target.add_stream("aac", rate=RATE, layout="mono")
        made.bit_rate = BITS
        made.codec_context.flags |= 1 << 23  # bit-exact: no name of the encoder
        even = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        for frame in source.decode(stream):
            frame.pts = None
            for piece in even.resample(frame):
                samples += piece.samples
                if samples > MOST_SECONDS * RATE:
                    raise InvalidInput("voice", _("The voice note is longer than three minutes."))
                _write(target, made, piece)
        for piece in even.resample(None):
            samples += piece.samples
            _write(target, made, piece)
        target.mux(made.encode(None))
    return samples


def _write(target: Any, made: Any, piece: Any) -> None:
    piece.pts = None
    piece.time_base = Fraction(1, RATE)
    target.mux(made.encode(piece))
