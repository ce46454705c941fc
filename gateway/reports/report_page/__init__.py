"""The report as a page: figures, plots and tables, in Chinese and English."""
