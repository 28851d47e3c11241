"""The line sheet: one row per FXS port, read from CSV or XLSX and written back as the credential sheet."""

from installer.sheets.grouping import SheetGateway, SheetJob
from installer.sheets.reading import SheetReading, read_sheet
from installer.sheets.rows import Catalogue, PortRow
from installer.sheets.writing import CredentialSheet, RowState, SheetLine, differences, write_sheet

__all__ = [
    "Catalogue",
    "CredentialSheet",
    "PortRow",
    "RowState",
    "SheetGateway",
    "SheetJob",
    "SheetLine",
    "SheetReading",
    "differences",
    "read_sheet",
    "write_sheet",
]
