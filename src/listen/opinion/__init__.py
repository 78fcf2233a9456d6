"""A second opinion on mentions, from a language model behind an OpenAI-compatible endpoint that the user names.

Off unless the config says `judge = "llm"`. What is sent there stands in `prompt.py` and `docs/llm.md`: the words of
the post without handles and addresses, whose brand it is, nothing else. The local judge has the last word whenever
the endpoint is slow, broken, over its budget, or answers something else than the schema asks for.
"""
