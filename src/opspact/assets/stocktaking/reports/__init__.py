"""The papers of a stocktaking: difference report in Excel and Word, counting sheets in PDF and Excel."""
