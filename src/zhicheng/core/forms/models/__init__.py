"""Tables of forms, one aggregate a file. Reached only from inside this package."""

from zhicheng.core.forms.models.documents import FormDocument, ReadingJob
from zhicheng.core.forms.models.drafts import FormDraft
from zhicheng.core.forms.models.submissions import FormSubmission

__all__ = ["FormDocument", "FormDraft", "FormSubmission", "ReadingJob"]
