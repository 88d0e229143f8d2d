"""By which group of messages the people a step tells choose how to hear of it.

A step that tells nobody needs no row; one that tells somebody and has none is "assigned".
"""

ALARMS = ("alert",)
LATE = ("escalate", "supervise")
DECISIONS = (
    "ask_extension", "extend", "refuse_extension", "ask_suspension", "suspend",
    "refuse_suspension", "resume", "ask_reopening", "reopen", "return_back", "rule",
    "hand_back",
)  # fmt: skip
GROUP_OF = {
    **dict.fromkeys(ALARMS, "urgent"),
    **dict.fromkeys(LATE, "late"),
    **dict.fromkeys(DECISIONS, "decisions"),
}
