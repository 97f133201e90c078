"""The portal: what residents and companies see. Phone first, works without a script."""
