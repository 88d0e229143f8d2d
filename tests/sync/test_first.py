from maplebridge.matters.models import Matter, Report
from maplebridge.sync.models import Submission


def test_a_report(phone, world):
    one = phone.record(
        "report",
        {"text": "村口垃圾成堆", "category": "E02"},
        position={"lon": world.point[0], "lat": world.point[1], "accuracy": 5},
    )
    phone.send()
    kept = phone.outbox[one]
    assert (kept.state, kept.reason) == ("applied", "")
    assert Report.objects.get(pk=one).matter.number == kept.matter
    page = phone.read()
    print(page)
    assert phone.read(digest=True)["drift"] is False
    print(phone.call("GET", "/ledger?month=2026-11"))
    print(phone.call("GET", "/pack").keys())
    print(phone.call("GET", f"/records/{one}"))
