"""What monitoring shows on the pages of other rooms."""
