"""The line sheet: one row per FXS port, read from CSV or XLSX and written back as the credential sheet."""

from installer.sheets.grouping import JobKey, SheetGateway, SheetJob
from installer.sheets.port_row import Catalogue, PortRow
from installer.sheets.reading import SheetReading, read_sheet
from installer.sheets.writing import (
    CredentialSheet,
    SheetLine,
    differences,
    port_cells,
    write_sheet,
)

__all__ = [
    "Catalogue",
    "CredentialSheet",
    "JobKey",
    "PortRow",
    "SheetGateway",
    "SheetJob",
    "SheetLine",
    "SheetReading",
    "differences",
    "port_cells",
    "read_sheet",
    "write_sheet",
]
