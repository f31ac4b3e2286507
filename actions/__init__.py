"""Custom actions: thin adapters that fold the tracker into a record and call intake/ for every decision."""
