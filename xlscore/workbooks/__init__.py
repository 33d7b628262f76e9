"""The only place that touches spreadsheet files."""
