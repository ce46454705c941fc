"""Whether the product can use the modem at all."""

from hw_tests.bench.findings import Findings


async def test_the_modem_is_fit_for_voice(facts: dict[str, str], findings: Findings) -> None:
    findings.found("voice codings that the product speaks", "some" if facts["voice codings"] else "none", "some")
