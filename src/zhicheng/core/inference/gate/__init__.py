"""Calls of models over HTTP in the OpenAI protocol, and the ones that come with the product."""
