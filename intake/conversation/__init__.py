"""What to say next: understanding one message, the turns of a tracker, the plan of the conversation, its words."""
