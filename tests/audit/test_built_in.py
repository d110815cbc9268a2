"""``evcli check`` over the built-in pack, once: what it finds is acknowledged or no error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.whole_record
def test_the_audit_of_the_record_passes(evcli_process: Callable[..., Any]) -> None:
    done = evcli_process("check", "--format", "json", timeout=1800)
    found = [
        each["message"] for each in json.loads(done.stdout) if each["verdict"] == "contradiction"
    ]
    assert (found, done.returncode) == ([], 0), done.stderr.decode()
