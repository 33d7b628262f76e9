"""The scorecard as a workbook: rendered, stamped per unit, filled for demos and tests."""
