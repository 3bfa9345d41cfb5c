"""What customers are told, by what it is about; each module writes its letters and knows which are
missing, for the sweep."""
