"""Sending an uploaded document to whoever may see it: never rendered as a page of ours."""

from io import BytesIO

from django.http import FileResponse

from zhicheng.core.forms.values import Document


def document_response(document: Document, content: bytes) -> FileResponse:
    """The bytes of a document, sandboxed, kept by no shared cache."""
    response = FileResponse(BytesIO(content), content_type=document.media_type, filename=document.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
