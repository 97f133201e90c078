"""Benefits that nobody has to ask for: who is entitled to how much, once and only once, and how the money reaches them.

Runs, entitlements, payments. What a person must do by a time (a correction, a refund) is a case. What does not belong
here: conditions and amounts (rules of the pack), facts (the lake).
"""
