"""Encode responses and exports as JSON, NDJSON, CSV, XLSX and Data Package."""
