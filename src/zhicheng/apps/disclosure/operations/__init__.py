"""Operations of disclosure: submitting, consulting, what actions need, settling."""
