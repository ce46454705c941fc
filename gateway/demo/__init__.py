"""The main job shown without hardware: emulated modems, a real softphone, customers of every kind."""
