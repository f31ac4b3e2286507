"""Back-pain intake: protocol, language, triage, conversation, store, scheduling, hand-off, gateway, desk.

A package knows only the packages before it in this list, and none of them imports rasa.
"""
