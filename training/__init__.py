"""How the judge's weights are made: `make judge`. Needs scikit-learn; the program itself does not."""
