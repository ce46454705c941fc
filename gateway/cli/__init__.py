"""The sansheng command."""
