"""Custom actions: thin adapters that fold the tracker into a record and call intake/ for every decision."""

from actions.surroundings import folding

folding()  # now, so that no patient waits until the protocol has been read
