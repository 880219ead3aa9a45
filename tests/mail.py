"""Mail servers as they may be met: one that refuses an address, one whose sender is killed."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.locmem import EmailBackend

REFUSED, KILLS = "refused@example.org", "killed@example.org"


class Killed(BaseException):
    """What a signal is to a process: nothing that was written catches it."""


class Choosy(EmailBackend):
    def send_messages(self, messages):
        [to] = [address for message in messages for address in message.to]
        if to == REFUSED:
            raise SMTPRecipientsRefused({to: (550, b"no such user")})
        sent = super().send_messages(messages)
        if to == KILLS:
            raise Killed
        return sent


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody answers")
