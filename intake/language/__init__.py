"""Text of a patient in, findings and facts out; the same reader serves Rasa, the gateway's guard and `explain`."""
