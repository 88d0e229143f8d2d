"""Out of the house: one text through one channel, or NotSent with the reason."""

import base64
import hmac
import smtplib
import time
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

TIMEOUTS = (5, 10)  # seconds to connect, to answer
# Numbers with which DingTalk, WeCom and Feishu ask for patience.
BUSY = {"130101", "45009", "11232"}


class NotSent(Exception):
    """Why a text did not leave: a key of `rules.FAILURES` and a number from the other side."""

    def __init__(self, failure: str, detail: object = "") -> None:
        super().__init__(failure)
        self.failure, self.detail = failure, str(detail)[:20]


def send(channel: str, address: str, subject: str, body: str) -> None:
    """Send a text through a channel ("mail" or a robot's kind) to an address; NotSent if not."""
    if channel == "mail":
        _mail(address, subject, body)
    else:
        _robot(channel, address, body)


def _mail(address: str, subject: str, body: str) -> None:
    if not settings.EMAIL_HOST:
        raise NotSent("unset")
    try:
        EmailMessage(subject, body, to=[address]).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("rejected", next(iter(error.recipients.values()))[0]) from error
    except smtplib.SMTPResponseException as error:
        kind = "broken" if 400 <= error.smtp_code < 500 else "rejected"
        raise NotSent(kind, error.smtp_code) from error
    except TimeoutError as error:
        raise NotSent("timeout") from error
    except smtplib.SMTPException as error:
        raise NotSent("broken", type(error).__name__) from error
    except (OSError, ValueError) as error:  # no line, no certificate; a header that is none
        raise NotSent("unreachable") from error


def _robot(channel: str, key: str, body: str) -> None:
    token, *secret = key.split()
    robot = _plugins()[channel](token, **dict(zip(("secret",), secret, strict=False)))
    if not robot.send(body=body):  # what can fail has raised; this is for what we do not know
        raise NotSent("broken", "apprise")


def _plugins() -> dict[str, Any]:
    """The robots, made for the addresses of this installation."""
    # Only here: loading apprise takes longer than the rest of the program.
    from apprise.plugins import dingtalk, feishu, wecombot  # noqa: PLC0415

    for module in (dingtalk, feishu, wecombot):
        vars(module)["requests"] = _reading(vars(module)["requests"])
    made = {
        "dingtalk": (_signing(dingtalk.NotifyDingTalk), "?access_token={token}"),
        "wecom": (wecombot.NotifyWeComBot, "?key={key}"),
        "feishu": (feishu.NotifyFeishu, "/{token}"),
    }
    return {
        kind: type(kind, (plugin,), {"notify_url": settings.ROBOTS[kind] + ending})
        for kind, (plugin, ending) in made.items()
    }


def _signing(plugin: Any) -> Any:
    """DingTalk's robot with a signature that DingTalk takes.

    apprise quotes the signature and `requests` quotes it once more, so none of its own fits.
    """

    def get_signature(self: Any) -> tuple[str, str]:
        now = str(round(time.time() * 1000))
        signed = hmac.digest(self.secret.encode(), f"{now}\n{self.secret}".encode(), "sha256")
        return now, base64.b64encode(signed).decode()

    return type("dingtalk", (plugin,), {"get_signature": get_signature})


def _reading(requests: Any) -> Any:
    """What apprise's robots use of `requests`, with the answers read.

    apprise says only yes or no, and takes for a yes what DingTalk and WeCom refuse with HTTP 200
    and a number in the answer: a wrong key, a missing keyword, too many messages.
    """
    if isinstance(requests, SimpleNamespace):
        return requests

    def post(url: str, **asked: Any) -> Any:
        try:
            answer = requests.post(url, **asked | {"timeout": TIMEOUTS, "allow_redirects": False})
        except requests.Timeout as error:
            raise NotSent("timeout") from error
        except requests.RequestException as error:
            raise NotSent("unreachable") from error
        _check(answer)
        return answer

    return SimpleNamespace(
        post=post, codes=requests.codes, RequestException=requests.RequestException
    )


def _check(answer: Any) -> None:
    status = answer.status_code
    if status == 429:
        raise NotSent("busy", status)
    if status != 200:
        raise NotSent("broken" if status >= 500 else "rejected", status)
    try:
        said = answer.json()
        code = said["errcode"] if "errcode" in said else said["code"]
    except (ValueError, TypeError, KeyError) as error:  # a proxy's page, not the robot's word
        raise NotSent("broken", "no answer") from error
    if code:
        raise NotSent("busy" if str(code) in BUSY else "rejected", code)
