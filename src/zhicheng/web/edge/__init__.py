"""What every request passes: request ids, security headers, the actor, errors as pages or problem details."""
