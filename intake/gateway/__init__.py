"""The only process that faces patients: web chat and SMS, with a safety guard in front of Rasa.

The advice for a red flag depends on neither Rasa, the action server, the database nor the network behind this process.
"""
