"""Measurements that are published in the README; nothing here runs in production."""
