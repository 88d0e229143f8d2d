"""Short sounds in the formats that phones record."""

import io
import math
from fractions import Fraction

import av


def sound(
    container="webm", codec="libopus", seconds=2.0, *, rate=48_000, metadata=None, channels=1
):
    """A tone as bytes; `metadata` is written into the container."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        if metadata:
            target.metadata.update(metadata)
        layout = "mono" if channels == 1 else "stereo"
        stream = target.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = 16_000
        step, left, at = 960, int(seconds * rate), 0
        while left > 0:
            size = min(step, left)
            frame = av.AudioFrame(format="flt", layout=layout, samples=size)
            frame.sample_rate = rate
            tone = (math.sin((at + i) * 0.06) * 0.4 for i in range(size))
            values = [v for one in tone for v in [one] * channels]
            import struct

            frame.planes[0].update(struct.pack(f"{len(values)}f", *values))
            frame.pts, frame.time_base = at, Fraction(1, rate)
            for piece in _fit(stream, frame):
                target.mux(stream.encode(piece))
            left, at = left - size, at + size
        target.mux(stream.encode(None))
    return out.getvalue()


def _fit(stream, frame):
    context = stream.codec_context
    made = av.AudioResampler(
        format=context.format.name, layout=context.layout.name, rate=context.rate
    )
    return made.resample(frame)
