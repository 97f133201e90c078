"""Operations of policies: keeping a profile, pushing what fits."""
