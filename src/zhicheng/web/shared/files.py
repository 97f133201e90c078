"""Uploads and downloads: files from a form, files of a case."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from zhicheng.core.cases.public import attachment_path, check_file, get_attachment
from zhicheng.core.cases.values import NewAttachment
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.following import followed_cases


def read_files(request: HttpRequest, field: str, most: int, now: datetime) -> list[NewAttachment]:
    """The files of a form field, checked and stored.

    Raises:
        FieldErrors: too many, or one cannot be taken; the sentence names it.
    """
    given = request.FILES.getlist(field)
    if len(given) > most:
        raise FieldErrors({field: [f"最多 {most} 个文件，现在是 {len(given)} 个"]})
    kept: list[NewAttachment] = []
    for file in given:
        try:
            kept.append(check_file(file.name or "", file.read(), now))
        except ZhichengError as error:
            raise FieldErrors({field: [str(error)]}) from error
    return kept


@require_GET
def download(request: HttpRequest, file_id: UUID) -> FileResponse:
    """One file of a case, for whoever may see the case; never rendered as a page of ours."""
    found = None
    for case_id in (None, *followed_cases(request)):
        try:
            found = get_attachment(request_actor(request), file_id, proof_case=case_id)
            break
        except ZhichengError as error:
            refusal = error
    if found is None:
        raise refusal
    info, digest = found
    response = FileResponse(attachment_path(digest).open("rb"), content_type=info.media_type, filename=info.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
