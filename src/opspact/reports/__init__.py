"""Reports for people: drafted from the data, edited, frozen with their hash, signed off on the page or on paper."""
