"""The terminal at which `sansheng init` asks."""

import getpass
import sys


class StandardTerminal:
    """Standard input and output. A line that is not text in the terminal's encoding is asked for again by whoever
    reads it: it comes with the letters that cannot be."""

    def __init__(self) -> None:
        for stream in (sys.stdin, sys.stdout):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")

    def say(self, text: str) -> None:
        """Show a line."""
        print(text, flush=True)

    def ask(self, prompt: str, *, secret: bool = False) -> str:
        """A line that was typed; a secret one unseen. Raises EOFError at Ctrl-D."""
        if secret:
            return getpass.getpass(f"{prompt}: " if not prompt.endswith(" ") else prompt)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")
