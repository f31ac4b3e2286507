"""From what the patient said to where the patient is sent: a pure function, without reading text and without I/O."""
