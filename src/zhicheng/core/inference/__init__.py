"""Every model behind one door: embeddings of short texts, chat models; each call metered, each failure canned."""
