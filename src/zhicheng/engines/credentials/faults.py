"""What makes a credential unreadable or untrue: machine words for callers, who find the sentence for people."""


class MalformedCredential(ValueError):
    """Something is no credential, key, list or payload of ours at all."""


class InvalidProof(ValueError):
    """A well-formed credential whose signature, or what the signature must say, is not right."""
