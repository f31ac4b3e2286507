"""The staff page: open hand-offs by urgency, the packet, Accept and Close, the week's appointments."""
