"""The workshop game: rounds of choices with a budget of hours, then a year in which nobody leads. Nothing here knows of a screen."""
