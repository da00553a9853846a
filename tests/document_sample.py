"""Small documents of every kind that claims are looked for in, made by hand; all that they say is invented."""

from __future__ import annotations

import io
import zipfile
from hashlib import md5
from pathlib import Path

import pypdfium2
from weasyprint import HTML

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
#: A red dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def pdf_of(body: str, style: str = "@page { size: 12cm 10cm; margin: 1cm }") -> bytes:
    """A PDF of some HTML."""
    made = HTML(string=f"<html lang='en'><title>t</title><style>{style}</style><body>{body}").write_pdf()
    assert isinstance(made, bytes)
    return made


def repeated(pdf: bytes, pages: int) -> bytes:
    """A PDF of so many pages, those of another one again and again."""
    source = pypdfium2.PdfDocument(pdf)
    target = pypdfium2.PdfDocument.new()
    while len(target) < pages:
        target.import_pages(source)
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A Word document with this in its body, and other parts of it by their names without the ending."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def paragraph(*runs: str) -> str:
    """A paragraph of Word, of runs of text."""
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{r}</w:t></w:r>' for r in runs) + "</w:p>"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def locked_pdf(password: str, text: str) -> bytes:
    """A PDF of one line that opens with a password: PDF 1.7, 7.6.3, revision 2, by hand."""
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    padded = (password.encode() + padding)[:32]
    owner = _rc4(md5(padded).digest()[:5], padded)
    key = md5(padded + owner + (-4).to_bytes(4, "little", signed=True) + b"id").digest()[:5]
    user = _rc4(key, padding)
    content = _rc4(
        md5(key + (4).to_bytes(3, "little") + bytes(2)).digest()[:10],
        f"BT /F 12 Tf 20 100 Td ({text}) Tj ET".encode(),
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>" % (owner.hex().encode(), user.hex().encode()),
    ]
    out, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    trailer = b"trailer<</Size 7/Root 1 0 R/Encrypt 6 0 R/ID[<6964><6964>]>>\nstartxref\n%d\n%%%%EOF" % len(
        out
    )
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + trailer


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
