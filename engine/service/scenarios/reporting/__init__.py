"""Reports of scenarios: sections of figures and findings, written as a document or a workbook."""
