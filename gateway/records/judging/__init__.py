"""The judges, one for each thing that a standard asks of a call. Pure: from a case, judgements."""
