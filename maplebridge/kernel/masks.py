"""Hiding personal details: in lists, and inside free text before others read it."""

import re

_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "长孙",
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")
_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_WEIGHTS = [2 ** (17 - i) % 11 for i in range(17)]  # ISO 7064 MOD 11-2


def is_phone(text: str) -> bool:
    """True for a mainland mobile or landline number, spaces and hyphens allowed."""
    bare = re.sub(r"[\s-]", "", text.removeprefix("+86"))
    return bool(_MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare))


def is_id_number(text: str) -> bool:
    """True for an 18-character resident ID number with a right check character (GB 11643)."""
    if not _ID.fullmatch(text):
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def mask_phone(text: str) -> str:
    """138****5678; shorter numbers keep the last two digits."""
    return (
        f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else "*" * max(len(text) - 2, 0) + text[-2:]
    )


def mask_id_number(text: str) -> str:
    """3311**********123X: the first four and the last four."""
    return text[:4] + "*" * max(len(text) - 8, 0) + text[-4:] if len(text) > 8 else "*" * len(text)


def mask_name(text: str) -> str:
    """The family name and a star: 张*, 欧阳*."""
    family = next((c for c in _COMPOUND if text.startswith(c)), text[:1])
    return f"{family}*" if text else ""


def redact(text: str) -> str:
    """The text with phone numbers, ID numbers and mail addresses hidden."""
    text = _ID.sub(lambda m: mask_id_number(m[0]), text)
    text = _MOBILE.sub(lambda m: mask_phone(m[0]), text)
    text = _LANDLINE.sub(lambda m: mask_phone(m[0]), text)
    return _MAIL.sub("***@***", text)
