"""Sends letters by LMTP as a mail server would: one JSON object a line on standard input."""

import json
import smtplib
import struct
import sys
import zlib
from email.message import EmailMessage


def picture():
    """A small PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(v for x in range(64) for v in (x * 3 % 256, y * 3 % 256, 90)) for y in range(64))
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


server = smtplib.LMTP(sys.argv[1], int(sys.argv[2]))
for line in sys.stdin:
    letter = json.loads(line)
    message = EmailMessage()
    message["From"] = letter["from"]
    message["To"] = letter["to"]
    message["Subject"] = letter.get("subject", "")
    for name, value in letter.get("headers", {}).items():
        message[name] = value
    message.set_content(letter["text"], charset=letter.get("charset", "utf-8"))
    if letter.get("picture"):
        message.add_attachment(picture(), maintype="image", subtype="png", filename="사진.png")
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    sender = letter.get("envelope", letter["from"].split("<")[-1].rstrip(">"))
    try:
        for _ in range(letter.get("times", 1)):
            server.sendmail(sender, [letter.get("rcpt", letter["to"])], message.as_bytes())
        print(250)
    except smtplib.SMTPResponseException as refused:
        print(refused.smtp_code)
    except smtplib.SMTPRecipientsRefused as refused:
        print(list(refused.recipients.values())[0][0])
server.quit()
