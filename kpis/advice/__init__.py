"""What the rows suggest should be done. `rules.py` names every rule, `reading.py` reads what they
judge by, `judging.py` decides and `returning.py` says when something that was settled comes back."""
