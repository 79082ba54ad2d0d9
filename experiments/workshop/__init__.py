"""The workshop: a table of people leads a network for five periods, lets go for a year, and looks back. Nothing here knows of a screen."""
