"""The verbs of the command, one file each; light to import: what is heavy is imported where it is used."""
