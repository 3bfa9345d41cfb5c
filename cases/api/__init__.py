"""Cases and tasks for the programs of staff: what one may see and do here is what the person may."""
