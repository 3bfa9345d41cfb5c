"""What is kept of figures, in the staff's house."""

from kpis.admin.figures import SnapshotAdmin, TargetAdmin

__all__ = ["SnapshotAdmin", "TargetAdmin"]
