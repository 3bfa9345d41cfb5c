from tests.incoming import company, department, desk, make_desk, make_foreign

__all__ = ["company", "department", "desk", "make_desk", "make_foreign"]
