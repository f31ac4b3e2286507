from tests.store.databases import fresh_url, kind, sqlite_store, store, url

__all__ = ["fresh_url", "kind", "sqlite_store", "store", "url"]
